"""T5's relative position biases: learned per head for buckets of distances, the same in every layer.

Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", section 2.1
(arXiv 1910.10683): distances below half the buckets have one each, longer ones share buckets that widen
logarithmically up to `max_distance`; a bidirectional stack splits its buckets between the two directions.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

KEPT = 512


def buckets(distance: Tensor, count: int, max_distance: int) -> Tensor:
    """Bucket of each distance (int64, >= 0) among `count`, same shape."""
    exact = count // 2
    # The division is done in float32 as in the original, so that bucket borders fall on the same distances.
    growth = torch.log(distance.float().clamp(min=1) / exact) / math.log(max_distance / exact)
    wide = (exact + (growth * (count - exact)).long()).clamp(max=count - 1)
    return torch.where(distance < exact, distance, wide)


class Positions:
    """Biases of one stack from its table (n_buckets, n_heads), computed once for lengths up to `KEPT` and kept.

    Threads may share them.
    """

    def __init__(self, table: Tensor, max_distance: int, dtype: torch.dtype) -> None:
        self._table = table
        self._max_distance = max_distance
        self._dtype = dtype
        self._square = torch.empty(0)
        self._past = torch.empty(0)
        self._sliding = torch.empty(0)

    def both_ways(self, length: int) -> Tensor:
        """Bias of every position to every other, shape (n_heads, length, length)."""
        square = self._square
        if square.shape[-1] < length:
            square = self._compute_square(-(-length // 64) * 64)
            if square.shape[-1] <= KEPT:
                self._square = square
        return square[..., :length, :length]

    def backwards(self, length: int) -> Tensor:
        """Bias to what lies 0, 1, … length - 1 tokens back, shape (n_heads, length)."""
        past = self._past
        if past.shape[-1] < length:
            distance = torch.arange(-(-length // 64) * 64, device=self._table.device)
            found = self._table[buckets(distance, self._table.shape[0], self._max_distance)]
            self._past = past = found.t().to(self._dtype).contiguous()
        return past[:, :length]

    def window(self, place: int, room: int) -> Tensor:
        """Bias of position `place` to positions 0, 1, … room - 1, -inf to later ones, shape (n_heads, 1, room).

        A copy: what is read off the sliding table begins at any offset, which a GPU's attention kernels can't read.
        """
        size, sliding = max(place + 1, room), self._sliding
        if sliding.shape[-1] < 2 * size:
            past = self.backwards(-(-size // 64) * 64)
            self._sliding = sliding = torch.cat([past.flip(1), torch.full_like(past, -torch.inf)], 1)[:, None]
        return sliding.narrow(2, sliding.shape[-1] // 2 - 1 - place, room).contiguous()

    def _compute_square(self, size: int) -> Tensor:
        half = self._table.shape[0] // 2
        place = torch.arange(size, device=self._table.device)
        ahead = place[None, :] - place[:, None]
        found = buckets(ahead.abs(), half, self._max_distance) + (ahead > 0) * half
        return self._table.t()[:, found].to(self._dtype)
