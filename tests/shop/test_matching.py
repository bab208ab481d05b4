"""Recognising what a model wrote, from the very name to a typing mistake."""

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.matching import FUZZY_MARGIN, FUZZY_THRESHOLD, UNMATCHED, Match, match

BALL = Item("soccer-ball", "Soccer Ball", "كرة قدم", "soccer", "ball", ("كرة القدم",))
PUCK = Item("hockey-puck", "Hockey Puck", "قرص الهوكي", aliases=("Hocket Puck", "Ice Disc"))
SHORTS = Item("soccer-shorts", "Soccer Shorts", "شورت كرة القدم")
SOCKS = Item("soccer-socks", "Soccer Socks", "جوارب كرة القدم")

SPORTS = Catalogue.load()

quick = settings(deadline=None, max_examples=50)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("Hockey Puck", "exact"),
        (" Hockey Puck ", "exact"),
        ("قرص الهوكي", "exact"),
        ("hockey  PUCK.", "normalised"),
        ("قُرص هوكي", "normalised"),
        ("hocket puck", "alias"),
        ("Ice Disc", "alias"),
        ("Hockey Pack", "fuzzy"),
        ("Ice Disk Disc", "none"),
    ],
)
def test_the_strictest_way_that_fits_is_named(text: str, how: str) -> None:
    found = match(text, [BALL], [SHORTS, PUCK])
    assert found.how == how
    assert found == (UNMATCHED if how == "none" else Match(PUCK, "candidate", found.how))


def test_a_name_in_the_form_that_a_model_can_write_is_that_very_name() -> None:
    rug = Item("rug", "Rug 2 m²")
    assert match("Rug 2 m2", [], [rug, BALL]) == Match(rug, "candidate", "exact")
    assert match("Screw 1.2", [], [Item("a", "Screw 1/2"), Item("b", "Screw 1.2")]).item == Item("b", "Screw 1.2")


def test_an_item_of_the_basket_is_owned() -> None:
    assert match("Hockey Puck", [PUCK], [BALL]) == Match(PUCK, "owned", "exact")


def test_the_owned_name_itself_wins_over_a_candidate_that_only_looks_like_it() -> None:
    near = Item("b", "Soccer Short")
    assert match("Soccer Shorts", [SHORTS], [near]) == Match(SHORTS, "owned", "exact")
    assert match("soccer shorts", [SHORTS], [near]) == Match(SHORTS, "owned", "normalised")


def test_a_candidate_wins_over_an_owned_item_of_the_same_spelling() -> None:
    twin = Item("twin", "SOCCER ball")
    assert match("soccer ball", [BALL], [twin]).item is twin


def test_a_typing_mistake_that_could_mean_either_of_two_items_matches_neither() -> None:
    left, right = Item("a", "Training Ladder Large A"), Item("b", "Training Ladder Large B")
    assert match("Training Ladder Large C", [], [left, right]) == UNMATCHED
    assert match("Training Ladder Large C", [right], [left]) == UNMATCHED
    assert match("Training Ladder Large C", [], [left]).how == "fuzzy"


def test_the_threshold_is_stated_and_kept() -> None:
    assert (FUZZY_THRESHOLD, FUZZY_MARGIN) == (90.0, 3.0)
    # 2 * 9 matching letters of 20 are a ratio of 90, 2 * 8 of them one of 80.
    assert match("abcdefghiX", [], [Item("a", "abcdefghij")]).how == "fuzzy"
    assert match("abcdefghXX", [], [Item("a", "abcdefghij")]).how == "none"


@pytest.mark.parametrize(
    "text", ["", "  ", "\u200f", "Kayak", "{", "</s>", "RECOMMENDATION:", "x" * 10_000, "Soccer Ball, Hockey Puck"]
)
def test_text_that_names_nothing_is_unknown(text: str) -> None:
    assert match(text, [BALL], [PUCK, SHORTS, SOCKS]) == UNMATCHED


def test_nothing_matches_where_there_is_nothing() -> None:
    assert match("Soccer Ball", [], []) == UNMATCHED


def test_items_without_a_second_name_match_by_the_one_they_have() -> None:
    assert match("مضرب", [], [Item("a", "Net"), Item("b", ar="مِضرب")]).how == "normalised"


@quick
@given(st.data())
def test_every_item_is_recognised_by_each_of_its_names_wherever_it_is(data: st.DataObject) -> None:
    basket = data.draw(st.lists(st.sampled_from(SPORTS.items), unique=True))
    item = data.draw(st.sampled_from(SPORTS.items))
    name = data.draw(st.sampled_from((item.en, item.ar)))
    status: Literal["owned", "candidate"] = "owned" if item in basket else "candidate"
    assert match(name, basket, SPORTS.candidates(basket)) == Match(item, status, "exact")


@quick
@given(st.text())
def test_any_text_gets_a_consistent_match(text: str) -> None:
    found = match(text, [BALL], [PUCK, SHORTS, SOCKS])
    assert (found.item is None) == (found.status == "unknown") == (found.how == "none")
