"""The shops of unheard words."""

from __future__ import annotations

import random

import pytest

from recommender.evaluation import cases
from recommender.language.text import is_arabic, match_key
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import ROLES, Item
from recommender.training.corpus.unheard import ACTIVITIES, NOUNS, shop
from recommender.training.corpus.vocabulary import words_of


def test_no_word_of_an_activity_is_known_in_either_language(known: list[Item]) -> None:
    words = {match_key(word) for word in words_of([*known, *Catalogue.load("outdoor")])}
    assert [word for pair in ACTIVITIES for word in pair if match_key(word) in words] == []


def test_words_are_distinct_and_in_their_own_script() -> None:
    for column in zip(*ACTIVITIES, strict=True):
        assert len({match_key(word) for word in column}) == len(ACTIVITIES)
    assert all(is_arabic(arabic) and english.isascii() for english, arabic in ACTIVITIES)
    assert all(role in ROLES and is_arabic(arabic) for _, arabic, role in NOUNS)


@pytest.mark.parametrize("seed", range(20))
def test_every_name_of_a_shop_carries_its_activitys_word_in_both_languages(seed: int) -> None:
    items = list(shop(random.Random(seed)))
    for language in ("en", "ar"):
        names = [item.name(language) for item in items]
        assert len({match_key(name) for name in names}) == len(names)
        assert all(cases.name_tells(item, items, language) for item in items)


def test_the_same_seed_gives_the_same_shop() -> None:
    first, second, third = (shop(random.Random(seed)).items for seed in (1, 1, 2))
    assert first == second != third
