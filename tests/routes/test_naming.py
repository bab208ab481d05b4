"""Names by the table, by machine, and as typed."""

from __future__ import annotations

import pytest

from recommender.routes import Hop, Translator
from recommender.routes.naming import by_table, complete
from recommender.routes.translators.google import GoogleTranslator
from recommender.shop.items import Item
from tests.routes.models import Dictionary

PUCK = Item("hockey-puck", "Hockey Puck", "قرص الهوكي")
KITE = Item("kite", ar="طائرة ورقية")
TOP = Item("top", ar="بلبل")


def keys(hop: Hop) -> list[str]:
    assert all(problem.sentence(language) for problem in hop.problems for language in ("en", "ar"))
    return [problem.key for problem in hop.problems]


def test_items_with_both_names_need_no_hop() -> None:
    assert complete([PUCK], "en", Dictionary()) == ((PUCK,), ())


def test_the_table_translates_line_by_line() -> None:
    assert by_table([PUCK, PUCK], "ar", "en") == Hop(
        "ar", "en", "table", "قرص الهوكي\nقرص الهوكي", "Hockey Puck\nHockey Puck"
    )


def test_without_a_translator_a_typed_name_stands_and_is_marked() -> None:
    items, (hop,) = complete([PUCK, KITE], "en", None)
    assert items == (PUCK, KITE)
    assert (hop.source, hop.input, hop.output) == ("table", "طائرة ورقية", "طائرة ورقية")
    assert keys(hop) == ["as_typed"]


def test_a_machine_names_the_items_that_lack_a_name_and_no_others() -> None:
    translator = Dictionary(**{"طائرة ورقية": "Kite", "بلبل": "Spinning Top"})
    items, (hop,) = complete([KITE, PUCK, TOP], "en", translator)
    assert [item.en for item in items] == ["Kite", "Hockey Puck", "Spinning Top"]
    assert [item.id for item in items] == ["kite", "hockey-puck", "top"]
    assert (hop.from_, hop.to, hop.source, keys(hop)) == ("ar", "en", "machine", [])
    assert (hop.input, hop.output) == ("طائرة ورقية\nبلبل", "Kite\nSpinning Top")
    assert translator.asked == ["طائرة ورقية", "بلبل"]


def test_an_english_name_is_translated_for_an_arabic_prompt() -> None:
    items, (hop,) = complete([Item("kite", "Kite")], "ar", Dictionary(Kite="طائرة ورقية"))
    assert (items[0].ar, hop.from_, hop.to) == ("طائرة ورقية", "en", "ar")


def test_a_translator_that_fails_for_one_name_leaves_that_one_as_typed() -> None:
    items, (hop,) = complete([KITE, TOP], "en", Dictionary(**{"بلبل": "Spinning Top"}))
    assert [item.en for item in items] == ["", "Spinning Top"]
    assert hop.output == "طائرة ورقية\nSpinning Top"
    assert keys(hop) == ["translation_unusable", "untranslated"]


@pytest.mark.parametrize("answer", ["Hockey Puck", "hockey  puck", "قرص الهوكي"])
def test_a_translation_that_is_another_items_name_is_not_used(answer: str) -> None:
    items, (hop,) = complete([PUCK, KITE], "en", Dictionary(**{"طائرة ورقية": answer}))
    assert items == (PUCK, KITE)
    assert keys(hop) == ["term_collides", "untranslated"]


def test_two_typed_names_with_one_translation_stay_apart() -> None:
    items, (hop,) = complete([KITE, TOP], "en", Dictionary(**{"طائرة ورقية": "Toy", "بلبل": "Toy"}))
    assert [item.en for item in items] == ["Toy", ""]
    assert keys(hop) == ["term_collides", "untranslated"]


@pytest.mark.parametrize("answer", ["Kite, large", "{Kite}", "Kite</s>", "RECOMMENDATION: Kite", "K" * 101])
def test_a_translation_that_can_not_be_a_name_is_not_used(answer: str) -> None:
    items, (hop,) = complete([KITE], "en", Dictionary(**{"طائرة ورقية": answer}))
    assert items == (KITE,)
    assert keys(hop) == ["untranslated"]


def test_what_the_simulation_says_is_labelled(simulated: GoogleTranslator) -> None:
    translator: Translator = simulated
    items, (hop,) = complete([Item("mine", ar="كرة التنس")], "en", translator)
    assert keys(hop)[0] == "simulated"
    assert items[0].en == "Tennis Ball"
