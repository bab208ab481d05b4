"""Chance."""

from recommender.recommenders.chance import Chance
from tests.recommenders.shop import ITEMS, SHOP, ids


def test_chance_depends_on_seed_and_basket() -> None:
    orders = {
        tuple(ids(Chance(seed).rank([SHOP[bought]], ITEMS[2:])))
        for seed in range(5)
        for bought in ("soccer-ball", "soccer-jersey")
    }
    assert len(orders) > 5


def test_chance_puts_each_candidate_first_about_equally_often() -> None:
    firsts = [Chance(seed).rank([ITEMS[0]], ITEMS[1:]).best.item.id for seed in range(500)]
    assert all(60 < firsts.count(item.id) < 140 for item in ITEMS[1:])
