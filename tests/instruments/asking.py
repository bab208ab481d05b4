"""Recommenders that keep count of what they are asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.shop.items import Item

Score = Callable[[Sequence[Item], Item], float]


@dataclass
class Stated:
    """Ranks by a stated score of (basket, candidate), in nats; `asked` holds each batch."""

    score: Score
    asked: list[list[RankRequest]] = field(default_factory=list)

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        return Ranking.from_scores(candidates, [self.score(basket, item) for item in candidates])

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        self.asked.append(list(requests))
        return [self.rank(one.basket, one.candidates, one.language) for one in requests]


def catalogue_of(text: str) -> list[Item]:
    """One item for each letter, its id and its name."""
    return [Item(letter, en=letter.upper()) for letter in text]
