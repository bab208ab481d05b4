"""Searching a catalogue while its names are typed: in both languages, with mistakes, by category."""

import pytest

from recommender.retrieval.search import MOST, NameSearch
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

GOODS = Catalogue(
    "shop",
    [
        Item("green-tea", "Green Tea", "شاي أخضر", "drinks"),
        Item("tea-cup", "Tea Cup", "فنجان شاي", "dishes", aliases=("Teacup",)),
        Item("kettle", "Electric Kettle", "غلّاية كهربائية", "kitchen"),
        Item("football", "Football", "كرة قدم", "sports"),
        Item("shoes", "Running Shoes", "أحذية رياضية", "sports"),
        Item("coffee", "Coffee", "قهوة", "drinks"),
        Item("batteries", "AA Batteries", "بطاريات قلم"),
        Item("lamp", "", "مصباح كهربائي", "kitchen"),
        Item("sku-77.x", "Wall Clock", "ساعة حائط"),
    ],
)


@pytest.fixture(scope="module")
def search() -> NameSearch:
    return NameSearch(GOODS)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("green tea", "green-tea"), ("TEA gr", "green-tea"), ("tea c", "tea-cup"), ("teacup", "tea-cup"),
        ("ketle", "kettle"), ("eletric ketttle", "kettle"), ("fotball", "football"), ("footbal", "football"),
        ("footballs", "football"), ("foot ball", "football"), ("runing shoe", "shoes"), ("runningshoes", "shoes"),
        ("cofee", "coffee"), ("coffe", "coffee"), ("battery", "batteries"), ("aa battrey", "batteries"),
        ("sku-77.x", "sku-77.x"), ("clock", "sku-77.x"), ("greeen", "green-tea"), ("tae cup", "tea-cup"),
        ("قهوه", "coffee"), ("القهوة", "coffee"), ("القَهْوَة", "coffee"), ("قهـــوة", "coffee"), ("احذيه", "shoes"),
        ("مصباح كهربائى", "lamp"), ("كرات", "football"), ("بطارية", "batteries"), ("غلايه", "kettle"),
        ("كهرباءيه", "kettle"), ("فنجن", "tea-cup"), ("شاى اخضر", "green-tea"), ("drinks coffee", "coffee"),
    ],
)  # fmt: skip
def test_what_is_meant_comes_first(search: NameSearch, text: str, first: str) -> None:
    assert [item.id for item in search.find(text)][:1] == [first]


@pytest.mark.parametrize("text", ["", "   ", "!?", "zzzz", "qq", "\u200b"])
def test_what_is_like_nothing_finds_nothing(search: NameSearch, text: str) -> None:
    assert search.find(text) == []


def test_a_category_filters_and_can_be_leafed_through(search: NameSearch) -> None:
    assert search.groups == (("drinks", 2), ("kitchen", 2), ("sports", 2), ("dishes", 1))
    assert [item.id for item in search.find("", group="sports")] == ["football", "shoes"]
    assert [item.id for item in search.find("tea", group="dishes")] == ["tea-cup"]
    assert [item.id for item in search.find("sku-77.x", group="dishes")] == []
    assert search.find("tea", group="no such") == []
    assert {item.id for item in search.find("kitchen")} == {"kettle", "lamp"}


def test_without_an_item_that_has_all_words_those_with_most_are_found(search: NameSearch) -> None:
    assert [item.id for item in search.find("green tea xyzzy")] == ["green-tea"]


def test_never_more_than_are_asked_for_however_long_the_text() -> None:
    shop = NameSearch(Catalogue("shop", [Item(f"i{number}", f"Cup {number}") for number in range(500)]))
    assert [item.id for item in shop.find("cup")][:2] == ["i0", "i1"]
    assert len(shop.find("cup")) == MOST and len(shop.find("cup", 3)) == 3
    assert [item.id for item in shop.find("cup 499")] == ["i499"]
    assert shop.find("cup " * 10_000) and shop.find("x" * 100_000) == []


def test_a_catalogue_of_nothing_is_searched_too() -> None:
    assert NameSearch(Catalogue("shop", ())).find("tea") == []
