"""Recommenders without a model, fitted on training rows, to see what the language model is worth.

Each gives every candidate a probability above 0, so that blends and logarithms stay finite, and none reads the order of
the candidates but to break ties. An item that no training row holds is ranked too: by what little is known of it.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from recommender.language.text import match_key
from recommender.recommenders.ranking import Ranking, Recommender
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Item


class Popularity:
    """How often an item occurs in the training rows, as the next one or in a basket: p ~ count + `smoothing`."""

    def __init__(self, rows: Sequence[Row], smoothing: float = 1.0) -> None:
        self.counts = Counter(item_id for row in rows for item_id in _members(row))
        self.smoothing = smoothing

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """The commonest candidate first, whatever the basket.

        Raises:
            RequestError: if there is no candidate.
        """
        return _from_weights(candidates, [self.counts[item.id] + self.smoothing for item in candidates])


class ItemKNN:
    """Items bought together (Sarwar et al., WWW 2001).

    Each training row is the set of its basket and its next item; two items are as near as the cosine of their columns,
    n(a, b) / sqrt(n(a) n(b)). A candidate's probability is its share of the nearness to the basket, mixed with
    `smoothing` of popularity; where nothing in the basket was ever bought with a candidate, popularity is all of it.
    """

    def __init__(self, rows: Sequence[Row], smoothing: float = 0.1) -> None:
        self.popularity = Popularity(rows)
        self.smoothing = smoothing
        self.together = Counter(pair for row in rows for pair in combinations(sorted(_members(row)), 2))

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
            return _from_weights(candidates, [popular[item.id] for item in candidates])
        weights = [
            (1 - self.smoothing) * near / total + self.smoothing * popular[item.id]
            for item, near in zip(candidates, nearness, strict=True)
        ]
        return _from_weights(candidates, weights)


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
        return _from_weights(candidates, [overlap + self.smoothing for overlap in overlaps])


class RandomRecommender:
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
        return _from_weights(candidates, draws)


def fit(rows: Sequence[Row], seed: int = 0) -> dict[str, Recommender]:
    """All baselines by the name they have in tables, fitted on the same training rows."""
    return {
        "item-knn": ItemKNN(rows),
        "popularity": Popularity(rows),
        "name-overlap": NameOverlap(),
        "random": RandomRecommender(seed),
    }


def _members(row: Row) -> set[str]:
    return {*row.basket, row.next}


def _words(item: Item, language: str) -> frozenset[str]:
    return frozenset(match_key(item.name(language)).split())


def _jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second) if first or second else 0.0


def _from_weights(candidates: Sequence[Item], weights: Sequence[float]) -> Ranking:
    return Ranking.from_scores(candidates, [math.log(weight) for weight in weights])
