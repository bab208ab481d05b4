"""Which of many requests are computed together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

Name = tuple[int, ...]

MOST_ROWS: Final = 32
MOST_TOKENS: Final = 4096
MOST_LOGITS: Final = 1 << 25


@dataclass(frozen=True)
class Job:
    """A prompt and the names to score, all as token ids with the end of sequence."""

    prompt: list[int]
    names: tuple[Name, ...]


def batches(jobs: Sequence[Job], vocabulary: int) -> Iterator[list[int]]:
    """Numbers of the jobs that go together, each job once.

    Prompts of like length share a batch, so that little is padding. All rows of a batch are scored on one tree, that of
    all their names. Baskets of one catalogue have nearly the same tree; to keep strangers apart, a batch's names must
    not have more tokens than each of its prompts, which spell a catalogue's names themselves.
    """
    batch: list[int] = []
    union: set[Name] = set()
    for number in sorted(range(len(jobs)), key=lambda number: len(jobs[number].prompt)):
        job = jobs[number]
        together = union.union(job.names)
        rows, names = len(batch) + 1, sum(map(len, together))
        fits = (
            rows <= MOST_ROWS
            and rows * len(job.prompt) <= MOST_TOKENS
            and rows * names * vocabulary <= MOST_LOGITS
            and names <= len(jobs[(batch or [number])[0]].prompt)
        )
        if batch and not fits:
            yield batch
            batch, together = [], set(job.names)
        batch.append(number)
        union = together
    if batch:
        yield batch
