"""Which items a model ranks: all that are on offer where they are few, else those that retrieval finds nearest.

Everything that asks a model about a catalogue comes through `Candidates.considered`; `Service.resolve` does.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from recommender.errors import PromptTooLongError
from recommender.recommenders.ranking import RankRequest
from recommender.recommenders.recall import Recall
from recommender.retrieval import fingerprint, folder
from recommender.retrieval.names import Names
from recommender.retrieval.towers import Retriever, Towers
from recommender.service.model import Model
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.shipped import shops
from recommender.system.cache import BoundedCache
from recommender.system.files import version_of

WHOLE: Final = 100
"""Items on offer up to which all are ranked, where the prompt holds them."""
NEAREST: Final = 60
"""Of more than that, so many are retrieved and ranked, or fewer where the prompt holds fewer."""
FEWEST: Final = 10
"""Where the prompt doesn't hold so many, it is too long: that is said, rather than a poor choice made."""
KEPT: Final = 4
"""Catalogues whose retriever is kept in memory; 100,000 items take some 60 MB."""


@dataclass(frozen=True)
class Considered:
    """The items that are ranked, in catalogue order, and how many are on offer: `of` of them.

    `recall` is what was measured of how they are chosen; None where nothing was, or all are ranked.
    """

    items: tuple[Item, ...]
    of: int
    recall: Recall | None = None

    @property
    def is_part(self) -> bool:
        """Whether not all on offer are ranked."""
        return len(self.items) < self.of

    def to_json(self) -> dict[str, object]:
        """As `{"ranked", "of"}`, and where that is a part of what is on offer `"recall"`, null if not measured."""
        recall = {"recall": self.recall.to_json() if self.recall else None} if self.is_part else {}
        return {"ranked": len(self.items), "of": self.of, **recall}


class Candidates:
    """Chooses what is ranked, for all catalogues and models of a service. Threads may share one."""

    def __init__(self, whole: int = WHOLE, nearest: int = NEAREST) -> None:
        """Rank all of up to `whole` items, and `nearest` of more."""
        self.whole = whole
        self.nearest = nearest
        self._lock = threading.Lock()
        self._kept: BoundedCache[tuple[int, str], tuple[Catalogue, tuple[float, ...], Retriever]] = BoundedCache(KEPT)

    def considered(
        self, base: Catalogue, where: str, catalogue: Catalogue, basket: Sequence[Item], model: Model, language: str
    ) -> Considered:
        """What `model`, asked in `language`, ranks after a basket; nothing where nothing is on offer.

        Args:
            base: the catalogue as its file has it.
            where: the name or path that it was read from, beside which its index is looked for.
            catalogue: `base`, or that and items that the request declares, which are always ranked.
            basket: what was bought, oldest first.
            model: who is asked.
            language: of the prompt, which has to hold the names.

        Raises:
            DataError: if the catalogue's index was made with another model, or is broken.
            RecommenderError: if vectors can't be computed.
        """
        if (shortlist := getattr(model, "shortlist", None)) is not None:
            # A shop's own recommender knows more of what its customers buy than names tell.
            on_offer = catalogue.candidates(basket)
            recall = getattr(model, "recall", None)
            return Considered(tuple(shortlist(RankRequest(basket, on_offer, language))), len(on_offer), recall)
        offered = len(catalogue) - (0 if catalogue.repeats else len({item.id for item in basket} & catalogue.ids))
        if offered <= self.whole:
            items = tuple(catalogue.candidates(basket))
            if not items or fits(model, basket, items, language):
                return Considered(items, len(items))
        if catalogue.items[: len(base)] != base.items:
            base = catalogue  # as it is where whoever asks brings a catalogue that was never read
        bought = set() if catalogue.repeats else {item.id for item in basket}
        new = [item for item in catalogue.items[len(base) :] if item.id not in bought]
        count = min(offered, self.nearest)
        retriever = self.retriever(base, where, model)
        near = retriever.nearest(basket, count)
        while True:
            chosen = {item.id for item in [*new, *near[: max(count - len(new), 0)]]}
            items = tuple(item for item in self._in_order(catalogue, chosen))
            if count <= FEWEST or fits(model, basket, items, language):
                break
            count = max(FEWEST, count * 4 // 5)
        if offered <= self.whole and not fits(model, basket, items, language):
            items = tuple(catalogue.candidates(basket))  # too long as it ever was, and said as ever
        return Considered(items, offered, retriever.recall)

    def retriever(self, catalogue: Catalogue, where: str, model: Model) -> Retriever:
        """What finds the nearest items of a catalogue: from its index where there is one, else computed now and kept.

        Raises:
            DataError: if the index was made with another model, or is broken.
            RecommenderError: if vectors can't be computed.
        """
        if not getattr(model, "knows_goods", False):
            return self._made(catalogue, (id(model), where), (), lambda: Names(catalogue))
        path = None if where in shops() else folder.find(where)
        version = version_of(path / folder.FILE) if path else ()

        def make() -> Retriever:
            asked: Any = model
            if path is None:
                return Towers.of(catalogue, asked)
            return folder.open_towers(path, catalogue, asked, fingerprint.of_checkpoint(model.folder))

        return self._made(catalogue, (id(model), where), version, make)

    def _made(self, catalogue: Catalogue, key: tuple[int, str], version: tuple[float, ...], make: Any) -> Retriever:
        with self._lock:  # two that ask at once would compute it twice
            kept = self._kept.get(key)
            if kept is None or kept[0] is not catalogue or kept[1] != version:
                kept = (catalogue, version, make())
                self._kept.put(key, kept)
            return kept[2]

    @staticmethod
    def _in_order(catalogue: Catalogue, chosen: set[str]) -> list[Item]:
        return sorted((catalogue[one] for one in chosen), key=lambda item: catalogue.place(item.id))


def fits(model: Model, basket: Sequence[Item], items: Sequence[Item], language: str) -> bool:
    """Whether the prompt of a model holds a basket and candidates."""
    limit = getattr(model, "max_tokens", 0)
    names = [item.name(language) for item in (*basket, *items)]
    # A token is a byte at least, and what stands between names is a few: most prompts need not be cut into tokens.
    if sum(len(name.encode()) + 2 for name in names) + 200 <= limit:
        return True
    try:
        model.check(RankRequest(basket, items, language))
    except PromptTooLongError:
        return False
    return True
