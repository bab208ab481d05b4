"""The list of shops that come with the demo: every file, every word and every customer of theirs."""

import csv
import re

import pytest

from recommender.language import LANGUAGES, table
from recommender.language.text import match_key
from recommender.paths import DATA
from recommender.shop.catalogue import FOLDER, Catalogue
from recommender.shop.shipped import shops, tries

EVERYDAY = ("grocery", "electronics", "baby", "kitchen", "souk")
# Other goods in the knowledge base: a tool for wood, a jug for ablution.
OF_THEIR_OWN = {"Router", "Water Jug"}
CATALOGUES = {name: Catalogue.load(name) for name in shops()}


def test_the_list_is_that_of_the_files() -> None:
    assert sorted(shops()) == sorted(path.stem for path in FOLDER.glob("*.csv"))
    assert next(iter(shops())) == "sports" and {"outdoor", *EVERYDAY} <= shops().keys()


def test_every_shop_and_customer_has_its_words_and_no_word_is_left_over() -> None:
    used = {key for one in shops().values() for key in (one.label, one.note, *(e.key for e in one.examples)) if key}
    known = {key for key in table() if re.match("ui_example_|ui_catalogue_", key)}
    assert used <= known and known - used == {"ui_catalogue_own"}
    groups = {f"ui_sport_{s.replace('-', '_')}" for one in CATALOGUES.values() for s in one.sports()}
    assert groups | {"ui_sport_other"} == {key for key in table() if key.startswith("ui_sport_")}


@pytest.mark.parametrize("name", EVERYDAY)
def test_an_everyday_shop_is_of_a_size_to_look_through_and_has_both_names(name: str) -> None:
    shop = CATALOGUES[name]
    assert 30 <= len(shop) <= 40 and 5 <= len(shop.sports()) <= 7
    assert all(item.en and item.ar and item.sport and not item.role for item in shop)
    assert 3 <= len(shops()[name].examples) <= 5


def test_an_everyday_shop_calls_things_as_the_knowledge_base_does() -> None:
    with (DATA / "world" / "items.csv").open(encoding="utf-8", newline="") as file:
        goods = list(csv.DictReader(file))
    known = {alias: good["ar"] for good in goods for alias in good["aliases"].split("|")}
    known |= {good["en"]: good["ar"] for good in goods}
    items = [item for name in EVERYDAY for item in CATALOGUES[name] if item.en not in OF_THEIR_OWN]
    assert [(item.en, item.ar) for item in items if known.get(item.en) != item.ar] == []


@pytest.mark.parametrize("name", EVERYDAY)
def test_what_belongs_together_in_an_everyday_shop_mostly_shares_no_word(name: str) -> None:
    pairs = [
        set(match_key(one.en).split()) & set(match_key(other.en).split())
        for items in CATALOGUES[name].sports().values()
        for place, one in enumerate(items)
        for other in items[:place]
    ]
    assert sum(map(bool, pairs)) <= 0.1 * len(pairs)


@pytest.mark.parametrize("name", EVERYDAY)
def test_a_customer_to_begin_with_leaves_something_of_the_same_group(name: str) -> None:
    shop = CATALOGUES[name]
    for example in shops()[name].examples:
        left = set(shop.sports()[shop[example.items[0]].sport]) - {shop[item] for item in example.items}
        assert len(set(example.items)) == len(example.items) and len(left) >= 2, example.key


def test_no_group_stands_in_two_shops() -> None:
    groups = [group for one in CATALOGUES.values() for group in one.sports()]
    assert len(groups) == len(set(groups))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_to_try_is_in_no_inventory_of_its_shop(language: str) -> None:
    assert {one.shop for one in tries()} >= {*EVERYDAY}
    assert len({one.shop for one in tries()}) == len(tries())
    for one in tries():
        assert shops()[one.shop].on_page and CATALOGUES[one.shop].find(one.item.name(language)) is None, one


def test_coffee_comes_first_and_its_shop_has_the_paper_filters() -> None:
    first = tries()[0]
    assert (first.item.en, first.item.ar) == ("Coffee", "قهوة")
    assert CATALOGUES[first.shop].find("Paper Filters") and CATALOGUES[first.shop].find("فلاتر ورقية")
