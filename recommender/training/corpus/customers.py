"""Customers of the needs of one split of the knowledge base, with what the law says of each: to judge by, not to learn.

Their shops have needs of every split, as a real shop has things the model has seen and things it hasn't; what speaks
most in what they did is a need of the split.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from recommender.corpus.world import base
from recommender.corpus.world.base import KnowledgeBase
from recommender.corpus.world.law import NeedLaw, Session
from recommender.recommenders.ranking import RankRequest
from recommender.shop.items import Item
from recommender.training.corpus.world_stream import WorldMixture, WorldRows

BOUGHT: Final = WorldMixture(items=(12, 40), events=0, strangers=0, repeats=0, mixed=0)
"""They have bought things, and done nothing else."""
ACTIVE: Final = WorldMixture(items=(12, 40), events=1, strangers=0, repeats=0, mixed=0)
"""They have looked at things too, or put them in the cart."""


@dataclass(frozen=True)
class Customer:
    """What a customer has done, what is on offer, and what the law says of it.

    Attributes:
        need: the id of the need that speaks most.
    """

    law: NeedLaw
    session: Session
    offered: tuple[str, ...]
    need: str

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """p(next) of each of `offered`, in that order; sums to 1."""
        return tuple(self.law.next_distribution(self.session, self.offered).values())

    def share_of(self, item_id: str) -> float:
        """p(next) of what is on offer under an id."""
        return self.shares[self.offered.index(item_id)]

    def request(self, language: str, *, events: bool) -> RankRequest:
        """What a recommender is asked, with what was viewed and put in the cart if `events`."""
        viewed, cart = (self.session.viewed, self.session.cart) if events else ((), ())
        basket, offered, viewed_items, in_cart = map(self._items, (self.session.basket, self.offered, viewed, cart))
        return RankRequest(basket, offered, language, viewed=viewed_items, cart=in_cart)

    def _items(self, keys: tuple[str, ...]) -> tuple[Item, ...]:
        return tuple(self.law.goods[key].item() for key in keys)


def drawn(judged: KnowledgeBase, whole: KnowledgeBase, mixture: WorldMixture, rng: random.Random) -> Iterator[Customer]:
    """Customers of the needs of `judged`, a split, in shops of `whole`, without end."""
    law = NeedLaw(whole)
    rows = WorldRows(whole, encoder=None)  # type: ignore[arg-type]
    needs = {need.id for need in judged.needs}
    while True:
        session, offered = rows.customer(mixture, rng)
        interests = law.interests(session)
        need = max(interests, key=interests.__getitem__) if interests else ""
        if need in needs:
            yield Customer(law, session, tuple(offered), need)


@lru_cache(maxsize=4)
def customers(mixture: WorldMixture, count: int, seed: int, split: str = "test") -> tuple[Customer, ...]:
    """`count` customers of a split who have bought something; the same for the same seed.

    Raises:
        DataError: if a file of the knowledge base can't be used.
    """
    whole = base.load()
    found = drawn(whole.of_split(split), whole, mixture, random.Random(f"{seed}/{split} customers"))
    return tuple(itertools.islice((one for one in found if one.session.basket), count))
