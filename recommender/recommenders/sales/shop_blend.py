"""The recommender of one shop: a language model and the methods that learned from the shop's sales, blended.

Where more is on offer than a prompt holds, the methods draw up a shortlist first, and the model is asked about that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import DataError
from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.recommenders.recall import Recall
from recommender.recommenders.sales import kept
from recommender.recommenders.sales.names import Names
from recommender.recommenders.sales.numbered import Scorer, Scores
from recommender.recommenders.sales.stacked import Stacked
from recommender.shop import rules
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.events import CART, PURCHASE, VIEW
from recommender.shop.sales.history import History

Vectors = Callable[[Sequence[Item]], NDArray[np.float32]]
"""Gives the unit vectors of items, shape (items, width), as `Names` has them."""
MODEL: Final = "t5"
KEY: Final = "blend"
UNHEARD: Final = -30.0
"""Nats of what a model was not asked about."""
MOST_BOUGHT: Final = 15
MOST_TOLD: Final = 5
"""Of what was viewed, and of what is in the cart: the latest. A shop's model has never seen more."""


@dataclass(frozen=True)
class ShopBlend:
    """What a shop's folder holds beside its checkpoint.

    Attributes:
        methods: by name; they know the items by their places in `catalogue`.
        blend: of the methods and `MODEL`; `first` of the methods alone, for shortlists.
        cold: which items nobody had bought, shape (items,).
        most: items that the model is asked about at once.
        recall: of the shortlist, where there is one and it was measured.
    """

    catalogue: Catalogue
    methods: Mapping[str, Scorer]
    blend: Stacked
    first: Stacked
    cold: NDArray[np.bool_]
    most: int
    recall: Recall | None = None

    @classmethod
    def read(cls, folder: Path) -> ShopBlend | None:
        """What `write` has put into a folder; None where it is no shop's.

        Raises:
            DataError: if a file is missing, or isn't what was written.
        """
        told = rules.read(folder).get(KEY)
        if told is None:
            return None
        catalogue = Catalogue.load(folder)
        try:
            cold = np.zeros(len(catalogue), bool)
            cold[[int(place) for place in told["cold"]]] = True
            blend, first = Stacked.from_json(told["blend"]), Stacked.from_json(told["first"])
            most, recall = int(told["most"]), Recall.from_json(told.get("recall"))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise DataError("shop_file_broken", folder=str(folder), file=rules.FILE) from error
        return cls(catalogue, kept.load(folder, len(catalogue)), blend, first, cold, most, recall)

    def write(self, folder: Path) -> None:
        """Put the methods into `methods.safetensors`; what else there is, is for `shop.json` under `KEY`.

        Raises:
            OSError: if the file can't be written.
        """
        kept.save(folder, self.methods)

    def to_json(self) -> dict[str, Any]:
        """What `shop.json` holds of it."""
        return {
            "blend": self.blend.to_json(),
            "first": self.first.to_json(),
            "cold": np.flatnonzero(self.cold).tolist(),
            "most": self.most,
            **({"recall": self.recall.to_json()} if self.recall else {}),
        }

    def shortlist(self, request: RankRequest) -> list[Item]:
        """The candidates that the model is asked about: all, or the `most` likeliest by the methods and all new ones.

        Order is kept. An item that the catalogue doesn't have is always among them.
        """
        if len(request.candidates) <= self.most:
            return list(request.candidates)
        offer, places = self._offer(request.candidates)
        history = self.history(request)
        scores = self.first.scores(self.told([history]), [len(history.bought)], offer[None], self.cold)[0]
        new = [item for item, place in zip(request.candidates, places, strict=True) if place is None]
        ranked = np.argsort(-np.where(offer, scores, -np.inf), kind="stable")[: max(self.most - len(new), 0)]
        chosen = {self.catalogue.items[place].id for place in ranked.tolist()} | {item.id for item in new}
        return [item for item in request.candidates if item.id in chosen]

    def asked(self, request: RankRequest) -> RankRequest:
        """The request as the model is asked it: the latest of what was bought, viewed and put in the cart.

        Without repeats a basket names each item once, where it was bought last.
        """
        basket = list(request.basket)
        if not self.catalogue.repeats:
            basket = list({item.id: item for item in reversed(basket)}.values())[::-1]
        latest = basket[-MOST_BOUGHT:], request.viewed[-MOST_TOLD:], request.cart[-MOST_TOLD:]
        return replace(request, basket=latest[0], viewed=latest[1], cart=latest[2])

    def told(self, histories: Sequence[History]) -> dict[str, Scores]:
        """What each method says, by name."""
        return {name: method.scores(histories) for name, method in self.methods.items() if name in self.used}

    def scores(self, histories: Sequence[History]) -> Scores:
        """What the methods alone say, blended: natural logs up to an offset a row, shape (histories, items)."""
        offer = np.ones((len(histories), len(self.catalogue)), bool)
        return self.first.scores(self.told(histories), [len(one.bought) for one in histories], offer, self.cold)

    @property
    def used(self) -> frozenset[str]:
        """The names of what counts; other methods need not be there."""
        return frozenset((*self.blend.parts, *self.first.parts))

    def rank(
        self, requests: Sequence[RankRequest], asked: Sequence[Ranking], vectors: Vectors | None = None
    ) -> list[Ranking]:
        """The methods blended with what the model has said (`asked`: of each request's candidates or its shortlist).

        Items that the catalogue doesn't have count as such that nobody has bought: by `vectors`, which gives those of
        items, their names are near to what was bought or far from it.
        """
        if not requests:
            return []
        histories = [self.history(request) for request in requests]
        told = self.told(histories)
        return [
            self._blended(history, {name: scores[row] for name, scores in told.items()}, ranking, vectors)
            for row, (history, ranking) in enumerate(zip(histories, asked, strict=True))
        ]

    @property
    def known(self) -> tuple[str, ...]:
        """The names of all methods that are there, those that don't count among them, as they are shown."""
        return tuple(name for name in kept.KINDS if name in self.methods)

    def each(
        self, request: RankRequest, vectors: Vectors | None = None, names: Sequence[str] = ()
    ) -> dict[str, Ranking]:
        """The candidates as each of the methods alone ranks them, by name: those called `names`, or all of them."""
        history = self.history(request)
        offer, places = self._offer(request.candidates)
        new = [item for item, place in zip(request.candidates, places, strict=True) if place is None]
        found = {}
        for name in names or self.known:
            row = self._with_new(name, self.methods[name].scores([history])[0], history, offer, new, vectors)
            others = iter(row[len(self.catalogue) :].tolist())
            scores = [next(others) if place is None else float(row[place]) for place in places]
            found[name] = Ranking.from_scores(request.candidates, scores)
        return found

    def never_sold(self, items: Sequence[Item]) -> frozenset[str]:
        """The ids of those that nobody had bought, or that are not in the catalogue."""
        places = [(item.id, self._place(item)) for item in items]
        return frozenset(name for name, place in places if place is None or self.cold[place])

    def history(self, request: RankRequest) -> History:
        """What a request says of its customer, as far as it is about items of the catalogue."""
        told = ((PURCHASE, request.basket), (VIEW, request.viewed), (CART, request.cart))
        pairs = [(event, self._place(item)) for event, items in told for item in items]
        return History(tuple((event, place) for event, place in pairs if place is not None))

    def _place(self, item: Item) -> int | None:
        return self._places.get(item.id)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {item.id: place for place, item in enumerate(self.catalogue)}

    def _offer(self, items: Sequence[Item]) -> tuple[NDArray[np.bool_], list[int | None]]:
        places = [self._place(item) for item in items]
        offer = np.zeros(len(self.catalogue), bool)
        offer[[place for place in places if place is not None]] = True
        return offer, places

    def _with_new(
        self,
        name: str,
        row: NDArray[np.float32],
        history: History,
        offer: NDArray[np.bool_],
        new: Sequence[Item],
        vectors: Vectors | None,
    ) -> NDArray[np.float32]:
        """What a method says of all items and of `new` ones, which none but names can have heard of.

        What another says of them is what it says of those on offer on average.
        """
        method = self.methods[name]
        if new and vectors is not None and isinstance(method, Names):
            return np.append(row, method.scores_of([history], vectors(new))[0])
        mean = row[offer].mean() if offer.any() else 0
        return np.append(row, np.full(len(new), mean, np.float32))

    def _blended(
        self,
        history: History,
        told: Mapping[str, NDArray[np.float32]],
        ranking: Ranking,
        vectors: Vectors | None,
    ) -> Ranking:
        """One answer: rows of all items of the catalogue, then one for each new item that is on offer."""
        candidates = [row.item for row in ranking]
        offer, places = self._offer(candidates)
        new = [number for number, place in enumerate(places) if place is None]
        size = len(self.catalogue)
        at = [size + new.index(number) if place is None else place for number, place in enumerate(places)]
        model = np.full(size + len(new), UNHEARD, np.float32)
        model[at] = [max(row.log_probability, UNHEARD) for row in ranking]
        unknown = [candidates[number] for number in new]
        rows = {name: self._with_new(name, row, history, offer, unknown, vectors)[None] for name, row in told.items()}
        rows[MODEL] = model[None]
        offered = np.concatenate([offer, np.ones(len(new), bool)])[None]
        cold = np.concatenate([self.cold, np.ones(len(new), bool)])
        lengths = [len(history.bought)]
        scores = self.blend.scores(rows, lengths, offered, cold)[0]
        spoke = self.blend.spoke(rows, lengths, offered, cold)[0]
        found = Ranking.from_scores(candidates, [float(scores[place]) for place in at])
        shares = sorted(((name, share) for name, share in spoke.items() if share > 0), key=lambda one: -one[1])
        return Ranking(found.scored, tuple(shares))
