"""Training rows over the knowledge base: small shops put together from needs, and customers who have some of them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import torch

from recommender.corpus.sampling import systematic
from recommender.corpus.world.base import Good, KnowledgeBase, Member, Need
from recommender.corpus.world.law import SOON, NeedLaw, Session
from recommender.language import SOURCE
from recommender.shop.items import NAMED_IN, Item
from recommender.training.corpus.stream import Encoded, PromptEncoder
from recommender.training.towers import Towers


@dataclass(frozen=True)
class WorldMixture:
    """What world rows consist of; the shares are of rows.

    `near` is the share of shops put together from one kind of shop, `sector` from one sector; the rest takes its needs
    from anywhere. `events` have views or a cart, `strangers` a basket to which nothing on offer relates, `repeats`
    offer again what was bought, `substitutes` offer what could replace it, `mixed` have items of a sports shop among
    the rest, `lower` are written in lower case. `towers` is how much of an answer's share the towers say, who know what
    no need of the shop has: the rest says the law.
    """

    items: tuple[int, int] = (6, 50)
    near: float = 0.4
    sector: float = 0.2
    events: float = 0.12
    strangers: float = 0.06
    repeats: float = 0.06
    mixed: float = 0.1
    substitutes: float = 0.35
    towers: float = 0.5
    lower: float = 0.1
    answers: int = 6
    languages: tuple[str, ...] = NAMED_IN


MOST_EACH: Final = 9
SHARPER: Final = 1.5
"""The towers are told from hundreds of goods, a shop has dozens."""
STRANGE: Final = 1.5
"""Under this ratio of likeliest to least likely nothing on offer relates."""
ALIASES: Final = 0.3
"""How often a good that has other names is called by one of them."""


class WorldRows:
    """Rows over the needs of `base`, which is the training part of the knowledge base; `sports` are guests."""

    def __init__(
        self,
        base: KnowledgeBase,
        encoder: PromptEncoder,
        sports: Sequence[Item] = (),
        towers: Towers | None = None,
    ) -> None:
        self.base, self.encoder, self.towers = base, encoder, towers
        self._mates: dict[str, list[str]] = defaultdict(list)
        for good in base.goods:
            if good.id in base.of_good:
                self._mates[good.kind].append(good.id)
        self.law = NeedLaw(base)
        self.sports = list(sports)
        self.sector = {shop.id: shop.sector for shop in base.shops}
        self._shops = sorted(base.by_shop)
        self._sizes = [len(base.by_shop[shop]) for shop in self._shops]

    def row(self, mixture: WorldMixture, rng: random.Random) -> Encoded:
        """One row of the mixture in a random language."""
        language = rng.choice(mixture.languages)
        session, offered = self.customer(mixture, rng)
        names = self._names(language, rng.random() < mixture.lower, rng)
        told = systematic(self._next(session, offered, mixture), mixture.answers, rng)
        shown = [names(key) for key in offered]
        if rng.random() < mixture.mixed and self.sports:
            shown += [item.name(language) for item in rng.sample(self.sports, rng.randint(3, 20))]
            rng.shuffle(shown)
        return self.encoder.encode(
            [names(key) for key in session.basket],
            list(dict.fromkeys(shown)),
            [names(key) for key in told],
            language,
            [names(key) for key in session.viewed],
            [names(key) for key in session.cart],
        )

    def _next(self, session: Session, offered: Sequence[str], mixture: WorldMixture) -> dict[str, float]:
        """What the law says, mixed with what the towers say of who only bought, and to whom something relates."""
        told = self.law.next_distribution(session, offered)
        if not self.towers or session.viewed or session.cart or max(told.values()) < STRANGE * min(told.values()):
            return told
        fresh = [key for key in offered if key not in session.basket]
        if not fresh:
            return told
        # What is owned keeps the share that the law gives it.
        theirs = mixture.towers * sum(told[key] for key in fresh)
        scores = torch.from_numpy(SHARPER * self.towers.scores(session.basket, fresh))
        shares = dict(zip(fresh, torch.softmax(scores, 0).tolist(), strict=True))
        return {
            key: (1.0 - mixture.towers) * told[key] + theirs * shares[key] if key in shares else told[key]
            for key in offered
        }

    def customer(self, mixture: WorldMixture, rng: random.Random) -> tuple[Session, list[str]]:
        """What a customer has done, and the ids on offer in a random order."""
        low, high = mixture.items
        size = round(low * (high / low) ** rng.random())
        count = max(2, min(10, round(size / rng.choice((3, 4, 5, 6, 7)))))
        needs = self._needs(count, mixture, rng)
        stock = self._stock(needs, size, rng)
        wanted = self._wanted(needs, stock, rng)
        if not wanted:
            return self.customer(mixture, rng)
        bought = self._buy(wanted, stock, rng)
        draw = rng.random()
        if draw < mixture.strangers:
            return self._stranger(bought, stock, rng)
        owned = set(bought)
        if rng.random() < mixture.substitutes:
            for key in rng.sample(bought, min(len(bought), 2)):
                mates = [mate for mate in self._mates[stock[key].kind] if mate not in stock]
                for mate in rng.sample(mates, min(len(mates), rng.randint(1, 3))):
                    stock[mate] = self.law.goods[mate]
        offered = [key for key in stock if key not in owned]
        session = Session(tuple(bought))
        draw -= mixture.strangers
        if draw < mixture.repeats:
            # In the order of the basket: a set's order differs from one process to the next.
            offered += [key for key in bought if self.law.goods[key].again or rng.random() < 0.5]
        elif draw - mixture.repeats < mixture.events:
            session = self._events(session, offered, rng)
        if len(offered) < 2:
            return self.customer(mixture, rng)
        rng.shuffle(offered)
        return session, offered

    def _needs(self, count: int, mixture: WorldMixture, rng: random.Random) -> list[Need]:
        draw = rng.random()
        pool: Sequence[Need] = self.base.needs
        if draw < mixture.near + mixture.sector:
            shop = rng.choices(self._shops, self._sizes)[0]
            pool = self.base.by_shop[shop] if draw < mixture.near else self.base.by_sector[self.sector[shop]]
        return rng.sample(pool, min(count, len(pool)))

    def _stock(self, needs: Sequence[Need], size: int, rng: random.Random) -> dict[str, Good]:
        each = max(2, -(-size // len(needs)))
        stock: dict[str, Good] = {}
        for need in needs:
            for member in rng.sample(need.members, min(len(need.members), each, MOST_EACH)):
                stock[member.good.id] = member.good
        return stock

    def _wanted(self, needs: Sequence[Need], stock: dict[str, Good], rng: random.Random) -> list[list[Member]]:
        """The members in stock of one to three needs, of which two at least are there."""
        there = [[m for m in need.members if m.good.id in stock] for need in needs]
        there = [members for members in there if len(members) > 1]
        count = rng.choices((1, 2, 3), weights=(0.7, 0.24, 0.06))[0]
        return rng.sample(there, min(count, len(there)))

    def _buy(self, wanted: Sequence[Sequence[Member]], stock: dict[str, Good], rng: random.Random) -> list[str]:
        bought: list[str] = []
        for members in wanted:
            count = min(len(members) - 1, rng.choices((1, 2, 3, 4), weights=(0.4, 0.3, 0.2, 0.1))[0])
            left, part = list(members), list[str]()
            for _ in range(count):
                kinds = {stock[key].kind for key in part}
                weights = [SOON[m.when] * (0.05 if m.good.kind in kinds else 1.0) for m in left]
                one = rng.choices(left, weights)[0]
                left.remove(one)
                part.append(one.good.id)
            bought += part
        if len(wanted) > 1 and rng.random() < 0.4:
            rng.shuffle(bought)
        return list(dict.fromkeys(bought))

    def _stranger(self, bought: Sequence[str], stock: dict[str, Good], rng: random.Random) -> tuple[Session, list[str]]:
        """A basket from another sector than anything in stock, with which nothing of it shares a need."""
        sectors = {self.sector[need.shop] for key in stock for need, _ in self.base.of_good.get(key, ())}
        far = [sector for sector in self.base.by_sector if sector not in sectors]
        session = Session(tuple(bought))
        if far:
            need = rng.choice(self.base.by_sector[rng.choice(far)])
            few = [m.good.id for m in rng.sample(need.members, rng.randint(1, min(3, len(need.members))))]
            session = Session(tuple(key for key in few if key not in stock) or tuple(bought))
        offered = list(stock)
        if session.basket == tuple(bought):
            offered = [key for key in offered if not self.law.related(session, [key])[key] and key not in bought]
        rng.shuffle(offered)
        return (session, offered) if len(offered) > 1 else (session, [*offered, *rng.sample(sorted(self.law.goods), 5)])

    def _events(self, session: Session, offered: Sequence[str], rng: random.Random) -> Session:
        """Views and a cart: mostly of what the law would have next, at times a whim."""
        likely = self.law.next_distribution(session, offered)
        keys, weights = list(likely), list(likely.values())
        whim = [1.0 / len(keys)] * len(keys)
        picks = [rng.choices(keys, weights if rng.random() < 0.7 else whim)[0] for _ in range(rng.randint(1, 4))]
        picks = list(dict.fromkeys(picks))
        in_cart = rng.choice((0, 0, 1, 1, 2))
        basket = session.basket if rng.random() < 0.8 else ()
        return Session(basket, tuple(picks[in_cart:]), tuple(picks[:in_cart])) if picks else session

    def _names(self, language: str, lower: bool, rng: random.Random) -> Callable[[str], str]:
        """How each good is called in a row: mostly by its name, at times by an alias that no other good there has."""
        goods = self.law.goods
        called: dict[str, str] = {}

        def name(key: str) -> str:
            if key not in called:
                names = goods[key].names(language)
                text = rng.choice(names) if len(names) > 1 and rng.random() < ALIASES else names[0]
                called[key] = names[0] if text in called.values() else text
            return called[key].lower() if lower and language == SOURCE else called[key]

        return name
