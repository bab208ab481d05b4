"""What can be a translation at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.routes.translators.answers import is_usable, needs_translating, tidy
from recommender.shop.catalogue import FOLDER, Catalogue


@pytest.mark.parametrize(
    ("answer", "text", "target"),
    [
        ("Basketball", "كرة سلة", "en"),
        ("كرة سلة", "Basketball", "ar"),
        ("Nike حذاء رياضي", "Nike shoes", "ar"),
        ("Café table", "طاولة", "en"),
    ],
)
def test_usable_answers(answer: str, text: str, target: str) -> None:
    assert is_usable(answer, text, target)


@pytest.mark.parametrize(
    ("answer", "text", "target"),
    [
        ("", "كرة", "en"),
        ("  ", "كرة", "en"),
        ("...", "كرة", "en"),
        ("كرة", "كرة", "en"),
        ("كُرة", "كرة", "en"),
        ("Ball", "ball", "ar"),
        ("Basketball", "Hoop", "ar"),
        ("Мяч", "كرة", "en"),
        ("球", "كرة", "en"),
        ("كرة السلة ball", "كرة السلة", "en"),
        ("Ball " * 100, "كرة", "en"),
    ],
)
def test_answers_of_no_use(answer: str, text: str, target: str) -> None:
    assert not is_usable(answer, text, target)


def test_a_text_without_letters_needs_no_translator() -> None:
    assert not needs_translating("٢٠٢٤ - 5!")
    assert needs_translating("كرة ٥")


@given(st.text())
def test_a_tidy_answer_is_on_one_line_and_stays_as_it_is(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert len(tidy(text).splitlines()) <= 1


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.csv")))
def test_the_reviewed_translation_of_every_shipped_name_is_usable_both_ways(name: str) -> None:
    for item in Catalogue.load(name):
        assert is_usable(item.en, item.ar, "en")
        assert is_usable(item.ar, item.en, "ar")
