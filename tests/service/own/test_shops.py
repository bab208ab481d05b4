"""Visitors' shops: found by their key alone, bounded, expiring, gone for good."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from recommender.errors import DataError, RequestError
from recommender.service.own.keys import is_key, new_key
from recommender.service.own.pieces import begin
from recommender.service.own.shops import EMPTY_SECONDS, OwnShops
from tests.service.own.a_shop import a_shop


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shops(clock: Clock) -> OwnShops:
    return OwnShops(2, 600, 1_000_000, clock)


def test_a_key_can_not_be_guessed_and_nothing_else_is_one() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100 and all(map(is_key, keys))
    assert not any(map(is_key, ("own:", "own:../../etc/passwd", "sports", None, 7, next(iter(keys)) + "x")))


def test_a_shop_is_found_by_its_key_and_by_nothing_else(shops: OwnShops) -> None:
    shop = shops.begin()
    assert shops.find(shop.key) is shop and shops.stocked(shop.key) is None
    assert shops.find(new_key()) is None and shops.find(None) is None and shops.find("") is None
    with pytest.raises(DataError):
        shops.catalogue(shop.key)
    shop.catalogue = a_shop().catalogue
    assert shops.catalogue(shop.key) is shop.catalogue and shops.stocked(shop.key) is shop


def test_no_more_are_kept_than_the_settings_say(shops: OwnShops) -> None:
    shops.begin()
    shops.begin()
    with pytest.raises(RequestError, match="2 visitors"):
        shops.begin()
    with pytest.raises(RequestError, match="RECOMMENDER_SHOPS"):
        OwnShops(0, 60).begin()


def test_a_shop_that_nobody_uses_expires_and_one_without_items_soon(shops: OwnShops, clock: Clock) -> None:
    stocked, empty = shops.begin(), shops.begin()
    stocked.catalogue = a_shop().catalogue
    gone: list[str] = []
    shops.gone.append(gone.append)
    clock.now = EMPTY_SECONDS + 1
    assert shops.find(stocked.key) and shops.find(empty.key) is None and gone == [empty.key]
    clock.now += 599
    assert shops.find(stocked.key)
    clock.now += 601
    assert shops.find(stocked.key) is None and len(shops) == 0 and stocked.catalogue is None


def test_all_together_take_no_more_than_there_is_room_for(shops: OwnShops) -> None:
    shop = shops.begin()
    shop.sales, shop.catalogue = a_shop(), a_shop().catalogue
    shop.arriving = begin("a.csv", 3, False)
    shop.arriving.parts.append(b"x" * 900_000)
    assert shops.size > 900_000 + 4 * 20
    shops.check_room(50_000)
    with pytest.raises(RequestError):
        shops.check_room(200_000)


def test_what_training_wrote_goes_with_the_shop(shops: OwnShops) -> None:
    shop = shops.begin()
    first = shop.new_folder()
    first.mkdir()
    (first / "weights").write_text("…", encoding="utf-8")
    assert shop.new_folder() != first and shop.new_folder().parent == first.parent
    shop.folder = first
    shops.close()
    assert not first.parent.exists() and shop.folder is None
    shops.forget(shop.key)
