"""A small shop and its training rows, for every test of a recommender."""

from __future__ import annotations

from recommender.recommenders.ranking import Ranking
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

ITEMS = (
    Item("soccer-ball", "Soccer Ball", "كرة القدم", "soccer", "ball"),
    Item("soccer-jersey", "Soccer Jersey", "قميص كرة القدم", "soccer", "top"),
    Item("soccer-cleats", "Soccer Cleats", "حذاء كرة القدم", "soccer", "footwear"),
    Item("tennis-ball", "Tennis Ball", "كرة التنس", "tennis", "ball"),
    Item("tennis-shirt", "Tennis Shirt", "قميص التنس", "tennis", "top"),
    Item("kettle", "Kettle"),
)
SHOP = Catalogue("shop", ITEMS)


def row(basket: str, following: str) -> Row:
    return Row(f"{basket} {following}", "train", "begun", tuple(basket.split()), following)


ROWS = [
    row("soccer-jersey", "soccer-ball"),
    row("soccer-ball soccer-jersey", "soccer-cleats"),
    row("tennis-shirt", "tennis-ball"),
    row("soccer-ball", "tennis-ball"),
]


def ids(ranking: Ranking) -> list[str]:
    return [scored.item.id for scored in ranking]
