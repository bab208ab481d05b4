"""Who bought these two bought that next: the last two events in order, smoothed towards a method that sees less.

An n-gram of order two with Dirichlet smoothing (MacKay & Peto 1995); only pairs that occurred are held.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.neighbours import EQUAL_KINDS, Neighbours
from recommender.recommenders.sales.numbered import Scorer, Scores
from recommender.recommenders.sales.pasts import Kinds, Pasts, fading, targets
from recommender.shop.sales.history import History
from recommender.shop.sales.sales import Sales


@dataclass(frozen=True)
class Pairs:
    """Counts of what followed pairs of items.

    Attributes:
        below: what a pair that says little is smoothed towards.
        keys: int64, sorted, a pair as (one before the last) * items + last.
        bounds: int64, shape (pairs + 1,): where each pair's part of the next two begins.
        items: int32, what followed.
        counts: float32, how often.
        prior: purchases that `below` counts for.
        kinds: an event of a kind that counts 0 here is passed over.
    """

    below: Scorer
    keys: NDArray[np.int64]
    bounds: NDArray[np.int64]
    items: NDArray[np.int32]
    counts: NDArray[np.float32]
    prior: float
    kinds: Kinds = EQUAL_KINDS

    def scores(self, histories: Sequence[History]) -> Scores:
        """Natural logs of probabilities, shape (histories, items)."""
        lower = self.below.scores(histories)
        found = np.exp(lower - lower.max(axis=1, keepdims=True, initial=-1e30))
        found /= np.maximum(found.sum(axis=1, keepdims=True), 1e-12)
        for row, key in enumerate(self._keys_of(histories, lower.shape[1])):
            place = int(np.searchsorted(self.keys, key))
            if key >= 0 and place < len(self.keys) and self.keys[place] == key:
                part = slice(int(self.bounds[place]), int(self.bounds[place + 1]))
                found[row] *= self.prior
                found[row, self.items[part]] += self.counts[part]
                found[row] /= found[row].sum()
        return np.asarray(np.log(np.maximum(found, 1e-12)), np.float32)

    def _keys_of(self, histories: Sequence[History], items: int) -> list[int]:
        pasts = Pasts.of(histories)
        counts = np.array([*self.kinds, 0.0])[pasts.events] > 0
        keys = []
        for row, told in zip(pasts.items, counts, strict=True):
            latest = row[told][:2].tolist()
            keys.append(latest[1] * items + latest[0] if len(latest) == 2 else -1)
        return keys

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """What a file holds of it, but for `below`."""
        numbers = np.array([*self.kinds, self.prior], np.float64)
        arrays = (self.keys, self.bounds, self.items, self.counts, numbers)
        return dict(zip(("keys", "bounds", "items", "counts", "numbers"), arrays, strict=True))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], below: Scorer) -> Pairs:
        """The same again.

        Raises:
            KeyError: where an array is missing.
            ValueError: where numbers are.
        """
        view, bookmark, cart, purchase, back, prior = (float(one) for one in arrays["numbers"].tolist())
        return cls(
            below,
            arrays["keys"].astype(np.int64),
            arrays["bounds"].astype(np.int64),
            arrays["items"].astype(np.int32),
            arrays["counts"].astype(np.float32),
            prior,
            (view, bookmark, cart, purchase, back),
        )


def fit(sales: Sales, below: Neighbours, *, repeats: bool, prior: float = 10.0, half_life: float = math.inf) -> Pairs:
    """Count what followed each pair; kinds of events that count nothing for `below` count nothing here.

    Args:
        sales: what trains.
        below: transitions that were fitted on the same sales.
        repeats: whether what was bought before is a choice.
        prior: purchases that `below` counts for.
        half_life: share of the period after which a purchase counts half.
    """
    items = len(sales.catalogue.items)
    told = np.array(below.kinds)[sales.events] > 0
    weights = fading(sales.times, half_life)[told]
    sales = replace(sales, customers=sales.customers[told], items=sales.items[told], events=sales.events[told])
    places = targets(sales, repeats=repeats)
    places = places[places - 2 >= sales.starts[sales.customers[places]]] if len(places) else places
    number = sales.items.astype(np.int64)
    triples = (number[places - 2] * items + number[places - 1]) * items + number[places]
    whole, inverse = np.unique(triples, return_inverse=True)
    counts = np.bincount(inverse, weights[places], len(whole)).astype(np.float32)
    keys, begins = np.unique(whole // items, return_index=True)
    bounds = np.append(begins, len(whole)).astype(np.int64)
    return Pairs(below, keys, bounds, (whole % items).astype(np.int32), counts, prior, below.kinds)
