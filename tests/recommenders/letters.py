"""Recommenders of four letters that say what they are told to, and count how they are asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

ITEMS = tuple(Item(letter, en=letter.upper()) for letter in "abcd")
SHOP = Catalogue("letters", ITEMS)


@dataclass
class Fixed:
    """Gives each item its weight, and counts how it is asked."""

    weights: dict[str, float]
    asked: list[int] = field(default_factory=list)

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        self.asked.append(1)
        scores = [math.log(self.weights[one.id]) if self.weights[one.id] else -math.inf for one in candidates]
        return Ranking.from_scores(candidates, scores)


class Batched(Fixed):
    def rank_many(self, requests: list[RankRequest]) -> list[Ranking]:
        rankings = [self.rank(one.basket, one.candidates) for one in requests]
        self.asked = [*self.asked[: -len(requests)], len(requests)]
        return rankings


UP = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}
DOWN = {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1}
