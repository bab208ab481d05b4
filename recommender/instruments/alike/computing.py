"""What the model would have bought next, beside what is nearest to the last purchase by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from recommender.recommenders.name_overlap import NameOverlap
from recommender.recommenders.ranking import Ranking, Recommender
from recommender.shop.items import Item

By = Literal["vectors", "words"]


@dataclass(frozen=True)
class Near:
    """An item on offer and how near its name is to that of the last purchase, 1 being the same."""

    item: Item
    nearness: float


@dataclass(frozen=True)
class Alike:
    """Two answers to one purchase.

    Attributes:
        bought: the last purchase.
        ranking: what the model says goes with the whole basket.
        near: every item on offer, the nearest to `bought` by its name first.
        by: whether that is by the model's vectors of items, or, where it has none, by the words that names share.
    """

    bought: Item
    ranking: Ranking
    near: tuple[Near, ...]
    by: By

    @property
    def place(self) -> int:
        """Where the model puts the item whose name is nearest, from 1."""
        return self.ranking.rank_of(self.near[0].item.id) or len(self.ranking)

    @property
    def is_same(self) -> bool:
        """Whether both name one item first."""
        return self.place == 1


def alike(recommender: Recommender, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Alike:
    """What goes with a basket, and what looks like the last thing in it.

    Raises:
        RecommenderError: if there is no candidate, or vectors can't be computed.
    """
    ranking, bought = recommender.rank(basket, candidates, language), basket[-1]
    if getattr(recommender, "knows_goods", False):
        asked: Any = recommender
        vectors = asked.item_vectors([bought, *candidates])
        nearness = [float(one) for one in vectors[1:] @ vectors[0]]
        found = sorted(map(Near, candidates, nearness), key=lambda one: -one.nearness)
        return Alike(bought, ranking, tuple(found), "vectors")
    shared = NameOverlap().rank([bought], candidates, language)
    return Alike(bought, ranking, tuple(Near(row.item, row.probability) for row in shared), "words")
