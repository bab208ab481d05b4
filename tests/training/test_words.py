"""Invented words."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.text import is_arabic, name_problem
from recommender.training.words import look_alike, word

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
