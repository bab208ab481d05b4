"""The events of a shop as arrays: a million of them are 25 MB."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.history import History
from recommender.shop.tables import Problem


@dataclass(frozen=True)
class Sales:
    """Events of a shop, sorted by customer, then time, then their place in the file.

    Attributes:
        catalogue: the items; `items` are places in it.
        customers: of each event, int32, from 0 without a gap.
        items: of each event, int32.
        events: what it was, int8, numbers of `events.EVENTS`.
        times: seconds since 1970, int64.
        quantities: float32, above 0.
        notes: what was not taken as written, and what was left out, in sentences.
    """

    catalogue: Catalogue
    customers: NDArray[np.int32]
    items: NDArray[np.int32]
    events: NDArray[np.int8]
    times: NDArray[np.int64]
    quantities: NDArray[np.float32]
    notes: tuple[Problem, ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each customer's events begin, and the end of all: shape (customers + 1,)."""
        count = int(self.customers[-1]) + 1 if len(self) else 0
        return np.searchsorted(self.customers, np.arange(count + 1)).astype(np.int64)

    def histories(self) -> Iterator[History]:
        """Each customer's whole history, by number."""
        pairs = list(zip(self.events.tolist(), self.items.tolist(), strict=True))
        bounds = self.starts.tolist()
        for begin, end in itertools.pairwise(bounds):
            yield History(tuple(pairs[begin:end]))
