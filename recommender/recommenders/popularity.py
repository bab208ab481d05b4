"""Popularity: what is bought most often comes first, whoever asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from recommender.recommenders.entry import Entry
from recommender.recommenders.ranking import Ranking
from recommender.shop.baskets import Row
from recommender.shop.items import Item


class Popularity:
    """How often an item occurs in the training rows, as the next one or in a basket: p ~ count + `smoothing`."""

    def __init__(self, rows: Sequence[Row], smoothing: float = 1.0) -> None:
        self.counts = Counter(item_id for row in rows for item_id in row.items)
        self.smoothing = smoothing

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """The commonest candidate first, whatever the basket.

        Raises:
            RequestError: if there is no candidate.
        """
        return Ranking.from_weights(candidates, [self.counts[item.id] + self.smoothing for item in candidates])


RECOMMENDER: Final = Entry("popularity", "rows", lambda given: Popularity(given.rows), colour="popularity")
