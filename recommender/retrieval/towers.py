"""Both towers over one catalogue: from a basket to the items worth ranking, in the order of what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.language.text import match_key
from recommender.recommenders.recall import Recall
from recommender.retrieval import content
from recommender.retrieval.content import Embedder, Vectors
from recommender.retrieval.index import Nearest, nearest_of
from recommender.retrieval.together import LATEST, Together
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

CONTENT: Final = 0.1
"""What the nearness of names counts beside that of sales, the best of which is 1."""
AGAIN: Final = 0.1
"""What counts for an item that this customer has bought before, where goods are bought again."""
LATELY: Final = 0.1
"""What counts for the item that was sold most of late, and in proportion for others."""
UNSOLD: Final = 0.3
"""Share of the places that is kept for what was never sold, which only its name can speak for."""
LED: Final = 10
"""Items that sales hold for the likeliest, beside whose names new ones are looked for."""
ALIKE: Final = 4
"""The power to which a cosine counts there: a new cup speaks for itself beside cups, not beside all that is red."""
WIDER: Final = 4
"""Items that each tower proposes, for each one asked for."""


class Retriever(Protocol):
    """What finds the items worth ranking; `recall` is what was measured of it, None where nothing was."""

    recall: Recall | None

    def nearest(self, basket: Sequence[Item], count: int) -> list[Item]:
        """The `count` items nearest to a basket, the nearest first."""
        ...


@dataclass(frozen=True)
class Rows:
    """What an index holds of a catalogue's items.

    Attributes:
        places: of each row, its item's place in the catalogue, -1 for one that is no longer there; int64.
        vectors: unit vectors, shape (rows, dimensions).
        nearest: finds rows by their vectors.
        together: what sales say of the first rows; None where there are none.
    """

    places: NDArray[np.int64]
    vectors: NDArray[Any]
    nearest: Nearest
    together: Together | None = None


class Towers:
    """Finds the nearest items of one catalogue. Threads may share one."""

    def __init__(self, catalogue: Catalogue, rows: Rows, embedder: Embedder, recall: Recall | None = None) -> None:
        self.catalogue = catalogue
        self.recall = recall
        self.rows = rows
        self._embedder = embedder
        kept = np.flatnonzero(rows.places >= 0)
        ids = (catalogue.items[place].id for place in rows.places[kept].tolist())
        self._row_of = dict(zip(ids, kept.tolist(), strict=True))
        self._sold = np.zeros(len(rows.places), np.bool_)
        if rows.together is not None:
            self._sold[: len(rows.together.sold)] = rows.together.sold > 0

    @classmethod
    def of(cls, catalogue: Catalogue, embedder: Embedder, together: Together | None = None) -> Towers:
        """Over vectors that are computed now: some 10 seconds for 100,000 items, and as much for their graph.

        Raises:
            RecommenderError: if the model has no vectors of items, or an item no name.
        """
        vectors = embedder.item_vectors(catalogue.items)
        rows = Rows(np.arange(len(catalogue)), vectors, nearest_of(vectors), together)
        return cls(catalogue, rows, embedder)

    def nearest(self, basket: Sequence[Item], count: int) -> list[Item]:
        """The `count` items nearest to a basket (oldest first), fewer where there are fewer, the nearest first.

        Of several with one name the first is taken, the others only where places are left. What was bought is not
        among them, but where goods are bought again. An item of the basket need not be of the catalogue.
        """
        latest = list(basket)[-LATEST:]
        queries = content.queries(self._vectors_of(latest))
        together = self._together(latest)
        pool = self._pool(basket, queries, together, count * WIDER)
        if not len(pool):
            return []
        order = pool[np.argsort(-self._scores(latest, queries, together, pool), kind="stable")]
        if together is not None and len(together):
            order = self._with_unsold(order, queries, together, count)
        return self._named_once(order, count)

    def _pool(
        self, basket: Sequence[Item], queries: Vectors, together: NDArray[np.float32] | None, count: int
    ) -> NDArray[np.int64]:
        """The rows that either tower proposes, without what is no longer there or not on offer."""
        bought = np.array([row for item in basket if (row := self._row_of.get(item.id)) is not None], np.int64)
        if not self.catalogue.repeats:
            # What was bought is among the nearest of all: so many more have to be looked for.
            count += min(len(bought), LATEST)
        proposed = self.rows.nearest.search(queries, count)
        if together is not None and len(together):
            most = min(count, len(together))
            best = np.argpartition(-together, most - 1)[:most]
            proposed.append(best[together[best] > 0])
            alike = self.rows.nearest.search(np.asarray(self.rows.vectors[self._led(together)], np.float32), count)
            proposed += [rows[~self._sold[rows]] for rows in alike]
        rows = np.unique(np.concatenate(proposed)) if proposed else np.zeros(0, np.int64)
        rows = rows[self.rows.places[rows] >= 0]
        return rows if self.catalogue.repeats else rows[~np.isin(rows, bought)]

    def _scores(
        self, latest: Sequence[Item], queries: Vectors, together: NDArray[np.float32] | None, pool: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        near = content.nearness(queries @ np.asarray(self.rows.vectors[pool], np.float32).T)
        if together is None:
            return near
        assert self.rows.together is not None
        found = CONTENT * near
        known = pool < len(together)
        best = max(float(together.max(initial=0.0)), 1e-9)
        found[known] += together[pool[known]] / best + LATELY * self.rows.together.lately[pool[known]]
        if self.catalogue.repeats:
            bought = [row for item in latest if (row := self._row_of.get(item.id)) is not None]
            found += AGAIN * np.isin(pool, bought)
        return found

    def _with_unsold(
        self, order: NDArray[np.int64], queries: Vectors, together: NDArray[np.float32], count: int
    ) -> NDArray[np.int64]:
        """The first rows of `order`, the last places of them for those that were never sold.

        First come those that are most like one of the latest items of the basket, or of what sales hold for the
        likeliest: a name tells little of what goes with what, and much of what a new item could stand in for.
        """
        unsold = order[~self._sold[order]]
        places = min(len(unsold), round(count * UNSOLD))
        led = self._led(together)
        weights = np.concatenate(
            [content.EARLIER ** np.arange(len(queries) - 1), together[led] / max(float(together.max()), 1e-9)]
        )
        beside = np.concatenate([queries[1:], np.asarray(self.rows.vectors[led], np.float32)])
        near = np.maximum(np.asarray(self.rows.vectors[unsold], np.float32) @ beside.T, 0) ** ALIKE
        best = unsold[np.argsort(-(near * weights).max(axis=1, initial=0), kind="stable")][:places]
        rest = order[~np.isin(order, best)]
        return np.concatenate([rest[: count - places], best, rest[count - places :]])

    def _led(self, together: NDArray[np.float32]) -> NDArray[np.int64]:
        """The rows that sales hold for the likeliest, `LED` at most."""
        best = np.argsort(-together, kind="stable")[:LED]
        return np.asarray(best[together[best] > 0], np.int64)

    def _named_once(self, order: NDArray[np.int64], count: int) -> list[Item]:
        found: dict[str, Item] = {}
        twins: list[Item] = []
        for row in order.tolist():
            item = self.catalogue.items[int(self.rows.places[row])]
            if found.setdefault(match_key(item.proper_names()[0]), item) is not item:
                twins.append(item)
            if len(found) == count:
                break
        return [*found.values(), *twins][:count]

    def _together(self, latest: Sequence[Item]) -> NDArray[np.float32] | None:
        if self.rows.together is None:
            return None
        known = len(self.rows.together.sold)
        rows = [row for item in latest if (row := self._row_of.get(item.id)) is not None and row < known]
        return self.rows.together.scores(rows)

    def _vectors_of(self, items: Sequence[Item]) -> Vectors:
        """Unit vectors of a basket's items: the index's own, or computed for those that it doesn't have."""
        new = [item for item in items if item.id not in self._row_of]
        computed = dict(zip((item.id for item in new), self._embedder.item_vectors(new) if new else (), strict=True))
        rows = [
            computed[item.id]
            if item.id in computed
            else np.asarray(self.rows.vectors[self._row_of[item.id]], np.float32)
            for item in items
        ]
        return np.stack(rows) if rows else np.zeros((0, self.rows.vectors.shape[1]), np.float32)
