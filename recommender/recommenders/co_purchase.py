"""Co-purchase: what was bought together with the things in the basket comes first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from recommender.recommenders.entry import Entry
from recommender.recommenders.popularity import Popularity
from recommender.recommenders.ranking import Ranking
from recommender.shop.baskets import Row
from recommender.shop.items import Item

NAME: Final = "item-knn"
"""As the method is called where it was published, and in every JSON document."""


class CoPurchase:
    """Items bought together: item-based nearest neighbours (Sarwar et al., WWW 2001).

    Each training row is the set of its basket and its next item; two items are as near as the cosine of their columns,
    n(a, b) / sqrt(n(a) n(b)). A candidate's probability is its share of the nearness to the basket, mixed with
    `smoothing` of popularity; where nothing in the basket was ever bought with a candidate, popularity is all of it.
    """

    def __init__(self, rows: Sequence[Row], smoothing: float = 0.1) -> None:
        self.popularity = Popularity(rows)
        self.smoothing = smoothing
        self.together = Counter(pair for row in rows for pair in combinations(sorted(row.items), 2))

    def similarity(self, first: str, second: str) -> float:
        """Cosine of two items by id, from 0 to 1; 0 for an item that no training row holds."""
        both = self.together[min(first, second), max(first, second)]
        counts = self.popularity.counts
        return both / math.sqrt(counts[first] * counts[second]) if both else 0.0

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """The candidate nearest to the basket as a whole first.

        Raises:
            RequestError: if there is no candidate.
        """
        nearness = [sum(self.similarity(item.id, bought.id) for bought in basket) for item in candidates]
        popular = {row.item.id: row.probability for row in self.popularity.rank(basket, candidates, language)}
        total = sum(nearness)
        if not total:
            return Ranking.from_weights(candidates, [popular[item.id] for item in candidates])
        weights = [
            (1 - self.smoothing) * near / total + self.smoothing * popular[item.id]
            for item, near in zip(candidates, nearness, strict=True)
        ]
        return Ranking.from_weights(candidates, weights)


RECOMMENDER: Final = Entry(NAME, "rows", lambda given: CoPurchase(given.rows), colour="knn")
