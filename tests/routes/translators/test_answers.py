"""What can be a translation at all, and the memory of what can."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.routes.translators.answers import KeptAnswers, is_usable, needs_translating, tidy
from recommender.routes.translators.base import TranslationError
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


def test_it_keeps_apart_languages_and_texts() -> None:
    memory = KeptAnswers()
    memory.put("كرة", "ar", "en", "Ball")
    assert memory.get("كرة", "ar", "en") == "Ball"
    assert memory.get("كرة", "en", "ar") is None
    assert memory.get("كرات", "ar", "en") is None


def test_it_is_bounded_and_forgets_what_was_longest_unused() -> None:
    memory = KeptAnswers(size=410)
    memory.put("a", "en", "ar", "1")
    memory.put("b", "en", "ar", "2")
    memory.get("a", "en", "ar")
    memory.put("c", "en", "ar", "3")
    assert len(memory) == 2
    assert [memory.get(text, "en", "ar") for text in "abc"] == ["1", None, "3"]


def test_long_texts_have_no_more_room_than_short_ones() -> None:
    memory = KeptAnswers(size=1000)
    memory.put("a", "en", "ar", "1")
    memory.put("b" * 700, "en", "ar", "2")
    assert [memory.get(text, "en", "ar") for text in ("a", "b" * 700)] == [None, "2"]
    memory.put("c" * 900, "en", "ar", "3")
    assert len(memory) == 1


def test_what_is_not_known_is_fetched_once_and_a_failure_is_not_remembered() -> None:
    memory, fetched = KeptAnswers(), []

    def fetch(texts: Sequence[str]) -> dict[str, str | TranslationError]:
        fetched.append(list(texts))
        return {text: TranslationError("translator_half") if text == "كرة" else "Shirt" for text in texts}

    for _ in range(2):
        with pytest.raises(TranslationError) as caught:
            memory.translate(["قميص", "كرة", "٥", "قميص"], "ar", "en", fetch)
        assert (caught.value.key, caught.value.partial) == ("translator_half", ("Shirt", None, "٥", "Shirt"))
    assert fetched == [["قميص", "كرة"], ["كرة"]]
    assert memory.translate(["٥", "قميص"], "ar", "en", fetch) == ["٥", "Shirt"]
