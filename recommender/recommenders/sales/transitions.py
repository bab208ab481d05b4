"""Transitions: who bought this bought that next (a Markov chain of the last items, smoothed towards popularity)."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.neighbours import EQUAL_KINDS, Neighbours
from recommender.recommenders.sales.pasts import Kinds, fading, targets
from recommender.recommenders.sales.popular import fit as fit_popular
from recommender.recommenders.sales.sparse import WHOLE, SparseTable
from recommender.shop.sales.sales import Sales

REACH: Final = 8
"""Events before a purchase that may count."""


def fit(
    sales: Sales,
    *,
    repeats: bool,
    decay: float = 0.0,
    prior: float = 5.0,
    kinds: Kinds = EQUAL_KINDS,
    half_life: float = math.inf,
) -> Neighbours:
    """P(next | item) from what was bought after it; 400,000 events take a second.

    With `decay` 0 the last event (of a kind that counts) says all, in the table as in a history; otherwise each event
    says `decay` of what the one after it does. A row is smoothed towards popularity as if `prior` purchases had
    followed its item.
    """
    items = len(sales.catalogue.items)
    prior_of_all = fit_popular(sales, half_life).prior
    by_kind = np.maximum(np.array(kinds), 0)
    age = fading(sales.times, half_life)
    told = by_kind[sales.events] > 0
    sales, age = (
        replace(sales, customers=sales.customers[told], items=sales.items[told], events=sales.events[told]),
        age[told],
    )
    places = targets(sales, repeats=repeats)
    begins = sales.starts[sales.customers[places]] if len(places) else places
    weights = age[places]
    found: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
    for lag in range(1, REACH + 1 if decay else 2):
        there = places - lag >= begins
        before = places[there] - lag
        weight = weights[there] * by_kind[sales.events[before]] * decay ** (lag - 1)
        found.append((sales.items[before].astype(np.int64) * items + sales.items[places[there]], weight))
    if items > WHOLE:
        pairs, weights = (np.concatenate(parts) for parts in zip(*found, strict=True))
        sparse = SparseTable.of(pairs, weights, items, prior)
        return Neighbours(sparse, prior_of_all, kinds, decay, smoothing=0.01, rest=True)
    counts = np.zeros(items * items)
    for one, weight in found:
        counts += np.bincount(one, weight, items * items)
    table = counts.reshape(items, items)
    table /= table.sum(axis=1, keepdims=True) + prior
    return Neighbours(table.astype(np.float32), prior_of_all, kinds, decay, smoothing=0.01, rest=True)
