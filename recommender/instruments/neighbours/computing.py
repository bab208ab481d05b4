"""Where it learned it: the purchases of the training data that are most like a basket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, Protocol

from recommender.instruments.checks import check_count
from recommender.instruments.neighbours import MOST
from recommender.messages import Message

Source = Literal["pool", "rows"]


class Bought(Protocol):
    """A basket and what was bought next, as ids: a row of `baskets` or a purchase of `synthetic`."""

    @property
    def basket(self) -> tuple[str, ...]:
        """In order of purchase."""
        ...

    @property
    def next(self) -> str:
        """What came after it."""
        ...


@dataclass(frozen=True)
class Neighbour:
    """A basket of the training data with what came next.

    Attributes:
        basket: ids in order of purchase.
        similarity: Jaccard index of the two baskets' sets: items in both over items in either; 1 for the same items.
        count: how many training purchases are just this one, order included.
        source: `pool` of generated purchases, or the hand-composed `rows`.
        extra: what is in it and not in the basket that it is like, in its order.
        missing: what that basket has and it has not, in that basket's order.
    """

    basket: tuple[str, ...]
    next: str
    similarity: float
    count: int
    source: Source
    extra: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """`{"basket", "next", "similarity", "count", "source", "extra", "missing"}`."""
        return {
            "basket": list(self.basket),
            "next": self.next,
            "similarity": self.similarity,
            "count": self.count,
            "source": self.source,
            "extra": list(self.extra),
            "missing": list(self.missing),
        }


@dataclass(frozen=True)
class Neighbours:
    """The training purchases nearest to a basket, nearest first.

    Attributes:
        seen: whether the basket, as a set, is the basket of a training purchase, and `seen_count` of how many.
        reason: why there is nothing to look among, where that is so; `seen` then says nothing.
    """

    seen: bool
    seen_count: int
    found: tuple[Neighbour, ...]
    reason: Message | None = None

    def to_json(self) -> dict[str, object]:
        """`{"seen", "seen_count", "found", "reason"}`; `seen` is null where nothing is known."""
        return {
            "seen": self.seen if self.reason is None else None,
            "seen_count": self.seen_count,
            "found": [neighbour.to_json() for neighbour in self.found],
            "reason": self.reason.to_json() if self.reason else None,
        }


@dataclass(frozen=True)
class _Kind:
    """All training purchases with one basket, one next item and one source."""

    basket: tuple[str, ...]
    next: str
    source: Source
    count: int
    mask: int


class Pool:
    """Training purchases, kept so that the nearest to any basket are found at once."""

    def __init__(self, purchases: Iterable[Bought], rows: Iterable[Bought]) -> None:
        counts: Counter[tuple[tuple[str, ...], str, Source]] = Counter()
        counts.update((one.basket, one.next, "pool") for one in purchases)
        counts.update((one.basket, one.next, "rows") for one in rows)
        self._bit: dict[str, int] = {}
        # Sets as bits of a number: two of them are compared in 100 ns.
        self._by_mask: dict[int, list[_Kind]] = {}
        for (basket, following, source), count in counts.items():
            mask = 0
            for item_id in basket:
                mask |= self._bit.setdefault(item_id, 1 << len(self._bit))
            self._by_mask.setdefault(mask, []).append(_Kind(basket, following, source, count, mask))

    def nearest(self, basket: Sequence[str], k: int = 5) -> Neighbours:
        """The `k` purchases with the most similar baskets.

        Of equally similar ones those come first that bought the shared items in the same order, then the more frequent.
        Nothing is found where no basket shares an item.

        Raises:
            RequestError: if `k` is out of range.
        """
        check_count("neighbours", k, MOST)
        ids = set(basket)
        mask = sum(self._bit.get(item_id, 0) for item_id in ids)
        unheard = sum(item_id not in self._bit for item_id in ids)
        same = [] if unheard else self._by_mask.get(mask, [])
        found = [
            Neighbour(
                kind.basket,
                kind.next,
                similarity,
                kind.count,
                kind.source,
                extra=_beyond(kind.basket, basket),
                missing=_beyond(basket, kind.basket),
            )
            for similarity, kinds in self._nearest_sets(mask, unheard, k)
            for kind in kinds
        ]
        found.sort(key=lambda one: (-one.similarity, -_order_overlap(basket, one.basket), -one.count))
        return Neighbours(bool(same), sum(kind.count for kind in same), tuple(found[:k]))

    def _nearest_sets(self, mask: int, unheard: int, k: int) -> list[tuple[float, list[_Kind]]]:
        """The sets that the `k` nearest purchases are of, ties with the last one included."""
        scored = []
        for other in self._by_mask:
            if shared := (mask & other).bit_count():
                scored.append((shared / ((mask | other).bit_count() + unheard), other))
        scored.sort(reverse=True)
        kept: list[tuple[float, list[_Kind]]] = []
        count = 0
        for similarity, other in scored:
            if count >= k and similarity < kept[-1][0]:
                break
            kept.append((similarity, self._by_mask[other]))
            count += len(kept[-1][1])
        return kept


def _beyond(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """What is in `one` and not in `other`, each once."""
    return tuple(dict.fromkeys(item_id for item_id in one if item_id not in other))


def _order_overlap(first: Sequence[str], second: Sequence[str]) -> float:
    """Share of the pairs of items in both that stand in the same order in both; 1 for fewer than two such items."""
    places = {item_id: place for place, item_id in enumerate(second)}
    shared = [places[item_id] for item_id in first if item_id in places]
    pairs = list(combinations(shared, 2))
    return sum(one < other for one, other in pairs) / len(pairs) if pairs else 1.0
