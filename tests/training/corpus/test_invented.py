"""Invented words and inventories."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.corpus.law import Law
from recommender.language.text import is_arabic, name_problem
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.training.corpus.invented import Noun, inventory, nouns_of

SHOP = [
    Item("soccer-ball", "Soccer Ball", "كرة القدم", "soccer", "ball"),
    Item("soccer-jersey", "Soccer Jersey", "قميص القدم", "soccer", "top"),
    Item("soccer-cleats", "Soccer Cleats", "حذاء القدم", "soccer", "footwear"),
    Item("gloves", "Goalie Gloves", "قفازات حارس", "soccer", "hands"),
]


def test_nouns_are_names_less_their_activitys_words() -> None:
    assert nouns_of(SHOP) == [
        Noun("Ball", "كرة", "ball"),
        Noun("Jersey", "قميص", "top"),
        Noun("Cleats", "حذاء", "footwear"),
    ]


def test_items_that_share_no_word_give_no_noun() -> None:
    assert nouns_of([Item("a", "Tent", "خيمة", "camp"), Item("b", "Rope", "حبل", "camp")]) == []


@pytest.mark.parametrize("language", ["en", "ar"])
@given(seed=st.integers(0, 10_000), activities=st.integers(2, 12), size=st.integers(4, 100))
def test_an_inventory_has_distinct_usable_names_of_one_language(
    language: str, seed: int, activities: int, size: int
) -> None:
    nouns = nouns_of([*Catalogue.load("sports")])
    known = ["Net", "Team"] if language == "en" else ["شبكة", "فريق"]
    items = inventory(language, activities, size, nouns, known, random.Random(seed))
    names = [item.name(language) for item in items]
    # With only two words that are known, both activities may get the same one, and a single name be left.
    assert len(set(names)) == len(names) >= 1
    assert len({item.id for item in items}) == len(items)
    assert not any(name_problem(name) for name in names)
    assert all(is_arabic(name) == (language == "ar") for name in names)
    assert Law(items).sample_basket(random.Random(seed))


def test_a_known_word_is_used_where_nothing_is_spelt() -> None:
    nouns = [Noun("Ball", "كرة", "ball"), Noun("Cap", "قبعة", "head")]
    items = inventory("en", 3, 6, nouns, ["Net"], random.Random(4), spelt=0.0)
    assert all(name.startswith("Net") for name in (item.en for item in items))


@given(seed=st.integers(0, 10_000))
def test_with_a_role_every_activity_can_be_collected(seed: int) -> None:
    nouns = nouns_of([*Catalogue.load("sports")])
    items = inventory("en", 6, 30, nouns, ["Net"], random.Random(seed), spelt=1.0, alike=0.5, role="top")
    law = Law(items)
    assert sum(any(item.role == "top" for item in part) for part in law.sports.values()) >= 4
    assert len(law.collect(random.Random(seed))) >= 3


def test_activities_of_two_words_share_one_with_another_where_look_alikes_are_asked_for() -> None:
    nouns = [Noun("Ball", "كرة", "ball"), Noun("Hat", "قبعة", "head")]

    def sharing(alike: float) -> int:
        found = 0
        for seed in range(100):
            items = inventory("en", 8, 24, nouns, [], random.Random(seed), spelt=1.0, alike=alike)
            phrases = {item.sport: item.en.split()[:-1] for item in items if item.role == "head"}
            words = [word for phrase in phrases.values() for word in phrase]
            found += len(set(words)) < len(words)
        return found

    assert sharing(0.9) > 50
    assert sharing(0.0) < 5
