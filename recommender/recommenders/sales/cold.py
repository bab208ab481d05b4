"""Items that no one has bought: which they are, and how to find out what they need by holding some others back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.sales import Sales


def cold_items(sales: Sales) -> NDArray[np.bool_]:
    """Which items of the catalogue were never bought, shape (items,)."""
    bought = np.bincount(sales.items[sales.events == PURCHASE], minlength=len(sales.catalogue.items))
    return np.asarray(bought == 0, np.bool_)


def held_back(sales: Sales, share: float = 0.1, seed: int = 0) -> tuple[Sales, NDArray[np.bool_]]:
    """Sales without any event of a `share` of the items that were bought, drawn by chance, and which those are.

    Fitted on these sales, methods know as little of the items held back as of new ones: questions of later purchases,
    those of items held back among them, then teach `stacked.fit_cold`. Customers are numbered anew.
    """
    known = np.flatnonzero(~cold_items(sales))
    count = round(share * len(known))
    mask = np.zeros(len(sales.catalogue.items), bool)
    mask[np.random.default_rng(seed).permutation(known)[:count]] = True
    kept = ~mask[sales.items]
    rest = replace(
        sales,
        customers=np.unique(sales.customers[kept], return_inverse=True)[1].astype(np.int32),
        items=sales.items[kept],
        events=sales.events[kept],
        times=sales.times[kept],
        quantities=sales.quantities[kept],
    )
    return rest, mask
