"""What is coherent in a case, why one is left out, and which cell of each table it falls into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.corpus.law import Law, sample
from recommender.evaluation import cases
from recommender.evaluation.cases import Case
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

SHOP = Catalogue(
    "shop",
    [
        Item("soccer-ball", "Soccer Ball", "كرة القدم", "soccer", "ball"),
        Item("soccer-jersey", "Soccer Jersey", "قميص كرة القدم", "soccer", "top"),
        Item("soccer-cleats", "Soccer Cleats", "حذاء كرة القدم", "soccer", "footwear"),
        Item("kayak-shirt", "Kayak Shirt", "قميص الكاياك", "kayaking", "top"),
        Item("kayak-paddle", "Kayak Paddle", "مجداف الكاياك", "kayaking", "implement"),
        Item("life-jacket", "Life Jacket", "سترة نجاة", "kayaking", "protection"),
        Item("golf-shirt", "Golf Shirt", "قميص الغولف", "golf", "top"),
        Item("judo-jacket", "Judo Jacket", "سترة الجودو", "judo", "top"),
        Item("kettle", "Kettle"),
    ],
)


def case(basket: str, following: str = "kettle", kind: str = "begun") -> Case:
    return cases.from_rows([Row("g", "test", kind, tuple(basket.split()), following)], SHOP)[0]


def test_a_case_offers_the_catalogue_less_the_basket_in_its_order() -> None:
    request = case("soccer-jersey kettle", "soccer-ball").request("ar")
    assert [item.id for item in request.basket] == ["soccer-jersey", "kettle"]
    offered = [item.id for item in request.candidates]
    assert offered == [item.id for item in SHOP if item.id not in ("soccer-jersey", "kettle")]
    assert request.language == "ar"


def test_a_shared_sport_is_coherent() -> None:
    assert case("soccer-ball life-jacket").fitting == {"soccer-jersey", "soccer-cleats", "kayak-shirt", "kayak-paddle"}


def test_a_collectors_role_is_coherent_and_its_sports_are_not() -> None:
    assert case("soccer-jersey kayak-shirt golf-shirt").fitting == {"judo-jacket"}


@pytest.mark.parametrize(
    ("basket", "kind", "reason"),
    [
        ("soccer-ball", "begun", None),
        ("soccer-ball", "look-alike", "look_alike"),
        ("kettle", "single", "no_sport"),
        ("kettle soccer-ball", "single", None),
        ("golf-shirt", "single", "nothing_left"),
        ("soccer-jersey kayak-shirt golf-shirt judo-jacket", "same-kind", "nothing_left"),
    ],
)
def test_why_a_case_is_left_out(basket: str, kind: str, reason: str | None) -> None:
    assert case(basket, kind=kind).left_out == reason


@pytest.mark.parametrize(
    ("basket", "cells"),
    [
        ("soccer-ball", ("1", "5-10", "1", "no", "no", "all")),
        ("soccer-ball soccer-jersey", ("2", "5-10", "1", "yes", "no", "all")),
        ("soccer-ball soccer-jersey soccer-cleats life-jacket", ("4-5", "5-10", "2", "no", "yes", "some")),
        ("golf-shirt life-jacket", ("2", "5-10", "2", "no", "yes", "none")),
        ("soccer-jersey kayak-shirt golf-shirt", ("3", "5-10", "collector", None, None, "some")),
        ("kettle", ("1", "5-10", "0", None, None, None)),
    ],
)
def test_the_cell_of_each_table(basket: str, cells: tuple[str | None, ...]) -> None:
    assert tuple(cell_of(case(basket), "en") for cell_of in cases.TABLES.values()) == cells


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_name_tells_its_activity_where_it_shares_its_word(language: str) -> None:
    told = {item.id for item in SHOP if cases.name_tells(item, SHOP, language)}
    assert told == {"soccer-ball", "soccer-jersey", "soccer-cleats", "kayak-paddle", "kayak-shirt"}


@given(st.integers(0, 300))
def test_every_count_falls_into_the_bin_that_names_it(count: int) -> None:
    label = cases._bin(count, (1, 2, 3, 5, 10, 20))
    first, _, last = label.rstrip("+").partition("-")
    assert int(first) <= count
    assert label.endswith("+") or count <= int(last or first)


def test_cells_are_sorted_by_number_and_words_come_last() -> None:
    labels = ["collector", "21+", "4-5", "1", "11-20"]
    assert sorted(labels, key=cases.cell_order) == ["1", "4-5", "11-20", "21+", "collector"]
    assert sorted(["none", "some", "all"], key=cases.cell_order) == ["all", "some", "none"]


def test_generated_purchases_are_groups_of_their_own() -> None:
    purchases = sample(SHOP.items, 1, 20)
    made = cases.from_purchases([*purchases, purchases[0]], SHOP)
    assert len({one.group for one in [*made, *cases.from_purchases(purchases, SHOP)]}) == 41
    assert [one.next.id for one in made] == [purchase.next for purchase in [*purchases, purchases[0]]]


def test_the_law_and_the_measure_agree_on_what_fits() -> None:
    catalogue = Catalogue.load("sports")
    law = Law(catalogue.items)
    for one in cases.from_purchases(sample(catalogue.items, 5, 100), catalogue):
        everything = {item.id for item in one.candidates}
        assert set(law.fitting([item.id for item in one.basket])) == (one.fitting or everything)
