"""Names as bags of words, and rows for Arabic words from the English names that they translate.

Ridge regression: the rows that, averaged over the words of an Arabic name, come nearest to the teacher's vector of the
English one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

from recommender.training.teacher import Vectors, unit

RIDGE: Final = 0.3


def arabic_rows(names: Sequence[Sequence[int]], vectors: Vectors, count: int) -> Vectors:
    """Rows, shape (count, width), of the words of `names` (word numbers), whose mean comes nearest to `vectors`.

    Solved by conjugate gradients on the normal equations (X'X + RIDGE) W = X'V, X (names, words) sparse.
    """
    places = [(row, word) for row, words in enumerate(names) for word in words]
    values = [1.0 / len(names[row]) ** 0.5 for row, _ in places]
    x = torch.sparse_coo_tensor(
        torch.tensor(places).T, torch.tensor(values), (len(names), count), check_invariants=True
    ).coalesce()
    target = torch.from_numpy(vectors)
    right = torch.sparse.mm(x.t(), target)

    def apply(w: Tensor) -> Tensor:
        moved: Tensor = torch.sparse.mm(x.t(), torch.sparse.mm(x, w)) + RIDGE * w
        return moved

    w = torch.zeros_like(right)
    residual = right.clone()
    direction = residual.clone()
    size = (residual * residual).sum(0)
    for _ in range(60):
        moved = apply(direction)
        step = size / (direction * moved).sum(0).clamp(min=1e-12)
        w, residual = w + step * direction, residual - step * moved
        fresh = (residual * residual).sum(0)
        direction = residual + fresh / size.clamp(min=1e-12) * direction
        size = fresh
    return unit(w.numpy())


class Bag:
    """Names as bags of words: numbers (names, longest) and their weights, so that a mean is two look-ups."""

    def __init__(self, names: Sequence[Sequence[int]]) -> None:
        longest = max(map(len, names))
        self.words = torch.zeros(len(names), longest, dtype=torch.long)
        self.weights = torch.zeros(len(names), longest)
        for place, words in enumerate(names):
            self.words[place, : len(words)] = torch.tensor(words)
            self.weights[place, : len(words)] = 1.0 / len(words)

    def means(self, rows: Tensor, which: Tensor, among: Tensor | None = None) -> Tensor:
        """Means of rows, shape (*which, width), from all rows or from those of the words `among` (sorted)."""
        words = self.words[which] if among is None else torch.searchsorted(among, self.words[which])
        mean: Tensor = (rows[words] * self.weights[which][..., None]).sum(-2)
        return mean
