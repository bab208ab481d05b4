"""A part of a shop's sales: those of the items that most customers bought."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.sales import Sales


def take_best_sellers(sales: Sales, n: int) -> Sales:
    """The purchases of the `n` items with the most customers, ties by catalogue order; nothing else that happened.

    Items keep their order, and customers who bought none of them are gone: those who are left are numbered anew, in
    their order. Fewer than `n` items are left where fewer were bought.

    Raises:
        ValueError: if `n` is less than 1.
    """
    if n < 1:
        raise ValueError(f"the best {n} items")
    bought = sales.events == PURCHASE
    size = len(sales.catalogue)
    pairs = np.unique(sales.customers[bought].astype(np.int64) * size + sales.items[bought])
    buyers = np.bincount(pairs % size, minlength=size)
    best = np.sort(np.argsort(-buyers, kind="stable")[:n])
    best = best[buyers[best] > 0]
    place = np.full(size, -1, dtype=np.int32)
    place[best] = np.arange(len(best), dtype=np.int32)
    rows = np.flatnonzero(bought & (place[sales.items] >= 0))
    items = [sales.catalogue.items[number] for number in best.tolist()]
    return replace(
        sales,
        catalogue=Catalogue(sales.catalogue.name, items, sales.catalogue.notes),
        customers=np.unique(sales.customers[rows], return_inverse=True)[1].astype(np.int32),
        items=place[sales.items[rows]],
        events=sales.events[rows],
        times=sales.times[rows],
        quantities=sales.quantities[rows],
    )
