"""What graphs read and write: tensors that stay where they are, used by one answer after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

from recommender.system.cache import BoundedCache
from recommender.t5.gpu.capture import Replay
from recommender.t5.network.forward import Forward
from recommender.t5.network.states import EncodedPrompt, KeyValueCache

MOST_LENGTHS: Final = 6
"""A tree is kept captured for this many lengths of prompts."""


class FixedPrompt(EncodedPrompt):
    """A prompt of `length` tokens or fewer, from its tokens to what the decoder sees of it."""

    def __init__(self, forward: Forward, length: int) -> None:
        shape, device, dtype = forward.shape, forward.device, forward.dtype
        self.length = length
        self.given = torch.zeros(
            length + 1, dtype=torch.long, device=device
        )  # the padded tokens, and last how many of them are no padding
        self.hidden = torch.zeros(1, 1, length, dtype=dtype, device=device)
        size = (shape.decoder_layers, 2, shape.heads, length, shape.d_kv)
        super().__init__(torch.zeros(size, dtype=dtype, device=device), self.hidden)
        self.nbytes = self.given.nbytes + self.hidden.nbytes + self.memory.nbytes
        self._pad = shape.pad

    def fill(self, prompt: Sequence[int]) -> None:
        """Take in a prompt (token ids), for the next replay to encode."""
        padding = [self._pad] * (self.length - len(prompt))
        self.given.copy_(torch.tensor([*prompt, *padding, len(prompt)]))


class FixedTree:
    """What the pass over a tree found for the prompt that came last, and its replays by the prompt's length."""

    def __init__(self, forward: Forward, nodes: int) -> None:
        shape, device, dtype = forward.shape, forward.device, forward.dtype
        self.logits = torch.zeros(1, nodes, shape.vocabulary, dtype=dtype, device=device)
        self.qkv = torch.zeros(shape.decoder_layers, nodes, 3 * shape.inner, dtype=dtype, device=device)
        self.replays: BoundedCache[int, Replay] = BoundedCache(MOST_LENGTHS)
        self.nbytes = self.logits.nbytes + self.qkv.nbytes


class FixedCache(KeyValueCache):
    """One row's cache; where it ends is on the device too, and so is the token that comes there."""

    def __init__(self, forward: Forward, prompt: FixedPrompt, room: int) -> None:
        shape, memory = forward.shape, prompt.memory
        self.store = memory.new_zeros(shape.decoder_layers, 2, 1, shape.heads, room, shape.d_kv)
        super().__init__(self.store, 0, None, [prompt])
        self.prompt = prompt
        self.given = torch.zeros(2, 1, dtype=torch.long, device=memory.device)
        self.token, self.place = self.given.unbind(0)
        self.logits = memory.new_zeros(1, shape.vocabulary)
        self.nbytes = self.store.nbytes + self.given.nbytes + self.logits.nbytes

    def begin(self, qkv: Sequence[Tensor], line: Sequence[int]) -> None:
        """Go on from a tree: from what its nodes along `line` attended with, in each layer (n_nodes, 3 * inner)."""
        used, (layers, _, _, heads, _, width) = len(line), self.store.shape
        index = torch.tensor(line, device=self.store.device)
        picked = torch.stack(list(qkv)).index_select(1, index).view(layers, used, 3, heads, width)
        # The bias hides what an earlier answer left behind, but a not-a-number would get through it.
        self.store.zero_()
        self.store[:, :, 0, :, :used].copy_(picked[:, :, 1:].permute(0, 2, 3, 1, 4))
        self.used = used

    def tell(self, tokens: Sequence[int]) -> None:
        """Say on the device which token comes next, and where."""
        self.given.copy_(torch.tensor([[*tokens], [self.used]]))

    def put(self, layer: int, keys_and_values: Tensor) -> None:
        """Keep a layer's keys and values of the last token at the place that `tell` wrote to the device."""
        self.layers[layer].index_copy_(2, self.place, keys_and_values)
