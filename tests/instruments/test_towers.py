"""Two towers: what names propose, what sales do, and where all of it lies on the maps."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from recommender.errors import RequestError
from recommender.instruments.towers import TAKEN
from recommender.instruments.towers.computing import flat, sales_of, towers
from recommender.instruments.towers.drawing import HEIGHT, WIDTH, towers_html
from recommender.language import LANGUAGES
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.page.test_wording import read

ITEMS = tuple(Item(f"i{number:02}", f"Item {number}", f"منتج {number}") for number in range(20))
SHOP = Catalogue("made-up", ITEMS)


class Ring:
    """Vectors on a ring: neighbours by number are neighbours by name."""

    knows_goods = True

    def item_vectors(self, items: Sequence[Item], language: str | None = None) -> Any:
        angles = [2 * math.pi * int(item.id[1:]) / 24 for item in items]
        return np.array([[math.cos(angle), math.sin(angle)] for angle in angles], np.float32)


def row(*numbers: int) -> Row:
    *basket, following = (f"i{number:02}" for number in numbers)
    return Row("g", "train", "kind", tuple(basket), following)


ROWS = (row(0, 10), row(0, 10), row(0, 11), row(0, 1), row(5, 6))


def found(rows: Sequence[Row] = ROWS, basket: Sequence[Item] = ITEMS[:1], own: bool = False) -> Any:
    sales = sales_of(rows, SHOP) if rows else None
    return towers(Ring(), SHOP, basket, SHOP.candidates(basket), sales, own)


def test_names_propose_neighbours_and_sales_what_was_bought_next() -> None:
    seen = found()
    assert seen.source == "rows" and (seen.taken, seen.items) == (TAKEN, 20)
    assert [dot.item.id for dot in seen.of("sales", "both")] == ["i01", "i10", "i11"]
    assert {"i01", "i02", "i03"} <= {dot.item.id for dot in seen.of("names", "both")} and seen.shared == 1
    first, second = seen.dots[:2]
    assert (first.by, first.number) == ("bought", 0)
    assert (second.item.id, second.by, second.number) == ("i01", "both", 1)
    numbers = [dot.number for dot in seen.dots if dot.number]
    assert numbers == list(range(1, len(numbers) + 1))
    for dot in seen.dots:
        assert all(0 <= value <= 1 for value in (*dot.names, *(dot.sales or ())))


def test_without_sales_there_is_one_tower_and_one_map() -> None:
    seen = found(())
    assert seen.source == "none" and not seen.of("sales", "both") and all(dot.sales is None for dot in seen.dots)
    assert towers_html(seen, "en").count("data-map=") == 1


def test_items_that_no_sale_knows_are_drawn_too() -> None:
    grown = SHOP.with_items(["Novelty"])
    basket = [grown.items[-1]]

    class Knowing(Ring):
        def item_vectors(self, items: Sequence[Item], language: str | None = None) -> Any:
            return super().item_vectors([item if item.id[1:].isdigit() else ITEMS[0] for item in items])

    seen = towers(Knowing(), grown, basket, grown.candidates(basket), sales_of(ROWS, SHOP), own=True)
    assert seen.source == "own" and not seen.of("sales", "both") and seen.dots[0].by == "bought"
    assert "was ever sold" in read(towers_html(seen, "en")).text


def test_nothing_left_is_said() -> None:
    assert "Nothing is left" in read(towers_html(found(basket=ITEMS), "en")).text


def test_a_model_without_vectors_is_refused() -> None:
    with pytest.raises(RequestError, match="no vectors of items"):
        towers(object(), SHOP, ITEMS[:1], ITEMS[1:], None, own=False)


@pytest.mark.parametrize(
    "points", [[[0.0]], [[0.0, 0.0]], [[1.0, 2.0], [1.0, 2.0]], [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 2.0, 0.0]]]
)
def test_a_map_of_any_points_lies_within_its_box_and_is_always_the_same(points: list[list[float]]) -> None:
    seen = flat(np.array(points))
    assert seen.shape == (len(points), 2) and (seen >= 0).all() and (seen <= 1).all()
    assert (flat(np.array(points)) == seen).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_mark_hides_another_and_all_lie_within_the_map(language: str) -> None:
    html = towers_html(found(), language)
    assert html.count("data-map=") == 2 and html.count("data-dot=") == 40
    circles = [
        (float(mark.split('cx="')[1].split('"')[0]), float(mark.split('cy="')[1].split('"')[0]))
        for mark in html.split('data-map="names"')[1].split("</figure>")[0].split("<circle")[1:]
        if 'class="dot names"' in mark
    ]
    assert len(circles) == TAKEN - 1
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in circles)
    assert all(math.dist(one, two) > 12 for one, two in itertools.combinations(circles, 2))
    if language == "en":
        assert "Each tower proposes 8 items after this basket. Proposed by both: 1." in read(html).text


def test_a_large_shop_says_what_is_drawn() -> None:
    many = Catalogue("many", [*ITEMS, *(Item(f"x{number:03}", f"Thing {number}") for number in range(100))])
    seen = towers(Ring(), many, ITEMS[:1], ITEMS[1:], None, own=False)
    assert "Only these are drawn." in read(towers_html(seen, "en")).text
