"""What becomes of things that a customer had to do with: looked at, put in the cart, bought before, given back.

Each item is in a state by what the customer last did with it, and how long ago, or in none. How much likelier a state
makes a purchase than popularity has it is counted: p(item) ~ popularity * factor of its state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.numbered import Scores
from recommender.recommenders.sales.pasts import Pasts, fading, targets
from recommender.recommenders.sales.popular import fit as fit_popular
from recommender.shop.sales.events import EVENTS, PURCHASE
from recommender.shop.sales.history import History
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.split import LONGEST

AGES: Final = (1, 4, 11)
"""Events ago with which each class of age begins, the last event being 1 ago."""
TIMES: Final = 3
"""Classes of how often something was bought: once, twice, more."""
STATES: Final = 1 + len(AGES) * (len(EVENTS) - 1 + TIMES)
ROUNDS: Final = 8
CELLS: Final = 16_000_000
"""Purchases to learn from, the latest, times items: more say nothing new of some twenty factors."""
ROWS: Final = 1024


@dataclass(frozen=True)
class Touched:
    """Popularity times what the state of an item says.

    Attributes:
        prior: float32, shape (items,), above 0, of sum 1.
        factors: float32, shape (STATES,), above 0; the first is of items that the customer had nothing to do with.
    """

    prior: NDArray[np.float32]
    factors: NDArray[np.float32]

    def scores(self, histories: Sequence[History]) -> Scores:
        """Natural logs of probabilities, shape (histories, items)."""
        blocks = [np.zeros((0, len(self.prior)), np.float32)]
        for at in range(0, len(histories), ROWS):
            found = self.prior * self.factors[states(Pasts.of(histories[at : at + ROWS]), len(self.prior))]
            blocks.append(np.log(found / found.sum(axis=1, keepdims=True)).astype(np.float32))
        return np.concatenate(blocks)

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """What a file holds of it."""
        return {"prior": self.prior, "factors": self.factors}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.float32]]) -> Touched:
        """The same again.

        Raises:
            KeyError: where an array is missing.
        """
        return cls(arrays["prior"], arrays["factors"])


def states(pasts: Pasts, items: int) -> NDArray[np.int8]:
    """The state of each item in each history, shape (histories, items), 0 for what was not touched."""
    found = np.zeros((len(pasts.items), items), np.int8)
    times = np.zeros((len(pasts.items), items), np.int8)
    rows = np.arange(len(pasts.items))
    for back in range(pasts.items.shape[1]):
        there = (pasts.items[:, back] >= 0) & (pasts.events[:, back] == PURCHASE)
        np.add.at(times, (rows[there], pasts.items[there, back]), 1)
    for back in reversed(range(pasts.items.shape[1])):
        there = pasts.items[:, back] >= 0
        who, what, kind = rows[there], pasts.items[there, back], pasts.events[there, back].astype(int)
        often = np.clip(times[who, what], 1, TIMES) - 1
        # The kinds below a purchase, then purchases by how often, then returns.
        place = np.where(kind == PURCHASE, PURCHASE + often, np.where(kind > PURCHASE, kind + TIMES - 1, kind))
        age = int(np.searchsorted(AGES, back + 1, side="right")) - 1
        found[who, what] = 1 + place * len(AGES) + age
    return found


def fit(sales: Sales, *, repeats: bool, half_life: float = math.inf) -> Touched:
    """Factors with which each state is bought as often as it was, by iterative scaling (Darroch & Ratcliff 1972)."""
    items = len(sales.catalogue.items)
    prior = fit_popular(sales, half_life).prior
    factors = np.ones(STATES, np.float32)
    places = targets(sales, repeats=repeats)
    most = max(1, min(8_000, CELLS // max(1, items)))
    if len(places) > most:
        places = np.sort(places[np.argsort(-sales.times[places], kind="stable")[:most]])
    if not len(places):
        return Touched(prior, factors)
    weights = fading(sales.times, half_life)[places]
    parts = [_example(sales, places[at : at + ROWS], items, repeats) for at in range(0, len(places), ROWS)]
    seen = np.zeros(STATES)
    for at, (state, _) in zip(range(0, len(places), ROWS), parts, strict=True):
        own = places[at : at + ROWS]
        seen += np.bincount(state[np.arange(len(own)), sales.items[own]], weights[at : at + ROWS], STATES)
    for _ in range(ROUNDS):
        expected = np.zeros(STATES)
        for at, (state, open_to) in zip(range(0, len(places), ROWS), parts, strict=True):
            mass = prior * factors[state] * open_to
            mass *= (weights[at : at + ROWS] / np.maximum(mass.sum(axis=1), 1e-12))[:, None]
            expected += np.bincount(state.ravel(), mass.ravel(), STATES)
        # Two purchases as popularity would have them hold a state that was hardly seen near 1.
        factors = np.clip((factors * seen + 2) / (expected + 2), 1e-4, 1e4).astype(np.float32)
    return Touched(prior, factors)


def _example(
    sales: Sales, places: NDArray[np.int64], items: int, repeats: bool
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """The states and the offer before each purchase."""
    before = places[:, None] - 1 - np.arange(LONGEST)
    there = before >= sales.starts[sales.customers[places]][:, None]
    before = np.maximum(before, 0)
    pasts = Pasts(
        np.where(there, sales.items[before], -1).astype(np.int32),
        np.where(there, sales.events[before], -1).astype(np.int8),
    )
    state = states(pasts, items)
    bought = pasts.bag(items, (0.0, 0.0, 0.0, 1.0, 0.0), 1.0) > 0
    open_to = np.ones_like(bought) if repeats else ~bought
    open_to[np.arange(len(places)), sales.items[places]] = True
    return state, open_to
