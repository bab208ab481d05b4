"""Popularity: what is bought most often, of late more than long ago."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.numbered import Scores
from recommender.recommenders.sales.pasts import fading
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.history import History
from recommender.shop.sales.sales import Sales


@dataclass(frozen=True)
class Popular:
    """The same for every history: float32 probabilities of shape (items,), above 0, of sum 1."""

    prior: NDArray[np.float32]

    def scores(self, histories: Sequence[History]) -> Scores:
        """Natural logs of probabilities, shape (histories, items)."""
        return np.tile(np.log(self.prior), (len(histories), 1))

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """What a file holds of it."""
        return {"prior": self.prior}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.float32]]) -> Popular:
        """The same again.

        Raises:
            KeyError: where the array is missing.
        """
        return cls(arrays["prior"])


def fit(sales: Sales, half_life: float = math.inf) -> Popular:
    """Purchases and one more for each item; those a `half_life` (a share of the period) ago count half."""
    bought = sales.events == PURCHASE
    weights = fading(sales.times, half_life)[bought]
    # The one for each item counts what a purchase does on average, however little the old ones count.
    one = max(float(weights.mean()), 1e-6) if len(weights) else 1.0
    counts = np.bincount(sales.items[bought], weights, len(sales.catalogue.items)) + one
    return Popular((counts / counts.sum()).astype(np.float32))
