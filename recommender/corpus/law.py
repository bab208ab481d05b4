"""A stated law of customers over any catalogue, with its exact next-purchase distribution.

The law says what the next purchase is, given the basket b = (i_1, …, i_n) in order of purchase. With A the items that
are not in b:

    urgency(i)    = 0.55 ^ stage(role of i): play needs a ball before shorts; an item with no role is the least urgent
    popularity(s) = 0.8 ^ (place of sport s in the catalogue)
    p(i | b) is a mixture of
      continue    a sport s of the basket, p(s) ~ sum of 0.25 ^ (n - j) over its items i_j: recent purchases count;
                  within it p(i) ~ urgency(i) over A
      kind        an item of A with the last item's role in another sport, p(i) ~ popularity(sport of i)
      popular     any item of A, p(i) ~ popularity(sport of i) * urgency(i)
    with weights 0.88, 0.08, 0.04; for a *collector's* basket (three or more items, each of another sport, all of one
    role) with weights 0.04, 0.94, 0.02, where `kind` holds every item of A with that role. A part with no item left
    gives its weight to the others in proportion.

p(i | b) depends on nothing but b, so it is the exact predictive distribution, whatever process has produced b: no model
can do better on the law's customers than rank by it. `sample_basket` states how customers' baskets begin.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from recommender.corpus.sampling import systematic
from recommender.shop.collectors import is_collector
from recommender.shop.items import Item

STAGES: Final = (
    "ball", "implement", "footwear", "top", "head", "hands", "protection", "bottom", "goal", "training", "other",
)  # fmt: skip
DECAY: Final = 0.55
SPORT_DECAY: Final = 0.8
RECENCY: Final = 0.25
WEIGHTS: Final = {"continue": 0.88, "kind": 0.08, "popular": 0.04}
COLLECTOR_WEIGHTS: Final = {"continue": 0.04, "kind": 0.94, "popular": 0.02}
_is_collector: Final = partial(is_collector, sport_may_be_unknown=True)


@dataclass(frozen=True)
class Purchase:
    """One generated customer: a basket (ids in order of purchase) and the next purchase, drawn from the law."""

    basket: tuple[str, ...]
    next: str

    @property
    def group(self) -> frozenset[str]:
        """The set of all items of the row, the unit in which data is split."""
        return frozenset((*self.basket, self.next))


class Law:
    """The law of customers over `items`; an item with no sport is a sport of its own."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)
        self.by_id = {item.id: item for item in self.items}
        self.sports: dict[str, list[Item]] = {}
        for item in self.items:
            self.sports.setdefault(item.sport or item.id, []).append(item)
        self.urgency = {item.id: DECAY ** STAGES.index(item.role or "other") for item in self.items}
        places = {sport: place for place, sport in enumerate(self.sports)}
        self.popularity = {item.id: SPORT_DECAY ** places[item.sport or item.id] for item in self.items}

    def next_distribution(self, basket: Sequence[str]) -> dict[str, float]:
        """p(next | basket) for every item not in `basket`, in catalogue order; sums to 1.

        For an empty basket it is the `popular` part alone. With everything owned it is empty.

        Raises:
            KeyError: for an id that is not of this law's items.
        """
        bought = [self.by_id[item_id] for item_id in basket]
        left = [item for item in self.items if item.id not in set(basket)]
        weights = COLLECTOR_WEIGHTS if _is_collector(bought) else WEIGHTS
        parts = {
            "continue": self._continue(bought, left),
            "kind": self._kind(bought, left),
            "popular": _normalised({item.id: self.popularity[item.id] * self.urgency[item.id] for item in left}),
        }
        total = sum(weights[name] for name, part in parts.items() if part)
        mixed = dict.fromkeys((item.id for item in left), 0.0)
        for name, part in parts.items():
            for item_id, probability in part.items():
                mixed[item_id] += weights[name] / total * probability
        return mixed

    def _continue(self, bought: Sequence[Item], left: Sequence[Item]) -> dict[str, float]:
        missing: dict[str, dict[str, float]] = {}
        for item in left:
            missing.setdefault(item.sport or item.id, {})[item.id] = self.urgency[item.id]
        recency: dict[str, float] = {}
        for age, item in enumerate(reversed(bought)):
            sport = item.sport or item.id
            if sport in missing:
                recency[sport] = recency.get(sport, 0.0) + RECENCY**age
        shares = _normalised(recency)
        return {
            item_id: shares[sport] * probability
            for sport in shares
            for item_id, probability in _normalised(missing[sport]).items()
        }

    def _kind(self, bought: Sequence[Item], left: Sequence[Item]) -> dict[str, float]:
        if not bought or not bought[-1].role:
            return {}
        last, collector = bought[-1], _is_collector(bought)
        return _normalised(
            {
                item.id: self.popularity[item.id]
                for item in left
                if item.role == last.role and (collector or item.sport != last.sport)
            }
        )

    def fitting(self, basket: Sequence[str]) -> list[str]:
        """The candidates that fit: of the role for a collector's basket, else of a sport in the basket.

        What a uniform pick would choose from; every candidate where none fits.
        """
        bought = [self.by_id[item_id] for item_id in basket]
        left = [item for item in self.items if item.id not in set(basket)]
        if _is_collector(bought):
            fits = [item.id for item in left if item.role == bought[0].role]
        else:
            sports = {item.sport for item in bought}
            fits = [item.id for item in left if item.sport in sports]
        return fits or [item.id for item in left]

    def sample_next(self, basket: Sequence[str], rng: random.Random) -> str:
        """One next purchase drawn from `next_distribution`."""
        distribution = self.next_distribution(basket)
        return rng.choices(list(distribution), weights=list(distribution.values()))[0]

    def spread_next(
        self, basket: Sequence[str], count: int, rng: random.Random, among: Collection[str] = ()
    ) -> list[str]:
        """`count` next purchases by systematic sampling of `next_distribution`; with `among`, of those items."""
        return systematic(self.next_distribution(basket), count, rng, among)

    def sample_basket(self, rng: random.Random, longest: int = 20) -> list[str]:
        """How a customer's basket begins, 1 to `longest` items, at least one item left over.

        14 % collect one role across three to five sports; 48 % play one sport, 24 % two, 8 % three, in runs or mixed;
        6 % own all of one sport and have begun another. Within a sport gear is bought by urgency, by half of it or at
        random.
        """
        kind = rng.random()
        if kind < 0.14 and (collected := self.collect(rng)):
            return collected[-longest:]
        if kind < 0.20 and len(self.sports) > 1:
            full, begun = rng.sample(list(self.sports), 2)
            parts = [self.buy(full, rng, everything=True), self.buy(begun, rng)]
        else:
            count = min(len(self.sports), rng.choices((1, 2, 3), weights=(0.6, 0.3, 0.1))[0])
            parts = [self.buy(sport, rng) for sport in rng.sample(list(self.sports), count)]
        basket = [item_id for part in parts for item_id in part]
        if len(parts) > 1 and rng.random() < 0.5:
            basket = _merge(parts, rng)
        return basket[-min(longest, len(self.items) - 1) :]

    def collect(self, rng: random.Random) -> list[str]:
        """A collector's basket: one role across three to five sports; empty where no role is in four sports."""
        by_role: dict[str, dict[str, list[Item]]] = {}
        for item in self.items:
            if item.role:
                by_role.setdefault(item.role, {}).setdefault(item.sport, []).append(item)
        roles = [role for role, sports in by_role.items() if len(sports) >= 4]
        if not roles:
            return []
        sports = by_role[rng.choice(roles)]
        chosen = rng.sample(list(sports), rng.randint(3, min(5, len(sports) - 1)))
        return [rng.choice(sports[sport]).id for sport in chosen]

    def buy(self, sport: str, rng: random.Random, *, everything: bool = False) -> list[str]:
        """Gear of one sport in the order of buying: any part of it, or `everything`."""
        left, bought = list(self.sports[sport]), []
        patience = rng.choice((0.0, 0.5, 1.0))
        count = len(left) if everything else rng.randint(1, max(1, len(left) - 1))
        for _ in range(count):
            item = rng.choices(left, weights=[self.urgency[one.id] ** patience for one in left])[0]
            left.remove(item)
            bought.append(item.id)
        return bought


def sample(
    items: Sequence[Item], seed: int, count: int, *, exclude: Collection[frozenset[str]] = (), longest: int = 20
) -> list[Purchase]:
    """`count` purchases of the law's customers, the same for the same seed.

    A purchase whose group is in `exclude` is rejected and drawn anew, which is how judging groups never train.
    """
    law, rng, purchases = Law(items), random.Random(seed), list[Purchase]()
    excluded = set(exclude)
    while len(purchases) < count:
        basket = law.sample_basket(rng, longest)
        purchase = Purchase(tuple(basket), law.sample_next(basket, rng))
        if purchase.group not in excluded:
            purchases.append(purchase)
    return purchases


def _normalised(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()} if total else {}


def _merge(parts: Sequence[Sequence[str]], rng: random.Random) -> list[str]:
    """The parts shuffled together, each keeping its own order."""
    queues = [list(part) for part in parts]
    merged: list[str] = []
    while any(queues):
        queue = rng.choice([queue for queue in queues if queue])
        merged.append(queue.pop(0))
    return merged
