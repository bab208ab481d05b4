"""The prompt is a contract: its exact characters in both languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import prompt
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

quick = settings(deadline=None, max_examples=50)
A, B, C, D = (Item(letter.lower(), letter, arabic) for letter, arabic in zip("ABCD", "أبتث", strict=True))
SPORTS = Catalogue.load()


def test_the_english_prompt_is_the_articles_to_the_character() -> None:
    expected = "ITEMS PURCHASED: {A, B} - CANDIDATES FOR RECOMMENDATION: {C, D} - RECOMMENDATION: "
    assert prompt.build([A, B], [C, D]) == expected


def test_the_arabic_prompt_is_its_counterpart() -> None:
    expected = "عناصر تم شراؤها: {أ, ب} - المرشحين للتوصية: {ت, ث} - توصية: "
    assert prompt.build([A, B], [C, D], "ar") == expected


@pytest.mark.parametrize("language", ["en", "ar"])
def test_both_end_in_exactly_one_space(language: str) -> None:
    text = prompt.build([A], [B], language)
    assert text.endswith(": ") and not text.endswith("  ")


def test_the_articles_first_example_is_written_out() -> None:
    basket = [SPORTS[name] for name in ("soccer-jersey", "soccer-goal-post", "soccer-cleats", "goalie-gloves")]
    text = prompt.build(basket, SPORTS.candidates(basket))
    assert text.startswith(
        "ITEMS PURCHASED: {Soccer Jersey, Soccer Goal Post, Soccer Cleats, Goalie Gloves}"
        " - CANDIDATES FOR RECOMMENDATION: {Basketball Jersey, Football Jersey, Baseball Jersey, "
    )
    assert text.endswith(", Soccer Shin Guards, Soccer Shorts} - RECOMMENDATION: ")


def test_a_name_in_one_language_stands_in_for_the_other() -> None:
    assert prompt.build([Item("x", "Cup")], [Item("y", ar="شاي")], "ar").count("Cup") == 1
    assert prompt.build([Item("x", "Cup")], [Item("y", ar="شاي")], "en").count("شاي") == 1


def offered(text: str) -> list[str]:
    """The candidates of an English prompt, read back by its delimiters."""
    return text.partition("CANDIDATES FOR RECOMMENDATION: {")[2].partition("}")[0].split(", ")


@quick
@given(st.lists(st.sampled_from(SPORTS.items), unique=True, max_size=30))
def test_owning_the_football_helmet_keeps_the_football_on_offer(others: list[Item]) -> None:
    basket = [SPORTS["football-helmet"], *(item for item in others if item.id not in ("football-helmet", "football"))]
    text = prompt.build(basket, SPORTS.candidates(basket))
    assert "Football" in offered(text)
    assert "Football Helmet" not in offered(text)


@quick
@given(st.lists(st.sampled_from(SPORTS.items), unique=True, min_size=1, max_size=30), st.sampled_from(["en", "ar"]))
def test_bought_and_offered_names_read_back_in_their_order(basket: list[Item], language: str) -> None:
    candidates = SPORTS.candidates(basket)
    text = prompt.build(basket, candidates, language)
    lists = [part.partition("}")[0].split(", ") for part in text.split("{")[1:]]
    assert lists == [[item.name(language) for item in items] for items in (basket, candidates)]


def test_names_already_written_are_filled_in_as_they_are() -> None:
    assert prompt.fill(["A"], ["B"], "en") == prompt.build([A], [B])


def test_empty_lists_keep_their_braces() -> None:
    assert prompt.fill([], []) == "ITEMS PURCHASED: {} - CANDIDATES FOR RECOMMENDATION: {} - RECOMMENDATION: "
