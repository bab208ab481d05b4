"""A weighted blend of recommenders, and the weight chosen on validation rows.

The blend is log-linear (a logarithmic opinion pool; Genest & Zidek 1986): p(item) ~ product of p_k(item) ^ w_k, the
weights summing to 1. Chosen over a linear mixture because the weight then also settles how sharply each part speaks: a
model too sure of itself does not drown the rest, and a part that is indifferent changes nothing. A part that rules an
item out (probability 0) rules it out of the blend.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from recommender.errors import RequestError
from recommender.evaluation import metrics
from recommender.recommenders.ranking import Ranking, RankRequest, Recommender
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue, Item
from recommender.system.deadline import check_work

GRID: Final = tuple(step / 20 for step in range(21))
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


@dataclass(frozen=True)
class Blend:
    """Recommenders blended log-linearly: `(name, recommender, weight)`; only the weights' proportions matter."""

    parts: Sequence[tuple[str, Recommender, float]]

    def __post_init__(self) -> None:
        """Refuse weights that no blend can have.

        Raises:
            RequestError: for a negative or infinite weight, or none above 0.
        """
        weights = [weight for _, _, weight in self.parts]
        if not all(0 <= weight < math.inf for weight in weights) or not sum(weights):
            raise RequestError("blend_weights", weights=tuple(weights))

    @property
    def weights(self) -> dict[str, float]:
        """Each part's weight by name; they sum to 1."""
        total = sum(weight for _, _, weight in self.parts)
        return {name: weight / total for name, _, weight in self.parts}

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """The blended ranking; a part of weight 0 is not asked.

        Raises:
            RequestError: if there is no candidate.
        """
        return self.rank_many([RankRequest(basket, candidates, language)])[0]

    def rank_many(self, requests: list[RankRequest]) -> list[Ranking]:
        """One blended ranking per request, in order; each part is asked for all of them at once."""
        total = sum(weight for _, _, weight in self.parts)
        columns = [rank_all(recommender, requests) for _, recommender, weight in self.parts if weight]
        weights = [weight / total for _, _, weight in self.parts if weight]
        return [mix(rankings, weights) for rankings in zip(*columns, strict=True)]


def mix(rankings: Sequence[Ranking], weights: Sequence[float]) -> Ranking:
    """The log-linear blend of rankings of the same candidates; ties keep the order of the first ranking.

    Raises:
        ValueError: if two rankings do not hold the same candidates.
    """
    candidates = [row.item for row in rankings[0]]
    scores = dict.fromkeys((item.id for item in candidates), 0.0)
    for ranking, weight in zip(rankings, weights, strict=True):
        if len(ranking) != len(scores) or any(row.item.id not in scores for row in ranking):
            raise ValueError("rankings of different candidates can't be blended")
        if weight:  # 0 times -inf is no number
            for row in ranking:
                scores[row.item.id] += weight * row.log_probability
    return Ranking.from_scores(candidates, [scores[item.id] for item in candidates])


@dataclass(frozen=True)
class Tuned:
    """The weight of the second recommender with the best NDCG@10, and the whole curve.

    Attributes:
        curve: (weight of the second, NDCG@10 over the rows), weights ascending.
        gain: NDCG@10 of the blend less that of the first alone, row by row, on the rows it was tuned on: flattering, so
            judge the chosen weight by `metrics.paired_difference` on other rows.
    """

    weight: float
    curve: tuple[tuple[float, float], ...]
    gain: metrics.Estimate


def tune_weight(
    first: Recommender,
    second: Recommender,
    rows: Sequence[Row],
    catalogue: Catalogue,
    language: str = "en",
    grid: Sequence[float] = GRID,
    seed: int = 0,
) -> Tuned:
    """The weight of `second` (0 to 1, `first` has the rest) with the highest NDCG@10 on `rows`; of equals the smallest.

    Each recommender ranks each row once. Tune on validation rows, never on test rows.

    Raises:
        RequestError: if there is no row.
    """
    if not rows:
        raise RequestError("evaluation_no_rows")
    requests = []
    for row in rows:
        basket = [catalogue[item_id] for item_id in row.basket]
        requests.append(RankRequest(basket, catalogue.candidates(basket), language))
    pairs = list(zip(rank_all(first, requests), rank_all(second, requests), strict=True))
    gains = {
        weight: [
            metrics.ndcg(mix(pair, (1 - weight, weight)).rank_of(row.next))
            for row, pair in zip(rows, pairs, strict=True)
        ]
        for weight in sorted({0.0, *grid})
    }
    curve = tuple((weight, sum(values) / len(values)) for weight, values in gains.items())
    best = max(curve, key=lambda point: (point[1], -point[0]))[0]
    gain = metrics.paired_difference(gains[best], gains[0.0], [row.group for row in rows], seed)
    return Tuned(best, curve, gain)
