"""The law of customers who have needs: what is bought next, given what was bought, looked at and put in the cart.

With `b = (i_1, …, i_n)` the purchases in order, `v` the items viewed, `c` those in the cart, and A what is on offer:

    trace(n)    = sum over purchases, views and cart items of need n of their weight / sqrt(needs that the item serves);
                  a purchase weighs 0.6 ^ (purchases after it), a cart item 1, a view 0.5
    interest(n) = trace(n) ^ 1.5: a need that two items speak for counts more than two needs with one each
    continue(i) ~ sum over the needs n of i: interest(n) * soon(i, n), with soon = 1, 0.8, 0.5 for first, soon, later,
                  times 0.05 if something that i could replace was bought (or lies in the cart and isn't i)
                  times 4 if i was viewed, 15 if it lies in the cart
    p(i | b, v, c) = 0.95 continue(i) + 0.05 / |A|

What is on offer and already owned is bought again like anything else where it is used up, and else at 0.01 of that.
Where nothing on offer relates to the customer, p is even: nobody can know what a stranger buys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.corpus.world.base import Good, KnowledgeBase

SOON: Final = {"first": 1.0, "soon": 0.8, "later": 0.5}
RECENCY: Final = 0.6
VIEW: Final = 0.5
FOCUS: Final = 1.5
SUBSTITUTE: Final = 0.05
VIEWED: Final = 4.0
IN_CART: Final = 15.0
OWNED: Final = 0.01
CONTINUE: Final = 0.95


@dataclass(frozen=True)
class Session:
    """What a customer has done, ids in order: bought, looked at (and not bought), put in the cart."""

    basket: tuple[str, ...]
    viewed: tuple[str, ...] = ()
    cart: tuple[str, ...] = ()


class NeedLaw:
    """The law over the needs of a knowledge base (or of one of its splits)."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base
        self.goods: Mapping[str, Good] = {good.id: good for good in base.goods}

    def interests(self, session: Session) -> dict[str, float]:
        """How much each need speaks, by need id."""
        traces: dict[str, float] = {}
        bought = [(item_id, RECENCY**age) for age, item_id in enumerate(reversed(session.basket))]
        told = [
            *bought,
            *((item_id, VIEW) for item_id in session.viewed),
            *((item_id, 1.0) for item_id in session.cart),
        ]
        for item_id, weight in told:
            needs = self.base.of_good.get(item_id, [])
            for need, _ in needs:
                traces[need.id] = traces.get(need.id, 0.0) + weight / len(needs) ** 0.5
        return {need: trace**FOCUS for need, trace in traces.items()}

    def related(self, session: Session, offered: Sequence[str]) -> dict[str, float]:
        """The `continue` part for what is `offered`, not normalised; 0 for what doesn't relate."""
        interests = self.interests(session)
        bought = {self.goods[item_id].kind for item_id in session.basket if item_id in self.goods}
        in_cart = {self.goods[item_id].kind for item_id in session.cart if item_id in self.goods}
        found = {}
        for item_id in offered:
            weight = sum(interests.get(need.id, 0.0) * SOON[when] for need, when in self.base.of_good.get(item_id, ()))
            good = self.goods.get(item_id)
            if weight and good:
                if item_id in session.basket:
                    weight *= 1.0 if good.again else OWNED
                elif good.kind in bought or (good.kind in in_cart and item_id not in session.cart):
                    weight *= SUBSTITUTE
            if item_id in session.cart:
                weight *= IN_CART
            elif item_id in session.viewed:
                weight *= VIEWED
            found[item_id] = weight
        return found

    def next_distribution(self, session: Session, offered: Sequence[str]) -> dict[str, float]:
        """p(next) for every item `offered`, in that order; sums to 1, and is even where nothing relates."""
        weights = self.related(session, offered)
        total = sum(weights.values())
        share = CONTINUE if total else 0.0
        even = (1.0 - share) / max(1, len(offered))
        return {key: share * weight / (total or 1.0) + even for key, weight in weights.items()}

    def fitting(self, session: Session, offered: Sequence[str]) -> list[str]:
        """What is on offer that fits: it relates, and replaces nothing that was bought."""
        weights = self.related(session, offered)
        best = max(weights.values(), default=0.0)
        return [key for key, weight in weights.items() if weight > 2 * SUBSTITUTE * best]
