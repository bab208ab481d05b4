"""Products with fixed matrices, which are most of a T5's work: packed in advance for a processor, plain elsewhere.

Free writing takes one row at a time through the decoder's matrices. The small ones are kept in eight bits too: for one
row calling oneDNN takes longer than multiplying.

On x86 oneDNN can lay a matrix out beforehand instead of at every product, by the operators that torch.compile emits.
Measured on one core of an AVX512 AMD: in bf16 half the time for one row and no more for many, in fp32 less than half
the time of torch's own product for many rows, with the same accuracy.
"""

from __future__ import annotations

import functools
import os
import platform
from typing import Final

import torch
from torch import Tensor

_X86: Final = ("x86_64", "amd64")
SMALL: Final = 1 << 20
"""Entries of a matrix. A larger one takes as long in eight bits as in sixteen."""

# oneDNN keeps a kernel for each size of product that it meets, a thousand by default: prompts and trees of typed names
# have all sizes, and a kernel takes up to 200 kB. It reads this at its first product.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "256")


class Product:
    """`x @ matrix` for a fixed matrix (n_in, n_out)."""

    def __init__(self, transposed: Tensor) -> None:
        """Take the matrix as checkpoints store it, (n_out, n_in)."""
        self._matrix = transposed.t()

    def __call__(self, rows: Tensor) -> Tensor:
        """The product with `rows` (n_rows, n_in): (n_rows, n_out)."""
        return rows @ self._matrix

    def relu(self, rows: Tensor) -> Tensor:
        """The product, its negative entries raised to 0."""
        return (rows @ self._matrix).relu_()

    def plus(self, before: Tensor, rows: Tensor) -> Tensor:
        """The product added to `before` (n_rows, n_out)."""
        return torch.addmm(before, rows, self._matrix)


class PackedProduct(Product):
    """The same on a packed matrix."""

    def __init__(self, transposed: Tensor) -> None:
        """Pack a matrix as checkpoints store it, (n_out, n_in)."""
        self._matrix = torch.ops.mkldnn._reorder_linear_weight(transposed, None)
        self._linear = torch.ops.mkldnn._linear_pointwise.default
        self._linear_plus = torch.ops.mkldnn._linear_pointwise.binary

    def __call__(self, rows: Tensor) -> Tensor:
        """The product with `rows` (n_rows, n_in): (n_rows, n_out)."""
        found: Tensor = self._linear(rows, self._matrix, None, "none", [], "")
        return found

    def relu(self, rows: Tensor) -> Tensor:
        """The product, its negative entries raised to 0."""
        found: Tensor = self._linear(rows, self._matrix, None, "relu", [], "")
        return found

    def plus(self, before: Tensor, rows: Tensor) -> Tensor:
        """The product added to `before` (n_rows, n_out)."""
        found: Tensor = self._linear_plus(rows, before, self._matrix, None, "add")
        return found


class LightProduct(PackedProduct):
    """A packed product that takes a single row through a matrix of int8, each column with a scale of its own."""

    def __init__(self, transposed: Tensor) -> None:
        """Pack a matrix as checkpoints store it, (n_out, n_in), and round it to eight bits."""
        super().__init__(transposed)
        full = transposed.float()
        self._scales = (full.abs().amax(1).clamp(min=1e-12) / 127).to(transposed.dtype)
        self._in_int8 = (full / self._scales.float()[:, None]).round_().clamp_(-127, 127).to(torch.int8)

    def __call__(self, rows: Tensor) -> Tensor:
        """The product with `rows` (n_rows, n_in): (n_rows, n_out)."""
        return self._light(rows) if len(rows) == 1 else super().__call__(rows)

    def relu(self, rows: Tensor) -> Tensor:
        """The product, its negative entries raised to 0."""
        return self._light(rows).relu_() if len(rows) == 1 else super().relu(rows)

    def plus(self, before: Tensor, rows: Tensor) -> Tensor:
        """The product added to `before` (n_rows, n_out)."""
        return before + self._light(rows) if len(rows) == 1 else super().plus(before, rows)

    def _light(self, row: Tensor) -> Tensor:
        return torch._weight_int8pack_mm(row, self._in_int8, self._scales)


def prepare(transposed: Tensor, *, singly: bool = False) -> Product:
    """The best product for a matrix (n_out, n_in) on its device, in its dtype; `singly` where single rows come too."""
    if transposed.device.type != "cpu" or not can_pack(transposed.dtype):
        return Product(transposed)
    light = singly and transposed.numel() <= SMALL and can_lighten(transposed.dtype)
    return LightProduct(transposed) if light else PackedProduct(transposed)


@functools.cache
def can_pack(dtype: torch.dtype) -> bool:
    """Whether this torch and this processor multiply packed matrices of `dtype`, found out by a small product."""
    if platform.machine().lower() not in _X86 or not torch.backends.mkldnn.is_available():
        return False
    matrix, rows = torch.eye(16, dtype=dtype), torch.arange(32.0).view(2, 16).to(dtype)
    try:
        return torch.equal(PackedProduct(matrix)(rows), rows)
    except (AttributeError, RuntimeError):
        return False


@functools.cache
def can_lighten(dtype: torch.dtype) -> bool:
    """Whether products of a single row are quicker in eight bits: in bf16, where torch has them, as a try shows."""
    if dtype != torch.bfloat16:
        return False  # in fp32 nothing else rounds that much
    matrix, row = torch.eye(32, dtype=dtype), torch.arange(32.0).view(1, 32).to(dtype)
    try:
        return torch.allclose(LightProduct(matrix)(row), row, rtol=0.01)
    except (AttributeError, RuntimeError):
        return False
