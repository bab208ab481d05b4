"""Name overlap: what is called most like the things in the basket comes first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from recommender.language.text import match_key
from recommender.recommenders.entry import Entry
from recommender.recommenders.ranking import Ranking
from recommender.shop.items import Item

NAME: Final = "name-overlap"


class NameOverlap:
    """Words in common between a candidate's name and the names in the basket, in the language asked.

    p ~ mean over the basket of the Jaccard index of the two names' words (folded as in `match_key`), + `smoothing`. It
    needs no training row, so it is the bar for items never seen; it cannot see that two words mean the same.
    """

    def __init__(self, smoothing: float = 0.01) -> None:
        self.smoothing = smoothing

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """The candidate whose name shares most with the basket's first; all alike for an empty basket.

        Raises:
            RequestError: if there is no candidate.
        """
        bought = [_words(item, language) for item in basket]
        offered = [_words(item, language) for item in candidates]
        overlaps = [sum(_jaccard(words, other) for other in bought) / max(1, len(bought)) for words in offered]
        return Ranking.from_weights(candidates, [overlap + self.smoothing for overlap in overlaps])


def _words(item: Item, language: str) -> frozenset[str]:
    return frozenset(match_key(item.name(language)).split())


def _jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second) if first or second else 0.0


RECOMMENDER: Final = Entry(NAME, "names", lambda given: NameOverlap(), colour="overlap")
