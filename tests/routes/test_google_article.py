"""The article's own path: what it repairs, what it does not, and that each cause of its failure is named."""

from __future__ import annotations

import pytest

from recommender.routes import Routed, run
from recommender.routes.google_article import REPAIRS, repair
from recommender.routes.translators.google import GoogleTranslator
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.matching import Match
from tests.routes.models import Dictionary, FakeModel


def take(basket: list[Item], catalogue: Catalogue, writes: str, translator: GoogleTranslator) -> Routed:
    model = FakeModel(lambda _: writes)
    routed = run("google-article", basket, catalogue.candidates(basket), catalogue, model, translator=translator)
    assert model.prompts == [routed.prompt]
    assert all(hop.to_json() for hop in routed.hops)
    return routed


def keys(routed: Routed, hop: int) -> list[str]:
    return [problem.key for problem in routed.hops[hop].problems]


def test_four_wordings_of_labels_are_repaired_and_no_others() -> None:
    assert len(REPAIRS) == 4
    text = "Items purchased: {A} - Candidates for recommendation: {B} - Recommendation:"
    assert repair(text) == "ITEMS PURCHASED: {A} - CANDIDATES FOR RECOMMENDATION: {B} - RECOMMENDATION: "
    assert repair("Purchased items: {A}") == "ITEMS PURCHASED: {A}"
    assert repair("A recommendation: Bought: {Football}") == "A recommendation: Bought: {Football}"


def test_the_whole_prompt_goes_there_and_the_raw_output_back(
    basket: list[Item], sports: Catalogue, simulated: GoogleTranslator
) -> None:
    routed = take(basket, sports, "Hockey Puck", simulated)
    assert [(hop.from_, hop.to, hop.source) for hop in routed.hops] == [
        ("ar", "en", "machine"), ("en", "en", "table"), ("en", "en", "model"), ("en", "ar", "machine"),
    ]  # fmt: skip
    there, repaired, written, back = routed.hops
    assert there.input.startswith("عناصر تم شراؤها: {قميص كرة القدم, مرمى كرة القدم, كرة التنس} - ")
    assert "{Football Jersey and Football Goal Post and Tennis Ball}" in there.output
    assert (repaired.input, repaired.output) == (there.output, routed.prompt)
    assert (written.input, written.output) == (routed.prompt, "Hockey Puck")
    assert (back.input, back.output) == ("Hockey Puck", "قرص الهوكي")
    assert routed.recommendation is sports["hockey-puck"]
    assert routed.match == Match(sports["hockey-puck"], "candidate", "exact")
    assert (routed.ranking, routed.reason, routed.simulated) == (None, None, True)


def test_every_cause_of_the_articles_failure_is_named(
    basket: list[Item], sports: Catalogue, simulated: GoogleTranslator
) -> None:
    routed = take(basket, sports, "Football", simulated)
    assert keys(routed, 0) == [
        "simulated", "label_changed", "list_joined", "term_collides", "items_merged", "name_changed",
    ]  # fmt: skip
    assert keys(routed, 3) == ["simulated", "answer_collides", "not_exactly_an_item"]
    assert routed.hops[-1].output == "كرة القدم"
    assert routed.recommendation is None


def test_the_machine_made_name_on_the_way_back_is_no_item(
    basket: list[Item], sports: Catalogue, simulated: GoogleTranslator
) -> None:
    routed = take(basket, sports, "Soccer Shin Guards", simulated)
    assert routed.hops[-1].output == "حراس كرة القدم"
    assert keys(routed, 3) == ["simulated", "answer_changed", "not_exactly_an_item"]
    assert routed.recommendation is None


def test_nothing_repairs_an_answer_that_lands_on_the_wrong_item(
    basket: list[Item], sports: Catalogue, simulated: GoogleTranslator
) -> None:
    routed = take(basket, sports, "Football Cleats", simulated)
    assert routed.recommendation is sports["soccer-cleats"]
    assert keys(routed, 3) == ["simulated", "answer_collides"]


def test_nothing_keeps_it_from_what_is_already_owned(
    basket: list[Item], sports: Catalogue, simulated: GoogleTranslator
) -> None:
    routed = take(basket, sports, "Tennis Ball", simulated)
    assert routed.recommendation is sports["tennis-ball"]
    assert keys(routed, 2) == keys(routed, 3)[1:] == ["already_owned"]


def test_an_output_that_runs_on_names_no_item(
    basket: list[Item], sports: Catalogue, simulated: GoogleTranslator
) -> None:
    routed = take(basket, sports, "Tennis Racket and Tennis Shoes and", simulated)
    assert routed.hops[-1].output.startswith("مضرب التنس وحذاء التنس")
    assert keys(routed, 2) == ["not_an_item"]
    assert keys(routed, 3) == ["simulated", "not_exactly_an_item"]
    assert (routed.recommendation, routed.reason) == (None, None)


@pytest.mark.parametrize("written", ["", "  "])
def test_an_empty_output_is_where_it_ends(
    basket: list[Item], sports: Catalogue, simulated: GoogleTranslator, written: str
) -> None:
    routed = take(basket, sports, written, simulated)
    assert (routed.recommendation, routed.reason, len(routed.hops)) == (None, None, 3)
    assert keys(routed, 2) == ["answer_empty"]


def test_an_output_that_can_not_be_translated_is_where_it_ends(
    basket: list[Item], sports: Catalogue, simulated: GoogleTranslator
) -> None:
    routed = take(basket, sports, "Golden Zebra", simulated)
    assert routed.recommendation is None
    assert routed.reason is not None
    assert (routed.reason.key, keys(routed, 3)) == ("translation_unusable", ["simulated", "translation_unusable"])
    assert keys(routed, 2) == ["not_an_item"]


def test_a_translator_that_fails_at_once_leaves_the_model_unasked(basket: list[Item], sports: Catalogue) -> None:
    model = FakeModel(lambda _: "x")
    routed = run("google-article", basket, sports.candidates(basket), sports, model, translator=Dictionary())
    assert model.prompts == []
    assert (routed.prompt, routed.raw, routed.match, routed.recommendation) == ("", None, None, None)
    assert routed.reason is not None
    assert routed.hops[0].problems == (routed.reason,)
