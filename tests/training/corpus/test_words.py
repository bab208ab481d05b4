"""Invented words."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.language.text import is_arabic, name_problem
from recommender.training.corpus.words import look_alike, with_hamza, word

LANGUAGES = ("en", "ar")


def test_the_same_seed_gives_the_same_word_and_another_seed_another() -> None:
    words = [word(language, random.Random(seed)) for language in LANGUAGES for seed in (1, 1, 2)]
    assert words[0] == words[1] != words[2]
    assert words[3] == words[4] != words[5]


@pytest.mark.parametrize("language", LANGUAGES)
@given(seed=st.integers(0, 10_000))
def test_a_look_alike_is_a_word_of_its_language(language: str, seed: int) -> None:
    rng = random.Random(seed)
    made = look_alike([word(language, rng) for _ in range(3)], language, rng)
    assert len(made) >= 2
    assert is_arabic(made) == (language == "ar")
    assert not name_problem(made)
    assert " " not in made


@pytest.mark.parametrize(("language", "known"), [("en", "Canyoning"), ("ar", "كانيونينغ")])
def test_a_look_alike_begins_or_ends_as_what_it_looks_like(language: str, known: str) -> None:
    made = [look_alike([known], language, random.Random(seed)) for seed in range(200)]
    alike = [one for one in made if one[0] == known[0] or one[-1] == known[-1]]
    assert len(alike) > 150
    assert len(set(made)) > 150


def test_a_third_of_arabic_words_has_a_hamza_or_begins_with_an_alif() -> None:
    rng = random.Random(0)
    made = [word("ar", rng) for _ in range(2000)]
    hamzas = [one for one in made if set("أإآئؤءى") & set(one) or (one.startswith("ا") and not one.startswith("ال"))]
    assert 0.25 < len(hamzas) / len(made) < 0.42
    assert {letter for one in made for letter in one} >= set("أإآئؤءى")


@given(seed=st.integers(0, 10_000))
def test_a_word_with_a_hamza_is_one_word_with_its_article_before_it(seed: int) -> None:
    made = with_hamza("الكهوف", random.Random(seed))
    assert made.startswith("ال")
    assert is_arabic(made)
    assert not name_problem(made)
    assert " " not in made
