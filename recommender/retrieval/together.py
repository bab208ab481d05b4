"""The collaborative tower: which items follow which in a shop's sales, and how strongly.

Two purchases of one customer count the more the fewer others lie between them (`DECAY` for each, `REACH` at most): what
is bought in one visit, or one row of it, tells more than what was bought in one year. Between items a and b that is a
sum D(a, b), and the weight is D(a, b) / sqrt((n(a) + 5) (n(b) + 5)) with their sales n. A history's score of b is the
sum of the weights of what it holds, the latest first, each earlier one times `RECENCY`.

Chosen on the earlier nine tenths of a gift shop's sales (3,633 items, the next item, what was bought before left out):
recall at 100 is .48, that of EASE over whole histories .38, of EASE over recent ones .44, of this one in 200 weights an
item .48 and in 100 .47; factors of 64 to 256 dimensions keep less, so the weights stay as they are, the largest of each
item. An item that was never sold has none: that is what the content tower is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.sales import Sales

REACH: Final = 20
"""Purchases of a customer that lie so far apart still count."""
DECAY: Final = 0.8
RECENCY: Final = 0.87
LATEST: Final = 50
"""Purchases of a history that count."""
DAMPING: Final = 5.0
"""Sales that each item is given on top, so that two that were sold once each are not the nearest of all."""
LATELY: Final = 30 * 86_400.0
"""Seconds after which a sale counts 1/e of a new one for what sells of late."""
MOST_SALES: Final = 2_000_000
"""Purchases that are learned from: the latest."""
MOST_WEIGHTS: Final = 8_000_000
"""Weights kept, 48 MB: as many of the largest for each item as that allows."""
_CHUNK: Final = 2_000_000


@dataclass(frozen=True)
class Together:
    """Weights from each item to others, by numbers of the catalogue: those of item a lie in `starts[a]:starts[a + 1]`.

    Attributes:
        starts: int64, shape (items + 1,).
        others: int32, shape (weights,).
        weights: float16, likewise, above 0.
        sold: float32, shape (items,): how often each was bought.
        lately: float32, shape (items,): how much of late, the most being 1.
    """

    starts: NDArray[np.int64]
    others: NDArray[np.int32]
    weights: NDArray[np.float16]
    sold: NDArray[np.float32]
    lately: NDArray[np.float32]

    @classmethod
    def learn(cls, sales: Sales) -> Together:
        """From the purchases of `sales`; other events say nothing here."""
        count = len(sales.catalogue)
        bought = sales.events == PURCHASE
        items, customers = sales.items[bought], sales.customers[bought]
        sold = np.bincount(items, minlength=count).astype(np.float32)
        ages = (sales.times.max(initial=0) - sales.times[bought]) / LATELY
        lately = np.bincount(items, np.exp(-ages), count).astype(np.float32)
        if len(items) > MOST_SALES:
            latest = np.sort(sales.times[bought])[-MOST_SALES]
            chosen = sales.times[bought] >= latest
            items, customers = items[chosen], customers[chosen]
        codes, sums = _pairs(items.astype(np.int64), customers, count)
        first, other = codes // max(count, 1), (codes % max(count, 1)).astype(np.int32)
        weights = sums / np.sqrt((sold[first] + DAMPING) * (sold[other] + DAMPING))
        kept = _largest(first, weights, max(1, MOST_WEIGHTS // max(int((sold > 0).sum()), 1)))
        starts = np.searchsorted(first[kept], np.arange(count + 1)).astype(np.int64)
        return cls(
            starts,
            other[kept],
            weights[kept].astype(np.float16),
            sold,
            lately / max(float(lately.max(initial=0.0)), 1e-9),
        )

    def scores(self, bought: Sequence[int]) -> NDArray[np.float32]:
        """How strongly each item follows a history (numbers, oldest first), from 0; shape (items,)."""
        found = np.zeros(len(self.sold), np.float32)
        weight = 1.0
        for item in reversed(bought[-LATEST:]):
            begin, end = self.starts[item], self.starts[item + 1]
            found[self.others[begin:end]] += weight * self.weights[begin:end].astype(np.float32)
            weight *= RECENCY
        return found


def _pairs(
    items: NDArray[np.int64], customers: NDArray[np.int32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Each pair that occurs, as first * `count` + other, sorted, and what it counts."""
    codes, sums = np.zeros(0, np.int64), np.zeros(0)
    for distance in range(1, REACH + 1):
        for begin in range(0, len(items) - distance, _CHUNK):
            end = min(begin + _CHUNK, len(items) - distance)
            first, other = slice(begin, end), slice(begin + distance, end + distance)
            same = (customers[first] == customers[other]) & (items[first] != items[other])
            found, times = np.unique(items[first][same] * count + items[other][same], return_counts=True)
            codes, sums = _added(codes, sums, found, times.astype(np.float64) * DECAY ** (distance - 1))
    return codes, sums


def _added(
    codes: NDArray[np.int64], sums: NDArray[np.float64], more: NDArray[np.int64], counts: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    every, place = np.unique(np.concatenate([codes, more]), return_inverse=True)
    added: NDArray[np.float64] = np.bincount(place, np.concatenate([sums, counts]), len(every)).astype(np.float64)
    return every, added


def _largest(first: NDArray[np.int64], weights: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    """The places of the `most` largest weights of each first item, by item."""
    order = np.lexsort((-weights, first))
    begins = np.searchsorted(first[order], first[order])
    kept: NDArray[np.int64] = order[np.arange(len(order)) - begins < most]
    return kept
