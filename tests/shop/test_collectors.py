"""Who collects one kind of thing."""

import pytest

from recommender.shop.collectors import is_collector
from recommender.shop.items import Item


def item(item_id: str, sport: str, role: str) -> Item:
    return Item(item_id, item_id, "", sport, role)


JERSEYS = [item(sport, sport, "top") for sport in ("soccer", "tennis", "hockey")]


def test_three_sports_of_one_role_make_a_collector() -> None:
    assert is_collector(JERSEYS)


@pytest.mark.parametrize(
    "basket",
    [
        JERSEYS[:2],
        [*JERSEYS, item("ball", "golf", "ball")],
        [*JERSEYS, item("second", "soccer", "top")],
        [item(name, name, "") for name in "abc"],
        [*JERSEYS[:2], item("unknown", "", "top")],
    ],
    ids=["two items", "another role", "a sport twice", "no role known", "a sport unknown"],
)
def test_what_is_no_collector(basket: list[Item]) -> None:
    assert not is_collector(basket)


def test_for_the_law_an_unknown_sport_is_one_more_sport() -> None:
    unknown = [item("unknown", "", "top"), item("another", "", "top")]
    assert is_collector([*JERSEYS[:2], unknown[0]], sport_may_be_unknown=True)
    assert not is_collector([*JERSEYS[:2], *unknown], sport_may_be_unknown=True)
    assert not is_collector([item(name, name, "") for name in "abc"], sport_may_be_unknown=True)
