"""A shop by hand: sales from a few lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.sales import Sales

Line = tuple[int, int, int, int]
"""Customer, time, event, item."""


def sales_of(lines: Sequence[Line], items: int = 6) -> Sales:
    table = np.array(sorted(lines, key=lambda line: line[:2]), np.int64).reshape(-1, 4)
    return Sales(
        Catalogue("shop", [Item(f"i{number}", f"Item {number}") for number in range(items)]),
        np.unique(table[:, 0], return_inverse=True)[1].astype(np.int32),
        table[:, 3].astype(np.int32),
        table[:, 2].astype(np.int8),
        table[:, 1],
        np.ones(len(table), np.float32),
    )


def bought(*baskets: Sequence[int], items: int = 6) -> Sales:
    """A customer for each basket, in order of purchase."""
    lines = [(who, day, PURCHASE, item) for who, basket in enumerate(baskets) for day, item in enumerate(basket)]
    return sales_of(lines, items)
