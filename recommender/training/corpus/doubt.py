"""Questions that ask whether a model knows when it doesn't: strangers, and customers to whom something relates.

Both kinds come in pairs with as many candidates on offer, so that their number alone tells nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.corpus.world.base import KnowledgeBase, Need
from recommender.corpus.world.law import NeedLaw, Session
from recommender.evaluation import judging
from recommender.recommenders.ranking import RankRequest
from recommender.shop import baskets, shipped
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.tables import read_table

OFFERED: Final = (2, 45)
"""Candidates at least and at most, small shops as common as large ones by the logarithm. A generated shop has 90 goods
at most, and half of a shop may be of a stranger's sector too."""
MOST_BOUGHT: Final = 3
SPORTING: Final = ("sports", "outdoor", "wide")


@dataclass(frozen=True)
class Question:
    """A basket and what is on offer; `shares` is the law's p(next) by id, empty where no law is known.

    `related` where something on offer relates to the basket; `fitting` are the ids that are right then.
    """

    basket: tuple[Item, ...]
    candidates: tuple[Item, ...]
    related: bool
    fitting: frozenset[str] = frozenset()
    shares: tuple[float, ...] = ()

    def request(self, language: str) -> RankRequest:
        """What a recommender is asked."""
        return RankRequest(self.basket, self.candidates, language)


def questions(whole: KnowledgeBase, split: str, count: int, seed: int = 0) -> list[Question]:
    """`count` strangers and `count` related customers, in turns, whose needs are of `split`; shops are of any split."""
    rng = random.Random(f"doubt/{split}/{seed}")
    draw = _Draw(whole, split)
    found = []
    for _ in range(count):
        low, high = OFFERED
        size = round(low * (high / low) ** rng.random())
        found += [draw.stranger(size, rng), draw.related(size, rng)]
    return found


def sports_questions(count: int, seed: int = 0) -> list[Question]:
    """`count` validation rows of sports, and `count` strangers to them, in turns.

    A stranger is such a basket in an everyday shop, or a basket of an everyday shop among the sports.
    """
    rng = random.Random(f"doubt/sports/{seed}")
    sports = Catalogue.load("sports")
    rows = baskets.of_split(baskets.load(baskets.PATH, sports), "validation")
    everyday = [Catalogue.load(name) for name in shipped.shops() if name not in SPORTING]
    found = []
    for number in range(count):
        row, shop = rng.choice(rows), rng.choice(everyday)
        basket = tuple(sports[key] for key in row.basket)
        found.append(Question(basket, tuple(sports.candidates(basket)), related=True))
        if number % 2:
            goods = tuple(rng.sample(list(shop), rng.randint(1, MOST_BOUGHT)))
            found.append(Question(goods, tuple(sports), related=False))
        else:
            found.append(Question(basket[:MOST_BOUGHT], tuple(shop), related=False))
    return found


class _Draw:
    def __init__(self, whole: KnowledgeBase, split: str) -> None:
        self.whole, self.law = whole, NeedLaw(whole)
        self.needs = whole.of_split(split).needs
        self.sector = {shop.id: shop.sector for shop in whole.shops}

    def _stock(self, pool: Sequence[Need], size: int, rng: random.Random) -> Iterator[str]:
        """The goods of needs of `pool` in a random order, some of each need, so many that `size` may be left."""
        each = rng.randint(3, 7)
        for need in rng.sample(pool, min(len(pool), 4 + 2 * size // each)):
            yield from (member.good.id for member in rng.sample(need.members, min(len(need.members), each)))

    def stranger(self, size: int, rng: random.Random) -> Question:
        """What was bought is of another sector than anything on offer, and no need joins them."""
        while True:
            need = rng.choice(self.needs)
            home = self.sector[need.shop]
            few = rng.sample(need.members, rng.randint(1, min(MOST_BOUGHT, len(need.members))))
            session = Session(tuple(member.good.id for member in few))
            away = rng.choice([sector for sector in self.whole.by_sector if sector != home])
            stock = list(dict.fromkeys(self._stock(self.whole.by_sector[away], size, rng)))
            close = self.law.related(session, stock)
            far = [key for key in stock if not close[key] and key not in session.basket and home not in self._near(key)]
            if len(far) >= size:
                return self._question(session, far[:size])

    def _near(self, key: str) -> set[str]:
        """The sectors that a good is of."""
        return {self.sector[need.shop] for need, _ in self.whole.of_good[key]}

    def related(self, size: int, rng: random.Random) -> Question:
        """A customer of a judged need in a shop of its sector, with one thing at least on offer that fits."""
        while True:
            need = rng.choice(self.needs)
            few = rng.sample(need.members, rng.randint(1, min(MOST_BOUGHT, len(need.members) - 1)))
            session = Session(tuple(member.good.id for member in few))
            left = rng.sample(need.members, min(len(need.members), rng.randint(3, 7)))
            others = list(self._stock(self.whole.by_sector[self.sector[need.shop]], size, rng))
            stock = [key for key in dict.fromkeys([*(m.good.id for m in left), *others]) if key not in session.basket]
            fitting = self.law.fitting(session, stock)
            offered = list(dict.fromkeys([*fitting[:1], *rng.sample(stock[: 2 * size], min(len(stock), 2 * size))]))[
                :size
            ]
            if not fitting or len(offered) < size:
                continue
            rng.shuffle(offered)
            return self._question(session, offered)

    def _question(self, session: Session, offered: Sequence[str]) -> Question:
        shares = self.law.next_distribution(session, offered)
        related = any(self.law.related(session, offered).values())
        return Question(
            tuple(self.law.goods[key].item() for key in session.basket),
            tuple(self.law.goods[key].item() for key in offered),
            related,
            frozenset(self.law.fitting(session, offered)) if related else frozenset(),
            tuple(shares.values()),
        )


def shop_questions() -> list[Question]:
    """Judging: each basket in its own shop (related), and in shops that have nothing to do with it (strangers).

    `strangers.csv` has the pairs of shops, chosen by hand.

    Raises:
        DataError: if a file of the judging shops can't be used.
    """
    judged = judging.load()
    stocks = judging.stocks()
    found = [Question(one.basket, one.candidates, related=True, fitting=one.accepted) for one in judged]
    for line in read_table(judging.FOLDER / "strangers.csv", required=("bought_in", "offered_in")).lines:
        bought_in, offered = line.cells["bought_in"], stocks[line.cells["offered_in"]]
        asked = [one for one in judging.of_kind(judged, "baskets") if one.shop == bought_in]
        found += [Question(one.basket, offered, related=False) for one in asked]
    return found
