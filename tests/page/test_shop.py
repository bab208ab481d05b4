"""Inventories, example customers, and finding what a visitor chose."""

from pathlib import Path

import pytest

from recommender.page.shop import Shop
from recommender.page.state import MAX_NEW, State
from recommender.service import Service
from recommender.settings import Settings
from recommender.shop.shipped import shops
from tests.fake_model import FakeModel


def shop_of(settings: Settings | None = None) -> Shop:
    return Shop(Service(settings or Settings(), load=lambda name, device: FakeModel()))


@pytest.fixture(scope="module")
def shop() -> Shop:
    return shop_of()


def test_every_example_is_made_of_items_of_its_shop(shop: Shop) -> None:
    for key in shop.keys:
        assert shop.examples(key) == shops()[key].examples != ()
    assert [example.of_article for example in shop.examples("sports")].count(True) == 3


def test_a_shop_begins_with_its_first_customer(shop: Shop) -> None:
    assert shop.beginning("ar").items == shops()["sports"].examples[0].items
    assert shop.beginning("en", "outdoor").items == shops()["outdoor"].examples[0].items


def test_popular_items_are_those_of_the_histories_or_one_of_each_sport(shop: Shop) -> None:
    assert len(shop.popular(None)) == 5
    outdoor = shop.popular("outdoor")
    assert len({item.sport for item in outdoor}) == len(outdoor) == 5


def test_unknown_and_repeated_items_are_left_out_with_a_note(shop: Shop) -> None:
    chosen = shop.choose(State(items=("soccer-ball", "no-such", "Soccer Ball", "كرة التنس")))
    assert chosen.state.items == ("soccer-ball", "tennis-ball")
    assert [notice.key for notice in chosen.notices] == ["ui_notice_unknown", "ui_notice_twice"]


def test_typed_items_are_bought_where_the_basket_names_them(shop: Shop) -> None:
    chosen = shop.choose(State(items=("Padel Racket",), new=("Padel Racket", "مضرب بادل")))
    assert chosen.state.items == ("padel-racket",)
    assert [item.name("ar") for item in chosen.typed] == ["Padel Racket", "مضرب بادل"]
    assert chosen.notices == ()


def test_a_typed_name_that_can_not_be_or_is_there_is_told(shop: Shop) -> None:
    chosen = shop.choose(State(new=("<b>", "soccer ball", *(f"Thing {n}" for n in range(MAX_NEW)))))
    assert [notice.key for notice in chosen.notices] == ["name_brackets", "ui_notice_known", "ui_notice_too_many"]
    assert len(chosen.typed) == len(chosen.state.new) == MAX_NEW - 2


def test_only_the_pages_own_inventories_can_be_asked_for(shop: Shop, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("en\nSecret\n", encoding="utf-8")
    for key in (str(secret), "../../etc/passwd", "", "sports"):
        assert shop.choose(State(catalogue=key)).state.catalogue is None
    assert shop.choose(State(catalogue="outdoor")).catalogue.name == "outdoor"


def test_a_shop_of_ones_own_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "tea.csv"
    path.write_text("en\nGreen Tea\nBlack Tea\nTeapot\n", encoding="utf-8")
    shop = shop_of(Settings(catalogue=str(path)))
    assert shop.keys == ("tea", *(one.name for one in shops().values() if one.on_page))
    assert shop.shipped(None) is None
    assert shop.examples(None) == () and shop.beginning("en").items == ("green-tea", "black-tea")
    assert shop.name_of(None) == str(path)


def test_a_file_called_as_a_shipped_shop_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "kitchen.csv"
    path.write_text("en\nStove\nFridge\n", encoding="utf-8")
    shop = shop_of(Settings(catalogue=str(path)))
    assert shop.keys.count("kitchen") == 1 and len(shop.catalogue("kitchen")) == 2
    assert shop.shipped("kitchen") is None and shop.examples("kitchen") == ()
    assert "kitchen" not in {one.shop for one in shop.tries()}


@pytest.mark.parametrize("name", [name for name, one in shops().items() if one.on_page])
def test_every_shop_of_the_demo_can_be_the_pages_own(name: str) -> None:
    shop = shop_of(Settings(catalogue=name))
    assert shop.keys[0] == name and len(shop.keys) == len(set(shop.keys)) == len(shop_of().keys)
    assert shop.beginning("en").items == shops()[name].examples[0].items


def test_the_page_opens_with_the_customer_that_shows_most_unless_something_else_was_asked_for(shop: Shop) -> None:
    opened = shop.opening("ar")
    assert (opened.catalogue, opened.items, opened.language) == ("electronics", ("camera", "batteries"), "ar")
    assert [one.opens for name in shops() for one in shops()[name].examples].count(True) == 1
    for settings in (Settings(catalogue="kitchen"), Settings(model="article")):
        other = shop_of(settings)
        assert other.opening("en") == other.beginning("en")
