"""Many prompts side by side, each padded to the length of its bucket: how a GPU takes them, which waits for launches.

On a processor padding is work for nothing, and each prompt is attended to alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from recommender.t5.checkpoint.shape import Shape
from recommender.t5.network.positions import Positions
from recommender.t5.network.states import EncodedPrompt

BUCKET: Final = 64
"""Tokens that a prompt's length is rounded up to a multiple of, with other prompts on a GPU."""


class Bucket(NamedTuple):
    """Prompts that are padded to one length."""

    numbers: list[int]
    length: int
    mask: Tensor  # -inf where a prompt has ended, (n_prompts, 1, 1, length)


class Row(NamedTuple):
    """Prompts one after the other, bucket by bucket."""

    tokens: Tensor  # (n_tokens,)
    lengths: list[int]  # tokens of each bucket
    biases: list[Tensor]  # of each bucket, (n_prompts * n_heads, length, length)
    buckets: list[Bucket]


def in_buckets(prompts: Sequence[Sequence[int]], pad: int, positions: Positions, like: Tensor) -> Row:
    """Prompts (token ids) in buckets, shortest first; masks and biases have the dtype and the device of `like`."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for number, prompt in enumerate(prompts):
        by_length[-(-len(prompt) // BUCKET) * BUCKET].append(number)
    ids: list[int] = []
    row = Row(like, [], [], [])
    for length, numbers in sorted(by_length.items()):
        for number in numbers:
            ids += [*prompts[number], *[pad] * (length - len(prompts[number]))]
        ends = torch.tensor([len(prompts[number]) for number in numbers], device=like.device)
        after = torch.arange(length, device=like.device) >= ends[:, None]
        mask = torch.zeros(after.shape, dtype=like.dtype, device=like.device).masked_fill_(after, -torch.inf)
        bucket = Bucket(numbers, length, mask[:, None, None])
        row.buckets.append(bucket)
        row.lengths.append(length * len(numbers))
        row.biases.append((positions.both_ways(length) + bucket.mask).flatten(0, 1))
    return row._replace(tokens=torch.tensor(ids, device=like.device))


def out_of_buckets(memory: Tensor, row: Row, shape: Shape) -> list[EncodedPrompt]:
    """The prompts as they were given, of what the encoder made of a row (n_tokens, decoder_layers * 2 * inner)."""
    found: dict[int, EncodedPrompt] = {}
    for part, (numbers, length, mask) in zip(memory.split(row.lengths), row.buckets, strict=True):
        apart = part.view(len(numbers), length, shape.decoder_layers, 2, shape.heads, shape.d_kv)
        by_layer = apart.permute(2, 3, 0, 4, 1, 5).contiguous()
        for place, number in enumerate(numbers):
            found[number] = EncodedPrompt(by_layer[:, :, place], mask[place])
    return [found[number] for number in range(len(found))]


class SideBySide(Sequence[EncodedPrompt]):
    """A prompt for each row of a batch, padded to the longest, so that all rows attend in one go."""

    def __init__(self, prompts: Sequence[EncodedPrompt]) -> None:
        self._prompts = prompts
        lengths = [prompt.memory.shape[-2] for prompt in prompts]
        longest = max(lengths)
        heads = prompts[0].memory.shape[2]
        pairs = list(zip(prompts, lengths, strict=True))
        memory = torch.stack([_longer(prompt.memory, (0, 0, 0, longest - length)) for prompt, length in pairs], 2)
        none = memory.new_zeros(1, 1, longest)
        masks = [none[..., :length] if prompt.mask is None else prompt.mask for prompt, length in pairs]
        padded = [_longer(mask, (0, longest - mask.shape[-1]), -torch.inf) for mask in masks]
        self.mask = torch.cat(padded).repeat_interleave(heads, 0)  # (n_rows * n_heads, 1, longest)
        # Of each layer keys and values, (n_rows * n_heads, longest, d_kv).
        self.layers = [layer.unbind(0) for layer in memory.flatten(2, 3).unbind(0)]

    def __len__(self) -> int:
        return len(self._prompts)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        """The prompt of a row."""
        return self._prompts[place]


def _longer(tensor: Tensor, by: tuple[int, ...], value: float = 0.0) -> Tensor:
    return F.pad(tensor, by, value=value) if any(by) else tensor
