"""What went wrong on a hop is found by code, and named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import prompt
from recommender.messages import Message
from recommender.recommenders.ranking import RawOutput, RawToken
from recommender.routes import diagnosis
from recommender.routes.diagnosis import as_read, of_answer, of_labels, of_names, of_prompt, of_reading, of_return
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.matching import UNMATCHED, Match
from tests.routes.models import FakeModel, WithoutArabic

JERSEY = Item("soccer-jersey", "Soccer Jersey", "قميص كرة القدم")
FOOTBALL = Item("football-jersey", "Football Jersey", "قميص كرة القدم الأمريكية")
PUCK = Item("hockey-puck", "Hockey Puck", "قرص الهوكي", aliases=("Ice Disc",))
ITEMS = (JERSEY, FOOTBALL, PUCK)


def keys(problems: tuple[Message, ...]) -> list[str]:
    assert all(problem.sentence(language) for problem in problems for language in ("en", "ar"))
    return [problem.key for problem in problems]


def test_names_that_come_back_as_themselves_have_no_problem() -> None:
    assert of_names(ITEMS, ["Soccer Jersey", "football jersey", "ice disc"]) == ()


def test_a_term_that_is_another_items_name_collides_and_merges_the_two() -> None:
    problems = of_names(ITEMS, ["Football Jersey", "Football Jersey", "Hockey Puck"])
    assert keys(problems) == ["term_collides", "items_merged"]
    assert "“Soccer Jersey” as “Football Jersey”" in problems[0].sentence("en")
    assert "(Soccer Jersey, Football Jersey)" in problems[1].sentence("en")


def test_two_items_that_swap_their_names_collide_without_merging() -> None:
    assert keys(of_names(ITEMS[:2], ["Football Jersey", "Soccer Jersey"])) == ["term_collides"]


def test_a_typing_mistake_is_recognised_and_a_strange_name_is_not() -> None:
    assert of_names([PUCK], ["Hockey Pucks"]) == ()
    assert keys(of_names([PUCK], ["Rubber thing"])) == ["name_changed"]


def test_arabic_among_the_english_is_untranslated() -> None:
    assert keys(of_names([PUCK, JERSEY], ["قرص الهوكي", "Soccer Jersey"])) == ["untranslated"]


def test_no_answer_is_what_the_caller_says_it_is() -> None:
    assert keys(of_names([PUCK], [None])) == ["items_vanished"]
    assert keys(of_names([PUCK], [None], missing="untranslated")) == ["untranslated"]


def test_an_item_without_an_english_name_has_none_to_change() -> None:
    assert of_names([Item("kite", ar="طائرة ورقية")], ["Kite"]) == ()


def test_a_long_list_of_names_is_cut_and_counted() -> None:
    items = [Item(f"item-{number}", f"Item {number}") for number in range(12)]
    assert "and 4 more" in of_names(items, [None] * 12)[0].sentence("en")


def test_the_articles_prompt_has_no_problem() -> None:
    assert of_prompt(prompt.build(ITEMS[:1], ITEMS[1:]), ITEMS[:1], ITEMS[1:]) == ()


def test_labels_in_other_words_are_named() -> None:
    text = prompt.build(ITEMS[:1], ITEMS[1:]).replace("ITEMS PURCHASED", "Purchased items")
    problems = of_prompt(text, ITEMS[:1], ITEMS[1:])
    assert keys(problems) == ["label_changed"] == keys(of_labels(text))
    assert "“ITEMS PURCHASED” as “Purchased items”" in problems[0].sentence("en")


def test_a_list_joined_by_and_is_counted_and_its_names_are_still_found() -> None:
    text = prompt.build(ITEMS[:1], ITEMS[1:]).replace("Football Jersey, Hockey", "Football Jersey and Hockey")
    problems = of_prompt(text, ITEMS[:1], ITEMS[1:])
    assert keys(problems) == ["list_joined"]
    assert problems[0].fields == {"count": 1}


def test_items_missing_from_a_list_have_vanished() -> None:
    text = prompt.fill(["Soccer Jersey"], ["Hockey Puck"])
    problems = of_prompt(text, ITEMS[:1], ITEMS[1:])
    assert keys(problems) == ["items_vanished"]
    assert "Football Jersey" in problems[0].sentence("en")


@pytest.mark.parametrize("text", ["", "Purchased: Soccer Jersey, recommend:", "a {b} c", "{a} {b} {c}", "كرة {Ball}"])
def test_a_prompt_without_its_two_lists_is_broken(text: str) -> None:
    found = keys(of_prompt(text, ITEMS[:1], ITEMS[1:]))
    assert found[0] == "prompt_broken"
    assert ("untranslated" in found) == ("كرة" in text)
    assert of_labels(text) == ()


@given(st.text(st.sampled_from("{}:-, and ABكرة")), st.integers(0, 3))
def test_no_text_that_comes_back_breaks_the_search_for_problems(text: str, bought: int) -> None:
    keys(of_prompt(text, ITEMS[:bought], ITEMS[bought:]))


def test_what_the_model_wrote() -> None:
    assert of_answer(RawOutput("Hockey Puck"), Match(PUCK, "candidate", "exact")) == ()
    assert keys(of_answer(RawOutput("Hockey Puck"), Match(PUCK, "owned", "exact"))) == ["already_owned"]
    assert keys(of_answer(RawOutput("Tea"), UNMATCHED)) == ["not_an_item"]
    assert keys(of_answer(RawOutput(" "), UNMATCHED)) == ["answer_empty"]
    tea = RawOutput("Tea", (RawToken("Tea", 0.5),), cut=True)
    assert keys(of_answer(tea, UNMATCHED)) == ["not_an_item", "answer_cut"]
    assert keys(of_answer(tea, Match(PUCK, "candidate", "fuzzy"))) == ["answer_cut"]
    assert "limit of 1 tokens" in of_answer(tea, UNMATCHED)[1].sentence("en")


def test_the_way_back() -> None:
    assert of_return(PUCK, "قرص هوكي", ITEMS) == ()
    assert keys(of_return(FOOTBALL, "قميص كرة القدم", ITEMS)) == ["answer_collides"]
    assert keys(of_return(JERSEY, "كرة القدم", ITEMS)) == ["answer_changed"]
    assert keys(of_return(None, "كرة القدم", ITEMS)) == ["not_an_item"]
    assert of_return(None, "قرص الهوكي", ITEMS) == ()


def test_words_that_a_vocabulary_lacks_are_counted_and_shown_as_the_model_sees_them() -> None:
    model = WithoutArabic()
    problems = of_reading("ITEMS: {كرة السلة, كرة}", model.tokens)
    assert keys(problems) == ["unknown_words"]
    assert problems[0].fields["count"] == 2
    assert "<unk>" in problems[0].sentence("en")
    assert as_read("A كرة", model.tokens) == "A <unk>"
    assert of_reading("ITEMS: {Ball}", model.tokens) == ()
    assert of_reading("كرة", FakeModel().tokens) == ()


def test_names_are_found_by_name_alias_and_likeness_in_large_catalogues_too() -> None:
    find = diagnosis.finder(Catalogue.load("wide").items)
    assert find("rugby ball") == Catalogue.load("wide").find("Rugby Ball")
    assert find("Something else entirely") is None
