"""The fixed pool of generated purchases that the shipped checkpoint has learned from, and what is kept out of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from recommender.corpus import law as synthetic
from recommender.corpus.law import Purchase
from recommender.shop import baskets
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue

POOL_SEED: Final = 20_000
POOL_SIZE: Final = 20_000


def judging_groups(rows: Sequence[Row]) -> frozenset[frozenset[str]]:
    """The groups of every validation and test row: no generated training row may be one of them."""
    return frozenset(row.items for row in rows if row.split != "train")


@cache
def training_pool(size: int = POOL_SIZE) -> tuple[Purchase, ...]:
    """The fixed pool of generated purchases over `sports` that the shipped checkpoint has learned from.

    The same `size` purchases wherever it is called; none is of a judging group of `data/baskets.csv`. Training asks the
    law again what follows their baskets, each time it comes to one, so it has seen more purchases than these, but none
    that goes on from another basket and none of a judging group.
    """
    sports = Catalogue.load("sports")
    rows = baskets.load(baskets.PATH, sports)
    return tuple(synthetic.sample(list(sports), POOL_SEED, size, exclude=judging_groups(rows)))
