"""Scoring by a table of which item goes with which: transitions, co-purchase and EASE differ in the table alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.numbered import Scores
from recommender.recommenders.sales.pasts import Kinds, Pasts
from recommender.recommenders.sales.sparse import SparseTable
from recommender.shop.sales.history import History

EQUAL_KINDS: Final[Kinds] = (0.0, 0.0, 0.0, 1.0, 0.0)
"""Purchases alone count."""
ROWS: Final = 2048
"""Histories at a time: what they take is bounded then."""


@dataclass(frozen=True)
class Neighbours:
    """p(item) = what the history's events say of it, and popularity for the rest.

    Attributes:
        table: float32, shape (items, items): how much an event of the row's item speaks for the column's; of many
            items only what occurred.
        prior: float32, shape (items,), above 0, of sum 1: what is likely whoever asks.
        kinds: what events count by kind; negative ones speak against.
        decay: what an event counts beside the one after it, 0 to 1.
        smoothing: the least share of the prior, 0 to 1.
        rest: whether the rows of the table hold probabilities, and what is missing from their sum is the prior's;
            otherwise what they say is normalised.
    """

    table: NDArray[np.float32] | SparseTable
    prior: NDArray[np.float32]
    kinds: Kinds = EQUAL_KINDS
    decay: float = 1.0
    smoothing: float = 0.1
    rest: bool = False

    def scores(self, histories: Sequence[History]) -> Scores:
        """Natural logs of probabilities, shape (histories, items)."""
        blocks = [self._scores(histories[at : at + ROWS]) for at in range(0, len(histories), ROWS)]
        return np.concatenate(blocks) if blocks else np.zeros((0, len(self.prior)), np.float32)

    def _scores(self, histories: Sequence[History]) -> Scores:
        bag = Pasts.of(histories).bag(len(self.prior), self.kinds, self.decay)
        bag /= np.maximum(np.abs(bag).sum(axis=1, keepdims=True), 1e-9)
        spoken = self.table.times(bag) if isinstance(self.table, SparseTable) else bag @ self.table
        said = np.maximum(spoken, 0)
        total = said.sum(axis=1, keepdims=True)
        share = (1 - self.smoothing) * (np.minimum(total, 1) if self.rest else total > 0)
        mixed = share * said / np.maximum(total, 1e-12) + (1 - share) * self.prior
        return np.asarray(np.log(np.maximum(mixed, 1e-12)), np.float32)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """What a file holds of it."""
        numbers = np.array([*self.kinds, self.decay, self.smoothing, self.rest], np.float64)
        table = self.table.to_arrays() if isinstance(self.table, SparseTable) else {"table": self.table}
        return {**table, "prior": self.prior, "numbers": numbers}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Neighbours:
        """The same again.

        Raises:
            KeyError: where an array is missing.
            ValueError: where numbers are.
        """
        view, bookmark, cart, purchase, back, decay, smoothing, rest = (float(one) for one in arrays["numbers"])
        kinds = (view, bookmark, cart, purchase, back)
        prior = arrays["prior"]
        table = arrays["table"] if "table" in arrays else SparseTable.from_arrays(arrays, len(prior))
        return cls(table, prior, kinds, decay, smoothing, bool(rest))
