"""A table of items by items that holds only what occurred: for shops of so many that a whole one eats the memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

WHOLE: Final = 8000
"""Items up to which tables are whole: half a gigabyte while one is counted. Beyond, methods that need one stay out."""
CELLS: Final = 8_000_000
"""Of a shop of more: questions times items, which bounds what each method says of all of them together."""


@dataclass(frozen=True)
class SparseTable:
    """Rows one after the other.

    Attributes:
        starts: int64, shape (items + 1,): where each row begins, and the end.
        others: int32, the columns; `weights`: float32, what stands there.
    """

    starts: NDArray[np.int64]
    others: NDArray[np.int32]
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, pairs: NDArray[np.int64], weights: NDArray[np.float64], items: int, prior: float) -> SparseTable:
        """Sums of the weights of equal `pairs` (row * items + column), each row over its own sum and `prior`."""
        whole, inverse = np.unique(pairs, return_inverse=True)
        sums = np.bincount(inverse, weights, len(whole))
        rows = whole // items
        total = np.bincount(rows, sums, items) + prior
        starts = np.searchsorted(rows, np.arange(items + 1)).astype(np.int64)
        return cls(starts, (whole % items).astype(np.int32), (sums / total[rows]).astype(np.float32))

    def times(self, bag: NDArray[np.float32]) -> NDArray[np.float32]:
        """`bag` @ the table, shape (histories, items) both; most of `bag` is 0."""
        found = np.zeros(bag.shape, np.float32)
        for row, item in zip(*(places.tolist() for places in np.nonzero(bag)), strict=True):
            part = slice(int(self.starts[item]), int(self.starts[item + 1]))
            found[row, self.others[part]] += bag[row, item] * self.weights[part]
        return found

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """What a file holds of it."""
        return {"starts": self.starts, "others": self.others, "weights": self.weights}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], items: int) -> SparseTable:
        """The same again.

        Raises:
            KeyError: where an array is missing.
            ValueError: where they are no table of so many items.
        """
        starts, others, weights = arrays["starts"], arrays["others"], arrays["weights"]
        if len(starts) != items + 1 or len(others) != len(weights) or starts[0] != 0 or starts[-1] != len(others):
            raise ValueError("starts")
        if (np.diff(starts) < 0).any() or (len(others) and not 0 <= others.min() <= others.max() < items):
            raise ValueError("others")
        return cls(starts.astype(np.int64), others.astype(np.int32), weights.astype(np.float32))


def most_questions(most: int, items: int) -> int:
    """How many of `most` questions a shop of so many items is asked: fewer only where tables are not whole."""
    return most if items <= WHOLE else min(most, max(100, CELLS // items))
