"""The judging shops as they are shipped, and what is no judging shop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recommender.errors import DataError
from recommender.evaluation import judging

SHOP: dict[str, Any] = {
    "id": "tea-room",
    "items": [{"id": key, "en": key.title(), "ar": "شاي"} for key in ("tea", "cup", "milk")],
    "baskets": [{"basket": ["tea"], "accepted": ["cup"]}],
    "traps": [{"basket": ["cup", "tea"], "accepted": ["milk"]}],
}


def folder_of(tmp_path: Path, first: object, second: object) -> Path:
    for name, content in zip(judging.FILES, (first, second), strict=True):
        (tmp_path / name).write_text(json.dumps(content), "utf-8")
    return tmp_path


def test_the_shipped_shops_are_those_that_the_data_tells_of() -> None:
    found = judging.load()
    assert len({one.shop for one in found}) == 14
    for kind, count, guess in (("baskets", 182, 0.148), ("traps", 70, 0.114)):
        those = judging.of_kind(found, kind)
        assert len(those) == count
        assert sum(one.guess for one in those) / count == pytest.approx(guess, abs=0.0005)


def test_a_basket_stands_beside_the_rest_of_its_shop(tmp_path: Path) -> None:
    one, again, trap, _ = judging.load(folder_of(tmp_path, {"shops": [SHOP]}, {"shops": [SHOP]}))
    assert (one.kind, again.kind, trap.kind) == ("baskets", "baskets", "traps")
    assert [item.id for item in one.candidates] == ["cup", "milk"]
    assert one.guess == 0.5
    case = trap.case()
    assert [item.id for item in case.basket] == ["cup", "tea"]
    assert case.next.id == "milk" and case.next.ar == "شاي"


@pytest.mark.parametrize(
    "shop",
    [
        {**SHOP, "baskets": [{"basket": ["coffee"], "accepted": ["cup"]}]},
        {**SHOP, "baskets": [{"basket": ["tea"], "accepted": ["tea"]}]},
        {**SHOP, "traps": [{"basket": ["tea"], "accepted": []}]},
        {"id": "nothing"},
        "no shop",
    ],
)
def test_what_is_no_judging_shop_is_refused(tmp_path: Path, shop: object) -> None:
    with pytest.raises(DataError, match=judging.FILES[1]):
        judging.load(folder_of(tmp_path, {"shops": [SHOP]}, {"shops": [shop]}))


def test_shops_that_are_not_there_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=judging.FILES[0]):
        judging.load(tmp_path)


def test_a_basket_and_its_candidates_are_what_the_shop_sells_in_its_order() -> None:
    stocks = judging.stocks()
    for one in judging.load():
        assert one.candidates == tuple(item for item in stocks[one.shop] if item not in one.basket)
        assert set(one.basket) <= set(stocks[one.shop])
