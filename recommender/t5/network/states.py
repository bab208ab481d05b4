"""What the decoder attends to: the encoded prompt, and the tokens that it has written so far."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import torch
from torch import Tensor


class EncodedPrompt:
    """One prompt as the decoder sees it: the keys and values of cross-attention for each layer."""

    def __init__(self, memory: Tensor, mask: Tensor | None) -> None:
        self.memory = memory  # (decoder_layers, 2, n_heads, length, d_kv)
        self.mask = mask  # (1, 1, length): -inf where it was rounded up; None where it wasn't

    @functools.cached_property
    def layers(self) -> list[Sequence[Tensor]]:
        """Keys and values of each layer, (n_heads, length, d_kv) both."""
        return [layer.unbind(0) for layer in self.memory.unbind(0)]

    def to(self, dtype: torch.dtype) -> EncodedPrompt:
        """The same in `dtype`."""
        return EncodedPrompt(self.memory.to(dtype), None if self.mask is None else self.mask.to(dtype))


class KeyValueCache:
    """Keys and values of what each row has written, with room for more; all rows end at the same place."""

    def __init__(self, store: Tensor, used: int, mask: Tensor | None, prompts: Sequence[EncodedPrompt]) -> None:
        self.used = used
        self.room = store.shape[-2]
        self.mask = mask  # (n_rows, 1, 1, room): -inf before the beginning of a shorter row
        self.prompts = prompts  # of each row
        self.layers = store.flatten(2, 3).unbind(0)  # each (2, n_rows * n_heads, room, d_kv)
        self.pairs = [layer.unbind(0) for layer in self.layers]

    def put(self, layer: int, keys_and_values: Tensor) -> None:
        """Keep what a layer made of the token after the last one, (2, n_rows * n_heads, 1, d_kv)."""
        self.layers[layer].narrow(2, self.used, 1).copy_(keys_and_values)
