"""Which of many requests are computed together on a processor; for a GPU see `gpu.budget`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.recommenders.ranking import GenerationOptions

Name = tuple[int, ...]

MOST_ROWS: Final = 64
MOST_TOKENS: Final = 1024
"""Products are at full speed with one prompt, and the cache holds no more than this."""
MOST_LOGITS: Final = 1 << 25


@dataclass(frozen=True)
class Job:
    """Everything an answer depends on: a prompt, the names to score (token ids, end of sequence last), how to write."""

    prompt: Name
    names: tuple[Name, ...]
    options: GenerationOptions | None = None
    """None where no text is wanted."""
    forced: Name = ()
    """What the text begins with, whatever the model wants."""
    alternatives: int = 0
    """How many tokens that stood to choice are told of each place of the text, of either kind (`Choices`)."""


def batches(
    jobs: Sequence[Job], vocabulary: int, most_tokens: int = MOST_TOKENS, most_rows: int = MOST_ROWS
) -> Iterator[list[int]]:
    """Numbers of the jobs that go together, each job once; a prompt that they share is counted once.

    All rows of a batch are scored on one tree, that of all their names. Baskets of one catalogue have nearly the same
    tree; to keep strangers apart, a batch's names must not have more tokens than each of its prompts, which spell a
    catalogue's names themselves. How long a prompt is doesn't matter to the others: no row is padded.
    """
    batch: list[int] = []
    union: set[Name] = set()
    prompts: set[Name] = set()
    shortest = tokens = 0
    # Jobs of one catalogue nearly always have their smallest name in common.
    for number in sorted(range(len(jobs)), key=lambda number: min(jobs[number].names, default=())):
        job, length = jobs[number], len(jobs[number].prompt)
        together = union.union(job.names)
        rows, names = len(batch) + 1, sum(map(len, together))
        fits = (
            rows <= most_rows
            and (job.prompt in prompts or tokens + length <= most_tokens)
            and rows * names * vocabulary <= MOST_LOGITS
            and names <= min(shortest, length)
        )
        if batch and not fits:
            yield batch
            batch, together, prompts, tokens = [], set(job.names), set(), 0
        shortest = min(shortest, length) if batch else length
        tokens += 0 if job.prompt in prompts else length
        prompts.add(job.prompt)
        batch.append(number)
        union = together
    if batch:
        yield batch
