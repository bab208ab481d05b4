"""What stands in for a GPU's fused attention where there is none: as strict in what it takes, as free in what it gives.

On an H100 a tensor that began at an odd offset ended in `CUDA error: misaligned address`, and nothing on the device
worked any more; and what came back had other strides than a fresh tensor has. Here the first is an assertion that no
fallback can hide, and the second is always so.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

from recommender.t5.network.attention import attend_fused
from recommender.t5.network.forward import Forward
from recommender.t5.network.protocol import Network

ALIGNED: Final = 16
"""Bytes that a row begins at a multiple of."""
GRAIN: Final = 8
"""Entries that a stride is a multiple of: 16 bytes in bf16."""


def strict_attention(query: Tensor, keys: Tensor, values: Tensor, *, attn_mask: Tensor | None, scale: float) -> Tensor:
    """`scaled_dot_product_attention` for tensors that a GPU takes, its result laid out as no fresh tensor is."""
    given = {"query": query, "keys": keys, "values": values, "mask": attn_mask}
    for name, tensor in given.items():
        if tensor is not None:
            check_layout(name, tensor)
    found = F.scaled_dot_product_attention(query, keys, values, attn_mask=attn_mask, scale=scale)
    return strange(found)


def check_layout(name: str, tensor: Tensor) -> None:
    """Refuse what is not aligned to 16 bytes row by row. A dimension of one entry has no stride to speak of."""
    strides = [stride for stride, size in zip(tensor.stride(), tensor.shape, strict=True) if size > 1]
    last = tensor.stride(-1) if tensor.shape[-1] > 1 else 1
    rows = strides[:-1] if tensor.shape[-1] > 1 else strides
    told = f"{name} of shape {tuple(tensor.shape)}, strides {tensor.stride()}, offset {tensor.storage_offset()}"
    assert tensor.data_ptr() % ALIGNED == 0, f"misaligned address: {told}"
    # What is aligned in fp32 alone would not be in 16 bits.
    assert tensor.storage_offset() % GRAIN == 0, f"misaligned in 16 bits: {told}"
    assert last == 1, f"rows with gaps: {told}"
    assert all(stride % GRAIN == 0 for stride in rows), f"rows that begin anywhere: {told}"


def strange(found: Tensor) -> Tensor:
    """The same numbers, position by position before head by head and with room after each row: cuDNN's ways."""
    padded = F.pad(found, (0, GRAIN)).transpose(1, 2).contiguous().transpose(1, 2)
    return padded[..., : found.shape[-1]]


def as_on_a_device(forward: Network) -> Forward:
    """`forward`, from now on computing in a GPU's way as far as a processor can."""
    assert isinstance(forward, Forward)
    forward._attend = attend_fused
    forward._together = True
    forward._step_dtype = forward.dtype
    forward.decoder_positions._dtype = forward.dtype
    forward.decoder_positions._past = forward.decoder_positions._sliding = torch.empty(0)
    return forward
