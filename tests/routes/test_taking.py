"""Every route, hop by hop."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from recommender import prompt
from recommender.errors import RequestError
from recommender.recommenders.ranking import GenerationOptions
from recommender.routes import ARABIC_ROUTES, MACHINE_ROUTES, ROUTES, Routed, Translator, closed, run
from recommender.routes import taking as routes
from recommender.routes.translators.google import GoogleTranslator
from recommender.shop.catalogue import Catalogue, Item
from recommender.shop.matching import Match
from tests.routes.models import Dictionary, FakeModel, WithoutArabic


def take(
    route: str, basket: list[Item], catalogue: Catalogue, model: FakeModel, translator: Translator | None = None
) -> Routed:
    routed = run(route, basket, catalogue.candidates(basket), catalogue, model, translator=translator)
    assert all(hop.to_json() for hop in routed.hops)
    assert routed.translate_ms >= 0 and routed.model_ms >= 0
    return routed


def keys(routed: Routed, hop: int) -> list[str]:
    return [problem.key for problem in routed.hops[hop].problems]


def test_the_names_of_the_routes() -> None:
    assert ROUTES == ("direct", "catalogue", "native", "google", "google-article")
    assert ROUTES[1:] == ARABIC_ROUTES
    assert ROUTES[3:] == MACHINE_ROUTES


@pytest.mark.parametrize(
    ("route", "key"),
    [("fly", "route_unknown"), ("google", "translator_needed"), ("google-article", "translator_needed")],
)
def test_a_route_that_can_not_be_taken_is_a_sentence(
    basket: list[Item], sports: Catalogue, route: str, key: str
) -> None:
    with pytest.raises(RequestError) as caught:
        take(route, basket, sports, FakeModel())
    assert caught.value.key == key
    assert all(route in caught.value.sentence(language) for language in ("en", "ar"))


@pytest.mark.parametrize("route", ROUTES)
def test_with_nothing_left_no_route_asks_anybody(sports: Catalogue, route: str) -> None:
    translator = Dictionary()
    with pytest.raises(RequestError, match="Nothing is left"):
        take(route, list(sports), sports, FakeModel(), translator)
    assert translator.asked == []


def test_direct_is_one_hop_in_english(basket: list[Item], sports: Catalogue) -> None:
    routed = take("direct", basket, sports, FakeModel())
    assert (routed.language, routed.asked, routed.used, routed.reason) == ("en", "direct", "direct", None)
    (hop,) = routed.hops
    assert (hop.from_, hop.to, hop.source, hop.input, hop.problems) == ("en", "en", "model", routed.prompt, ())
    assert routed.ranking is not None and routed.raw is not None
    assert routed.recommendation is routed.ranking.best.item
    assert routed.match == Match(routed.recommendation, "candidate", "exact")
    assert not routed.simulated


def test_the_options_reach_the_model(basket: list[Item], sports: Catalogue) -> None:
    seen: list[GenerationOptions] = []

    class Watching(FakeModel):
        def answer(self, *arguments, **more):  # type: ignore[no-untyped-def]
            seen.append(arguments[3])
            return super().answer(*arguments, **more)

    options = GenerationOptions(temperature=1.0, seed=7)
    run("catalogue", basket, sports.candidates(basket), sports, Watching(), options=options)
    assert seen == [options]


def test_catalogue_gives_the_model_the_english_prompt_and_the_reader_the_arabic_name(
    basket: list[Item], sports: Catalogue
) -> None:
    model = FakeModel()
    english, arabic = take("direct", basket, sports, model), take("catalogue", basket, sports, model)
    assert model.prompts[0] == model.prompts[1]
    assert arabic.ranking == english.ranking
    assert (arabic.language, arabic.used) == ("ar", "catalogue")
    there, written, back = arabic.hops
    assert [hop.source for hop in arabic.hops] == ["table", "model", "table"]
    assert there.input.split("\n")[:3] == [item.ar for item in basket]
    assert there.output.split("\n")[:3] == [item.en for item in basket]
    assert len(there.input.split("\n")) == len(sports)
    assert written.input == english.prompt
    assert arabic.recommendation is not None
    assert (back.input, back.output) == (arabic.recommendation.en, arabic.recommendation.ar)


@pytest.mark.parametrize("name", ["sports", "wide"])
def test_catalogue_costs_no_more_than_writing_the_prompt_some_times(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # In the processor's time, the best of some, beside a yardstick: neither another machine nor a busy one matters.
    for module in (routes, closed):
        monkeypatch.setattr(module, "perf_counter", time.thread_time)
    catalogue = Catalogue.load(name)
    basket, rest = list(catalogue.items[:3]), catalogue.items[3:]

    def yardstick() -> float:
        begun = time.thread_time()
        for _ in range(10):
            prompt.build(basket, rest)
        return (time.thread_time() - begun) * 1000

    spent = min(take("catalogue", basket, catalogue, FakeModel()).translate_ms for _ in range(20))
    # 0.06 ms for the 35 items of `sports`, ten times what the prompt takes.
    assert spent < 6 * min(yardstick() for _ in range(20))


def test_native_gives_the_model_the_arabic_prompt(basket: list[Item], sports: Catalogue) -> None:
    routed = take("native", basket, sports, FakeModel())
    assert routed.prompt.startswith("عناصر تم شراؤها: {قميص كرة القدم, ")
    assert routed.ranking is not None and routed.raw is not None
    assert routed.raw.text == routed.ranking.best.item.ar
    assert routed.match == Match(routed.ranking.best.item, "candidate", "exact")
    assert [(hop.from_, hop.to, hop.source) for hop in routed.hops] == [("ar", "ar", "model")]


def test_native_is_refused_by_the_tokenizer_whatever_the_model_says_of_itself(
    basket: list[Item], sports: Catalogue
) -> None:
    model = WithoutArabic(reads_arabic=True)
    with pytest.raises(RequestError) as caught:
        take("native", basket, sports, model)
    assert caught.value.key == "native_no_vocabulary"
    assert "<unk>" in caught.value.sentence("en") and "<unk>" in caught.value.sentence("ar")
    assert model.prompts == []


def test_native_is_refused_where_the_model_was_not_trained_for_it(basket: list[Item], sports: Catalogue) -> None:
    with pytest.raises(RequestError) as caught:
        take("native", basket, sports, FakeModel(reads_arabic=False))
    assert caught.value.key == "native_not_trained"


def test_single_unknown_words_are_shown_on_the_models_hop(basket: list[Item], sports: Catalogue) -> None:
    class AlmostArabic(FakeModel):
        def tokens(self, text: str) -> list[str]:
            return ["<unk>" if "بيسبول" in word else f"▁{word}" for word in text.split()]

    assert keys(take("native", basket, sports, AlmostArabic()), 0) == ["unknown_words"]


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


@pytest.mark.parametrize("route", ["direct", "catalogue", "google"])
def test_a_typed_item_is_named_by_the_machine(sports: Catalogue, route: str) -> None:
    catalogue = sports.with_items(["طائرة ورقية"])
    basket = [item for item in catalogue if item.id != "basketball"]
    words = {item.ar: item.en for item in sports} | {"طائرة ورقية": "Kite"}
    routed = take(route, basket, catalogue, FakeModel(), Dictionary(**words))
    assert "Kite" in routed.prompt and "ورقية" not in routed.prompt
    assert any(hop.output == "Kite" and hop.source == "machine" for hop in routed.hops)


@pytest.mark.parametrize("route", ["direct", "catalogue"])
def test_a_typed_item_stands_as_typed_without_a_translator(sports: Catalogue, route: str) -> None:
    catalogue = sports.with_items(["طائرة ورقية"])
    routed = take(route, [catalogue.items[-1]], catalogue, WithoutArabic())
    assert "{طائرة ورقية}" in routed.prompt
    found = [problem.key for hop in routed.hops for problem in hop.problems]
    assert found == ["as_typed", "unknown_words"]


def test_a_recommended_item_without_an_arabic_name_gets_the_machines(sports: Catalogue) -> None:
    catalogue = sports.with_items(["Kite"])
    routed = take("catalogue", list(sports), catalogue, FakeModel(), Dictionary(Kite="طائرة ورقية"))
    assert routed.recommendation is not None and routed.ranking is not None
    assert (routed.recommendation.id, routed.recommendation.ar) == ("kite", "طائرة ورقية")
    assert routed.ranking.best.item == routed.recommendation
    assert (routed.hops[-1].source, routed.hops[-1].output) == ("machine", "طائرة ورقية")
    assert take("catalogue", list(sports), catalogue, FakeModel()).hops[-1].problems[0].key == "as_typed"


def test_a_catalogue_of_arabic_names_only_is_answered_in_arabic(simulated: GoogleTranslator) -> None:
    catalogue = Catalogue("mine", [Item("a", ar="كرة سلة"), Item("b", ar="قرص الهوكي"), Item("c", ar="دمية")])
    routed = take("google", [catalogue["a"]], catalogue, FakeModel(), simulated)
    assert "{Basketball}" in routed.prompt and "{Hockey Puck, دمية}" in routed.prompt
    assert keys(routed, 0) == ["simulated", "translation_unusable", "untranslated"]
    assert routed.recommendation is not None
    assert routed.recommendation.ar in {"قرص الهوكي", "دمية"}
