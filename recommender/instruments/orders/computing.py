"""Does the order matter? The same question in many orders: of the candidates, or of the purchases."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal, get_args

from recommender.errors import RequestError
from recommender.instruments.checks import check_count
from recommender.instruments.orders import MOST
from recommender.language.text import shown
from recommender.recommenders.many import rank_all
from recommender.recommenders.ranking import RankRequest, Recommender
from recommender.shop.items import Item

Shuffled = Literal["candidates", "basket"]


@dataclass(frozen=True)
class Spread:
    """How one candidate fares over the orders.

    Attributes:
        share: of the orders in which it came first.
        lowest: of its probabilities; `median` and `highest` likewise.
        in_order: its probability with the order as it was.
    """

    item: Item
    share: float
    lowest: float
    median: float
    highest: float
    in_order: float

    def to_json(self) -> dict[str, object]:
        """`{"id", "share", "lowest", "median", "highest", "in_order"}`."""
        return {
            "id": self.item.id,
            "share": self.share,
            "lowest": self.lowest,
            "median": self.median,
            "highest": self.highest,
            "in_order": self.in_order,
        }


@dataclass(frozen=True)
class Orders:
    """What comes of other orders.

    Attributes:
        of: what was shuffled: `candidates` or `basket`.
        n: other orders asked; fewer than wished where there are no more, 0 for a single thing.
        agreement: share of them with the same best item as the order that was; 1 where there is no other order.
        best: the best item in the order that was.
        top: every candidate, those that came first most often first, then by median probability. Where there is no
            other order the figures are those of the order that was.
    """

    of: str
    n: int
    agreement: float
    best: Item
    top: tuple[Spread, ...]

    def to_json(self, top: int | None = None) -> dict[str, object]:
        """`{"of", "n", "agreement", "best", "top"}`, the first `top` of it or all."""
        return {
            "of": self.of,
            "n": self.n,
            "agreement": self.agreement,
            "best": self.best.id,
            "top": [spread.to_json() for spread in self.top[:top]],
        }


def orders(
    recommender: Recommender,
    basket: Sequence[Item],
    candidates: Sequence[Item],
    language: str = "en",
    *,
    of: Shuffled = "candidates",
    n: int = 20,
    seed: int = 0,
    viewed: Sequence[Item] = (),
    cart: Sequence[Item] = (),
) -> Orders:
    """Ask with `n` other orders of the candidates or of the purchases, in one batch.

    No order is asked twice, and the same seed gives the same orders. What was `viewed` and what lies in the `cart` is
    told each time, in the order given.

    Raises:
        RequestError: if there is no candidate, `of` is neither, or `n` is out of range.
    """
    if of not in get_args(Shuffled):
        raise RequestError("option_unknown", option="of", value=shown(str(of)), known=get_args(Shuffled))
    check_count("shuffles", n, MOST)
    others = shuffles(basket if of == "basket" else candidates, n, seed)
    plain = RankRequest(basket, candidates, language, viewed=viewed, cart=cart)
    field = "basket" if of == "basket" else "candidates"
    own, *rankings = rank_all(recommender, [plain, *(_with(plain, field, order) for order in others)])
    seen = rankings or [own]
    found = [{row.item.id: row.probability for row in ranking} for ranking in seen]
    bests = [ranking.best.item.id for ranking in seen]
    spreads = [
        _spread(row.item, row.probability, bests.count(row.item.id) / len(seen), [one[row.item.id] for one in found])
        for row in own
    ]
    best = own.best.item
    top = sorted(spreads, key=lambda spread: (-spread.share, -spread.median))
    return Orders(of, len(rankings), bests.count(best.id) / len(seen), best, tuple(top))


def other_orders(things: int, n: int) -> int:
    """How many other orders of so many things are asked where `n` are wished: there may be fewer."""
    # Beyond 8 things there are more orders than anyone asks for.
    return min(n, math.factorial(min(things, 8)) - 1)


def shuffles(items: Sequence[Item], n: int, seed: int) -> list[list[Item]]:
    """`n` random orders of `items`, all different and none the given one; all there are where they are fewer."""
    rng = random.Random(f"{seed}|{' '.join(item.id for item in items)}")
    own = tuple(range(len(items)))
    wanted = other_orders(len(items), n)
    found: dict[tuple[int, ...], None] = {}
    while len(found) < wanted:
        order = tuple(rng.sample(own, len(own)))
        if order != own:
            found[order] = None
    return [[items[place] for place in order] for order in found]


def _with(request: RankRequest, field: str, order: Sequence[Item]) -> RankRequest:
    return replace(request, **{field: order})  # type: ignore[arg-type]


def _spread(item: Item, in_order: float, share: float, probabilities: Sequence[float]) -> Spread:
    return Spread(item, share, min(probabilities), median(probabilities), max(probabilities), in_order)
