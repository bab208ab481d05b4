"""Endings that say how many."""

import pytest

from recommender.language.stems import stem
from recommender.language.text import match_key


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("cup", "cups"), ("box", "boxes"), ("battery", "batteries"), ("watch", "watches"), ("brush", "brushes"),
        ("glass", "glasses"), ("كرة", "كرات"), ("سيارة", "سيارات"), ("مهندس", "مهندسين"),
    ],
)  # fmt: skip
def test_singular_and_plural_have_one_stem(one: str, many: str) -> None:
    assert stem(match_key(one)) == stem(match_key(many))


@pytest.mark.parametrize("word", ["gas", "bus", "glass", "tennis", "tea", "لا", "شاي", "5s"])
def test_what_is_no_plural_stays(word: str) -> None:
    assert stem(word) == word
