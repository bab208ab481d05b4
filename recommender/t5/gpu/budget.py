"""How much a GPU computes at once: as many questions as its free memory holds, prompts of like length together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import torch

from recommender.t5.batching import Job, Name
from recommender.t5.checkpoint.shape import Shape
from recommender.t5.network.side_by_side import BUCKET

MOST_ROWS: Final = 512
_COPIES: Final = 3
"""Of what the decoder looks back on: as a row, by prompt, and side by side for a batch."""
_UNKNOWN: Final = 1 << 30
_NUMBER: Final = 4
"""Bytes of a number in fp32, in which a piece of the logits is kept beside them."""


@dataclass(frozen=True)
class Budget:
    """What one batch may take of a device.

    Attributes:
        prompts: bytes for prompts.
        logits: bytes for what the decoder says of every node of the tree.
        token: bytes that a token of a prompt takes, but for the biases.
        bias: bytes that it takes more for each token of the longest prompt.
        node: bytes that a node of the tree takes, in each row.
    """

    prompts: int
    logits: int
    token: int
    bias: int
    node: int

    @classmethod
    def of(cls, shape: Shape, itemsize: int, free: int) -> Budget:
        """A quarter of the `free` bytes each, for a model whose numbers have `itemsize` bytes."""
        memory = _COPIES * shape.decoder_layers * 2 * shape.inner
        layer = 6 * shape.inner + 3 * shape.d_ff + 4 * shape.d_model
        rest = shape.decoder_layers * 3 * shape.inner + layer
        return cls(
            prompts=free // 4,
            logits=free // 4,
            token=itemsize * (memory + layer),
            bias=2 * itemsize * shape.heads,
            node=itemsize * (shape.vocabulary + rest) + _NUMBER * shape.vocabulary // 8,
        )

    def holds(self, rows: int, prompts: int, longest: int, nodes: int) -> bool:
        """Whether a batch fits: so many rows about so many prompts, each padded to the longest, on so many nodes."""
        length = -(-longest // BUCKET) * BUCKET
        told = max(rows, prompts) * length * (self.token + self.bias * length)
        return rows <= MOST_ROWS and told <= self.prompts and rows * nodes * self.node <= self.logits


def free_bytes(device: torch.device) -> int:
    """Memory of a GPU that nothing has taken yet."""
    return int(torch.cuda.mem_get_info(device)[0]) if torch.cuda.is_available() else _UNKNOWN


def batches(jobs: Sequence[Job], budget: Budget) -> Iterator[list[int]]:
    """Numbers of the jobs that go together, each job once: those of one catalogue, by length.

    As on a processor a batch's names must not have more tokens than each of its prompts, which keeps strangers apart.
    """
    batch: list[int] = []
    union: set[Name] = set()
    prompts: set[Name] = set()
    shortest = longest = 0
    order = [(min(job.names, default=()), len(job.prompt), number) for number, job in enumerate(jobs)]
    for _, length, number in sorted(order):
        job = jobs[number]
        together, told = union.union(job.names), prompts | {job.prompt}
        names = sum(map(len, together))
        fits = names <= min(shortest, length) and budget.holds(len(batch) + 1, len(told), max(longest, length), names)
        if batch and not fits:
            yield batch
            batch, together, told, longest = [], set(job.names), {job.prompt}, 0
        shortest = min(shortest, length) if batch else length
        batch.append(number)
        union, prompts, longest = together, told, max(longest, length)
    if batch:
        yield batch
