"""What a T5 learns from sales: for each purchase the history before it, as numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.ranking import RankRequest
from recommender.recommenders.sales.shop_blend import MOST_BOUGHT, MOST_TOLD
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.history import History, Question
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.split import LONGEST


class Examples:
    """Every purchase that something went before, as a question; without `repeats` those of an item bought anew."""

    def __init__(self, sales: Sales, *, repeats: bool) -> None:
        self._pairs = list(zip(sales.events.tolist(), sales.items.tolist(), strict=True))
        self._begins = sales.starts[sales.customers] if len(sales) else np.zeros(0, np.int64)
        places = np.arange(len(sales))
        chosen = (sales.events == PURCHASE) & (places > self._begins)
        if not repeats:
            chosen &= ~_bought_before(sales)
        self.places: NDArray[np.int64] = places[chosen]
        self.times: NDArray[np.int64] = sales.times[chosen]
        bought = sales.items[sales.events == PURCHASE]
        self.sold: NDArray[np.bool_] = np.bincount(bought, minlength=len(sales.catalogue)) > 0

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, number: int) -> Question:
        place = int(self.places[number])
        begin = max(int(self._begins[place]), place - LONGEST)
        return Question(0, History(tuple(self._pairs[begin:place])), self._pairs[place][1])


def _bought_before(sales: Sales) -> NDArray[np.bool_]:
    """Of each event, whether its customer bought its item earlier."""
    found = np.zeros(len(sales), np.bool_)
    seen: set[tuple[int, int]] = set()
    bought = np.flatnonzero(sales.events == PURCHASE)
    for place, customer, item in zip(
        bought.tolist(), sales.customers[bought].tolist(), sales.items[bought].tolist(), strict=True
    ):
        found[place] = (customer, item) in seen
        seen.add((customer, item))
    return found


def told(history: History, *, repeats: bool) -> tuple[list[int], list[int], list[int]]:
    """What a prompt tells of a history: the latest items that were bought, looked at and put in the cart.

    Without `repeats` a basket names each item once, where it was bought last.
    """
    bought = list(history.bought)
    if not repeats:
        bought = list(dict.fromkeys(reversed(bought)))[::-1]
    return bought[-MOST_BOUGHT:], list(history.viewed[-MOST_TOLD:]), list(history.cart[-MOST_TOLD:])


def offered(history: History, items: int, *, repeats: bool) -> list[int]:
    """The numbers of the candidates, out of `items`: all, but without `repeats` nothing that was bought."""
    gone = set() if repeats else set(history.bought)
    return [item for item in range(items) if item not in gone]


def some_of(on_offer: Sequence[int], answer: int, most: int, rng: np.random.Generator) -> list[int]:
    """`answer` and others of `on_offer`, `most` in all, in their order.

    The others are drawn by pure chance: that an item is on offer must not say that it is the answer.
    """
    if len(on_offer) <= most:
        return list(on_offer)
    others = [item for item in on_offer if item != answer]
    drawn = rng.choice(len(others), most - 1, replace=False)
    return sorted([answer, *(others[place] for place in drawn.tolist())])


def request_of(history: History, catalogue: Catalogue, language: str, *, repeats: bool) -> RankRequest:
    """What to ask a recommender after a history, as a T5 of this shop was taught."""
    items = catalogue.items
    bought, viewed, cart = ([items[number] for number in numbers] for numbers in told(history, repeats=repeats))
    on_offer = [items[number] for number in offered(history, len(items), repeats=repeats)]
    return RankRequest(bought, on_offer, language, viewed=viewed, cart=cart)


def shuffled(count: int, weights: NDArray[np.float64] | None, rng: np.random.Generator) -> Sequence[int]:
    """An order of `count` examples; with `weights` the heavier ones tend to come first."""
    if weights is None:
        return [int(number) for number in rng.permutation(count)]
    return [int(number) for number in np.argsort(rng.exponential(size=count) / weights)]
