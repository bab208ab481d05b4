"""Chance: any order, as likely as any other."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from recommender.recommenders.entry import Entry
from recommender.recommenders.ranking import Ranking
from recommender.shop.items import Item


class Chance:
    """A draw from all rankings alike, the same for the same seed and basket in any order of candidates."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """A random order, with probabilities that are uniform over all distributions (Dirichlet of ones).

        Raises:
            RequestError: if there is no candidate.
        """
        bought = " ".join(item.id for item in basket)
        draws = [random.Random(f"{self.seed}|{bought}|{item.id}").expovariate(1.0) for item in candidates]
        return Ranking.from_weights(candidates, draws)


RECOMMENDER: Final = Entry("random", "nothing", lambda given: Chance(given.seed), explains=False)
