"""The content tower: what a basket asks of the items' vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.shop.items import Item

Vectors = NDArray[np.float32]

RECENCY: Final = 0.6
"""What an earlier purchase counts in the mean, for each later one."""
APART: Final = 8
"""The latest items of a basket that are asked for one by one as well: it may hold several needs."""
EARLIER: Final = 0.9
"""What the answer to one of them counts, for each later one."""


class Embedder(Protocol):
    """A model that has vectors of items; `recommender.t5.T5Recommender` is one."""

    def item_vectors(self, items: Sequence[Item], language: str | None = None) -> Vectors:
        """Unit vectors, shape (items, dimensions)."""
        ...


def queries(vectors: Vectors) -> Vectors:
    """What to look for after a basket, from its items' unit `vectors`, the latest last; shape (1 + items, dimensions).

    The unit mean of all of them, and each of the latest, the last one first; no row for an empty basket.
    """
    if not len(vectors):
        return vectors
    mean = vectors.T @ RECENCY ** np.arange(len(vectors))[::-1]
    length = float(np.linalg.norm(mean))
    return np.vstack([mean / length if length else vectors[-1], vectors[::-1][:APART]]).astype(np.float32)


def nearness(similarities: NDArray[np.float32]) -> NDArray[np.float32]:
    """How near items are to a basket, from their cosines to its `queries`, shape (queries, items); 1 at most.

    The mean of the cosine to the basket as a whole, and of the best to one of its items.
    """
    apart = similarities[1:] * EARLIER ** np.arange(len(similarities) - 1)[:, None]
    found: NDArray[np.float32] = ((similarities[0] + apart.max(0)) / 2).astype(np.float32)
    return found
