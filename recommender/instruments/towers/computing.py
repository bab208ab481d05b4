"""What each tower of retrieval proposes after a basket, and where all items lie on two maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from recommender.errors import RequestError
from recommender.instruments.towers import MOST_DOTS, TAKEN
from recommender.retrieval.content import Vectors
from recommender.retrieval.together import Together
from recommender.retrieval.towers import Towers
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.sales import Sales

By = Literal["bought", "both", "names", "sales", "none"]
Source = Literal["own", "rows", "none"]
Map = NDArray[np.float64]

_EVEN: Final = 1e-9


@dataclass(frozen=True)
class Dot:
    """One item: who proposes it, its number among the proposed ones (0 for none), its place on each map, 0 to 1."""

    item: Item
    by: By
    number: int
    names: tuple[float, float]
    sales: tuple[float, float] | None


@dataclass(frozen=True)
class TwoTowers:
    """What the towers propose.

    Attributes:
        dots: the basket, then what is proposed by its number, then all others.
        shared: how many both propose, of the `taken` that each does.
        source: whose sales they are: the shop's `own`, the demo's training `rows`, or `none`.
        items: how many the shop has.
    """

    dots: tuple[Dot, ...]
    shared: int
    taken: int
    source: Source
    items: int

    def of(self, *by: By) -> list[Dot]:
        """The dots proposed by these."""
        return [dot for dot in self.dots if dot.by in by]


def towers(
    model: Any, catalogue: Catalogue, basket: Sequence[Item], candidates: Sequence[Item], sales: Sales | None, own: bool
) -> TwoTowers:
    """What names and sales propose after `basket`, of the `candidates` that are ranked.

    `sales` are of the catalogue's items, the shop's `own` or others; None where there are none.

    Raises:
        RequestError: if the model has no vectors of items.
        RecommenderError: if they can't be computed.
    """
    if not getattr(model, "knows_goods", False):
        raise RequestError("why_towers_no_vectors")
    drawn = [*basket, *candidates][:MOST_DOTS]
    few = Catalogue(catalogue.name, drawn, repeats=catalogue.repeats)
    taken = min(TAKEN, len(drawn) - len(basket))
    by_name = Towers.of(few, model).nearest(basket, taken)
    together = Together.learn(sales) if sales is not None and len(sales) else None
    places = [catalogue.place(item.id) for item in drawn]
    by_sales = _sold_with(together, catalogue, basket, drawn, taken) if together else []
    names_map = flat(model.item_vectors(drawn))
    sales_map = flat(_weights(together, places)) if together else None
    names, sold = {item.id for item in by_name}, {item.id for item in by_sales}
    order = list(dict.fromkeys([*(one for one in by_name if one.id in sold), *by_name, *by_sales]))
    numbers = {item.id: place for place, item in enumerate(order, 1)}
    bought = {item.id for item in basket}

    def dot(place: int, item: Item) -> Dot:
        by: By = "bought" if item.id in bought else _by(item.id in names, item.id in sold)
        number = 0 if by == "bought" else numbers.get(item.id, 0)
        return Dot(item, by, number, _at(names_map, place), None if sales_map is None else _at(sales_map, place))

    found = (dot(place, item) for place, item in enumerate(drawn))
    dots = sorted(found, key=lambda one: (one.by != "bought", one.number or len(drawn) + 1))
    source: Source = "none" if together is None else "own" if own else "rows"
    return TwoTowers(tuple(dots), len(names & sold), taken, source, len(catalogue))


def sales_of(rows: Sequence[Row], catalogue: Catalogue) -> Sales:
    """The demo's training baskets as sales of a catalogue that has their items: a customer for each row."""
    histories = [[catalogue.place(item) for item in (*row.basket, row.next)] for row in rows]
    items = np.array([place for history in histories for place in history], np.int32)
    customers = np.repeat(np.arange(len(histories), dtype=np.int32), [len(history) for history in histories])
    count = len(items)
    events, times = np.full(count, PURCHASE, np.int8), np.zeros(count, np.int64)
    return Sales(catalogue, customers, items, events, times, np.ones(count, np.float32))


def flat(points: Vectors | Map) -> Map:
    """Points of any dimensions in two, from 0 to 1, by their principal components; shape (points, 2).

    The same points give the same map: each component points to where its largest entry is.
    """
    centred = np.asarray(points, np.float64) - np.mean(points, axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2] * np.sign(axes[:2][np.arange(len(axes[:2])), np.abs(axes[:2]).argmax(1)])[:, None]
    seen = centred @ axes.T
    if seen.shape[1] < 2:
        seen = np.hstack([seen, np.zeros((len(seen), 2 - seen.shape[1]))])
    low, high = seen.min(0), seen.max(0)
    room = high - low
    found: Map = np.where(room > _EVEN, (seen - low) / np.where(room > _EVEN, room, 1.0), 0.5)
    return found


def _by(by_name: bool, by_sales: bool) -> By:
    return "both" if by_name and by_sales else "names" if by_name else "sales" if by_sales else "none"


def _at(found: Map, place: int) -> tuple[float, float]:
    return float(found[place, 0]), float(found[place, 1])


def _sold_with(
    together: Together, catalogue: Catalogue, basket: Sequence[Item], drawn: Sequence[Item], count: int
) -> list[Item]:
    """What sales propose: the items that follow the basket most strongly, none that never did."""
    known = len(together.sold)
    scores = together.scores([place for item in basket if (place := catalogue.place(item.id)) < known])
    bought = set() if catalogue.repeats else {item.id for item in basket}
    offered = [(item, catalogue.place(item.id)) for item in drawn if item.id not in bought]
    scored = [(float(scores[place]), item) for item, place in offered if place < known]
    return [item for score, item in sorted(scored, key=lambda one: -one[0])[:count] if score > 0]


def _weights(together: Together, places: Sequence[int]) -> Map:
    """How strongly some items go with each other in sales, each row of unit length; shape (items, items)."""
    spot = {place: number for number, place in enumerate(places)}
    found = np.zeros((len(places), len(places)))
    for number, place in enumerate(places):
        if place >= len(together.sold):
            continue
        for at in range(int(together.starts[place]), int(together.starts[place + 1])):
            other = spot.get(int(together.others[at]))
            if other is not None:
                found[number, other] = together.weights[at]
        # An item goes with itself as strongly as with what it goes with most.
        found[number, number] = found[number].max()
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    scaled: Map = found / np.where(lengths > _EVEN, lengths, 1.0)
    return scaled
