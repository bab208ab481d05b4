"""Asking one recommender many things, a chunk at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol, runtime_checkable

from recommender.recommenders.ranking import Ranking, RankRequest, Recommender
from recommender.system.deadline import check_work

CHUNK: Final = 32

Progress = Callable[[int], None]
"""Told the number of requests just done, after each chunk."""


@runtime_checkable
class ManyRanker(Protocol):
    """A recommender that ranks many requests faster together."""

    def rank_many(self, requests: list[RankRequest]) -> list[Ranking]:
        """One ranking per request, in order."""
        ...


def rank_all(
    recommender: Recommender, requests: Sequence[RankRequest], progress: Progress | None = None
) -> list[Ranking]:
    """One ranking per request, in order, through `rank_many` where the recommender has it.

    Raises:
        RequestError: if the deadline passes between two chunks.
    """
    rankings: list[Ranking] = []
    for start in range(0, len(requests), CHUNK):
        if start:
            check_work()
        chunk = list(requests[start : start + CHUNK])
        if isinstance(recommender, ManyRanker):
            rankings += recommender.rank_many(chunk)
        else:
            rankings += [recommender.rank(one.basket, one.candidates, one.language) for one in chunk]
        if progress:
            progress(len(chunk))
    return rankings
