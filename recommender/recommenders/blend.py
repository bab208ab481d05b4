"""A weighted blend of recommenders.

The blend is log-linear (a logarithmic opinion pool; Genest & Zidek 1986): p(item) ~ product of p_k(item) ^ w_k, the
weights summing to 1. Chosen over a linear mixture because the weight then also settles how sharply each part speaks: a
model too sure of itself does not drown the rest, and a part that is indifferent changes nothing. A part that rules an
item out (probability 0) rules it out of the blend.

`BLENDED` says what the model is blended with; `evaluation.tuning` chooses the weight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recommender.errors import RequestError
from recommender.recommenders import co_purchase
from recommender.recommenders.co_purchase import CoPurchase
from recommender.recommenders.entry import Entry, Material
from recommender.recommenders.many import rank_all
from recommender.recommenders.ranking import Ranking, RankRequest, Recommender
from recommender.shop.items import Item

NAME: Final = "blend"
MODEL: Final = "t5"
BLENDED: Final = co_purchase.NAME
"""What the model is blended with."""


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


def with_co_purchase(given: Material) -> Blend:
    """A language model blended with co-purchase, which has `weight`.

    Raises:
        ValueError: without a model.
    """
    if given.model is None:
        raise ValueError("a blend needs a model")
    return Blend([(MODEL, given.model, 1 - given.weight), (BLENDED, CoPurchase(given.rows), given.weight)])


RECOMMENDER: Final = Entry(NAME, "model", with_co_purchase, colour="blend")
