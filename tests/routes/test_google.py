"""The route by Google, item by item."""

from __future__ import annotations

from dataclasses import replace

from recommender.routes.translators.google import GoogleTranslator
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.routes.models import Dictionary, FakeModel, keys, take


def test_google_shows_the_collisions_and_ends_in_the_english_ranking(
    basket: list[Item], sports: Catalogue, simulated: GoogleTranslator
) -> None:
    model = FakeModel()
    routed = take("google", basket, sports, model, simulated)
    assert routed.ranking == take("direct", basket, sports, model).ranking
    assert (routed.asked, routed.used, routed.reason, routed.simulated) == ("google", "google", None, True)
    assert [hop.source for hop in routed.hops] == ["machine", "table", "model", "machine", "table"]
    assert keys(routed, 0) == ["simulated", "term_collides", "items_merged", "name_changed"]
    assert keys(routed, 1) == ["table_stands"]
    names, used = routed.hops[0].output.split("\n"), routed.hops[1].output.split("\n")
    assert names[:3] == ["Football Jersey", "Football Goal Post", "Tennis Ball"]
    assert used[:3] == ["Soccer Jersey", "Soccer Goal Post", "Tennis Ball"]


def test_google_names_what_the_way_back_made_of_the_answer(sports: Catalogue, simulated: GoogleTranslator) -> None:
    basket = [item for item in sports if item.id != "football-cleats"]
    routed = take("google", basket, sports, FakeModel(), simulated)
    assert keys(routed, 3) == ["simulated", "answer_collides"]
    assert routed.hops[-1].output == "حذاء كرة القدم الأمريكية"
    assert routed.recommendation is sports["football-cleats"]


def test_google_with_most_names_translated_goes_on_without_the_others(basket: list[Item], sports: Catalogue) -> None:
    words = {item.ar: item.en for item in sports if item.id != "soccer-jersey"}
    routed = take("google", basket, sports, FakeModel(), Dictionary(**words))
    assert (routed.used, routed.reason) == ("google", None)
    assert keys(routed, 0) == ["translation_unusable", "untranslated"]
    assert routed.hops[0].output.split("\n")[0] == "قميص كرة القدم"
    assert routed.hops[1].output.split("\n")[0] == "Soccer Jersey"


def test_google_with_few_names_translated_falls_back_and_says_why(basket: list[Item], sports: Catalogue) -> None:
    translator = Dictionary(**{item.ar: item.en for item in sports.items[:17]})
    routed = take("google", basket, sports, FakeModel(), translator)
    assert (routed.asked, routed.used) == ("google", "catalogue")
    assert routed.reason is not None
    assert routed.reason.key == "translation_unusable"
    assert replace(routed, translate_ms=0, model_ms=0) == replace(
        take("catalogue", basket, sports, FakeModel()),
        asked="google",
        reason=routed.reason,
        translate_ms=0,
        model_ms=0,
    )


def test_a_catalogue_of_arabic_names_only_is_answered_in_arabic(simulated: GoogleTranslator) -> None:
    catalogue = Catalogue("mine", [Item("a", ar="كرة سلة"), Item("b", ar="قرص الهوكي"), Item("c", ar="دمية")])
    routed = take("google", [catalogue["a"]], catalogue, FakeModel(), simulated)
    assert "{Basketball}" in routed.prompt and "{Hockey Puck, دمية}" in routed.prompt
    assert keys(routed, 0) == ["simulated", "translation_unusable", "untranslated"]
    assert routed.recommendation is not None
    assert routed.recommendation.ar in {"قرص الهوكي", "دمية"}
