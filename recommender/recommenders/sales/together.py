"""Two tables of what the same customers bought: cosines (item-kNN), and EASE's regression of each item on all others.

Item-based nearest neighbours: Sarwar et al., WWW 2001. EASE: Steck, "Embarrassingly Shallow Autoencoders for Sparse
Data", WWW 2019: the item-item weights B of X = XB with a zero diagonal and an L2 penalty, in closed form.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.neighbours import EQUAL_KINDS, Neighbours
from recommender.recommenders.sales.pasts import Kinds, fading
from recommender.recommenders.sales.popular import fit as fit_popular
from recommender.shop.sales.sales import Sales

ROWS: Final = 1024
"""Customers at a time."""


def gram(sales: Sales, kinds: Kinds = EQUAL_KINDS, half_life: float = math.inf) -> NDArray[np.float64]:
    """X'X of the customers' items, shape (items, items).

    An item counts for a customer what its weightiest kind of event does, and less by the age of the customer's last
    event. A return takes back what else there was of the item.
    """
    items = len(sales.catalogue.items)
    customers = len(sales.starts) - 1
    if not customers:
        return np.zeros((items, items))
    ages = np.sqrt(fading(sales.times, half_life))[sales.starts[1:] - 1]
    counts = np.array(kinds)[sales.events]
    found = np.zeros((items, items))
    for first in range(0, customers, ROWS):
        last = min(first + ROWS, customers)
        part = slice(int(sales.starts[first]), int(sales.starts[last]))
        block = np.zeros((last - first, items), np.float32)
        rows = sales.customers[part] - first
        np.maximum.at(block, (rows, sales.items[part]), np.maximum(counts[part], 0).astype(np.float32))
        against = counts[part] < 0
        np.add.at(block, (rows[against], sales.items[part][against]), counts[part][against].astype(np.float32))
        block = np.maximum(block, 0) * ages[first:last, None].astype(np.float32)
        found += block.T @ block
    return found


def fit_knn(
    sales: Sales,
    *,
    shrink: float = 0.0,
    decay: float = 1.0,
    smoothing: float = 0.1,
    kinds: Kinds = EQUAL_KINDS,
    half_life: float = math.inf,
) -> Neighbours:
    """Cosines of the items' customers; `shrink` customers that bought one alone are added to each pair."""
    products = gram(sales, kinds, half_life)
    sizes = np.sqrt(np.diag(products))
    table = products / np.maximum(np.outer(sizes, sizes) + shrink, 1e-9)
    np.fill_diagonal(table, 0)
    return Neighbours(table.astype(np.float32), fit_popular(sales, half_life).prior, kinds, decay, smoothing)


def fit_ease(
    sales: Sales,
    *,
    penalty: float = 0.5,
    decay: float = 1.0,
    smoothing: float = 0.1,
    kinds: Kinds = EQUAL_KINDS,
    half_life: float = math.inf,
) -> Neighbours:
    """EASE; `penalty` is L2's, in shares of an item's mean number of customers (3,659 items: ten seconds)."""
    products = gram(sales, kinds, half_life)
    diagonal = np.diag_indices_from(products)
    products[diagonal] += max(penalty * float(products[diagonal].mean()), 1e-3)
    inverse = np.linalg.inv(products)
    table = -inverse / np.diag(inverse)
    table[diagonal] = 0
    return Neighbours(table.astype(np.float32), fit_popular(sales, half_life).prior, kinds, decay, smoothing)
