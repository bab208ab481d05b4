"""A third language is a folder of words and one entry: here a toy, which no other line of the project knows of."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from recommender import cli, prompt
from recommender.cli.parser import build_parser
from recommender.instruments import registry as instruments
from recommender.instruments.board.drawing import board_html
from recommender.language import (
    LANGUAGES,
    SOURCE,
    Language,
    bidi,
    by_letters,
    figures,
    listed,
    missing,
    register,
    registry,
    sentence,
    table,
)
from recommender.language.kind import Script
from recommender.language.scripts import LATIN
from recommender.language.text import name_problem
from recommender.page import controls, page, theme
from recommender.page.view import View
from recommender.page.why import Explorer
from recommender.page.wording import Words
from recommender.service import Request, Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.fake_model import FakeModel
from tests.scoreboards import a_scoreboard

SOCCER = ("Soccer Jersey", "Soccer Goal Post", "Soccer Cleats")
HEBREW = Language(
    code="he",
    name="עברית",
    script=Script("Hebrew", "rtl", "א-ת", "[א-ת]+(?: [א-ת]+)*"),
    labels=("נקנו", "מועמדים", "המלצה"),
    event_labels={"view": "נצפו", "cart": "בעגלה"},
)


@pytest.fixture
def german(tmp_path: Path) -> Iterator[Language]:
    (tmp_path / "words.toml").write_text(
        'empty_basket = "Der Korb ist leer."\nui_title = "Was kommt als Nächstes?"\n', encoding="utf-8"
    )
    language = Language(
        code="de",
        name="Deutsch",
        script=LATIN,
        labels=("GEKAUFT", "ZUR AUSWAHL", "EMPFEHLUNG"),
        event_labels={"view": "ANGESEHEN", "cart": "IM KORB"},
        digits="0123456789,.",
        quotes=("„", "“"),
        folder=tmp_path,
    )
    register(language)
    yield language
    registry.forget("de")


@pytest.fixture
def hebrew() -> Iterator[Language]:
    register(HEBREW)
    yield HEBREW
    registry.forget("he")


@pytest.fixture
def service() -> Service:
    return Service(Settings(), load=lambda name, device: FakeModel())


# Where it appears


def test_the_languages_of_the_package_come_first(german: Language) -> None:
    assert list(LANGUAGES) == ["en", "ar", "de"] and SOURCE == "en"
    with pytest.raises(ValueError, match="de"):
        register(HEBREW.__class__(**{**vars(HEBREW), "code": "de"}))
    with pytest.raises(ValueError, match="folder"):
        registry.forget("ar")


def test_the_command_line_offers_it(german: Language, capsys: pytest.CaptureFixture[str]) -> None:
    parser = build_parser()
    assert parser.parse_args(["recommend", "Ball", "--language", "de"]).language == "de"
    for command in ("recommend", "train"):
        with pytest.raises(SystemExit):
            parser.parse_args([command, "--help"])
        assert "{en,ar,de}" in capsys.readouterr().out


def test_the_environment_may_choose_it(german: Language) -> None:
    assert Settings.read({"RECOMMENDER_LANGUAGE": "de"}).language == "de"


def test_the_endpoints_list_it(german: Language, service: Service) -> None:
    listed = page.build(service).get_api_info()["named_endpoints"]
    for name in ("/recommend", "/explain"):
        one = next(one for one in listed[name]["parameters"] if one["parameter_name"] == "language")
        assert one["type"]["enum"] == ["en", "ar", "de"] and one["parameter_default"] == "en"


def test_the_page_offers_it_and_speaks_it(german: Language, service: Service) -> None:
    assert 'id="lang-de" data-do="language" data-value="de" lang="de"' in controls.top_html("ar")
    assert '"de": {"direction": "ltr", "locale": "de", "routes": true}' in theme.languages()
    reply = View(service).reply({"query": "?lang=de&items=soccer-jersey"})
    assert (reply["language"], reply["direction"], reply["title"]) == ("de", "ltr", "Was kommt als Nächstes?")
    assert "route-native" in reply["parts"]["route"][1] and "Deutsch" in reply["parts"]["route"][1]


# What it says


def test_it_has_its_own_sentences_marks_and_figures(german: Language) -> None:
    assert sentence("empty_basket", "de") == "Der Korb ist leer."
    assert figures("-1,234.5", "de") == "-1.234,5" and Words("de").number(1234.5, 1) == "1.234,5"
    assert listed(("Tee", 2.5), "de") == "„Tee“, 2,5"


def test_what_it_lacks_is_said_in_english_and_the_log_tells(german: Language, caplog: pytest.LogCaptureFixture) -> None:
    from recommender import language

    language._tell_missing.cache_clear()
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert sentence("duplicate_item", "de", name="Tee") == sentence("duplicate_item", "en", name="Tee")
    assert [record.getMessage() for record in caplog.records] == [
        f"de: {len(table()) - 2} of {len(table())} sentences are missing and said in English"
    ]
    lacks = missing("de")
    assert "duplicate_item" in lacks and "empty_basket" not in lacks and len(lacks) == len(table()) - 2
    assert missing("en") == missing("ar") == []


# What is asked in it


def test_its_prompt_has_its_own_labels_which_no_name_may_hold(german: Language) -> None:
    items = Item("a", "Tea", others=(("de", "Tee"),)), Item("b", "Cup"), Item("c", ar="قدح")
    text = prompt.build(items[:1], items[1:], "de", viewed=items[1:2])
    assert text == "GEKAUFT: {Tee} - ANGESEHEN: {Cup} - ZUR AUSWAHL: {Cup, قدح} - EMPFEHLUNG: "
    assert name_problem("Zur Auswahl") == name_problem("Empfehlung: Ball") == "name_label"
    assert bidi.language_of(text) == "de" and bidi.language_of(prompt.build(items[:1], items[1:])) == "en"


def test_a_request_in_it_is_answered_by_its_own_prompt_and_by_the_english_one(
    german: Language, service: Service
) -> None:
    answer = service.answer(Request(SOCCER, "de", "native"))
    assert answer.prompt.startswith("GEKAUFT: {Soccer Jersey, ") and answer.language == "de"
    answer = service.answer(Request(SOCCER, "de"))
    assert answer.used == "catalogue" and answer.prompt == service.answer(Request(SOCCER)).prompt
    document: dict[str, Any] = answer.to_json(1)
    best = document["ranking"][0]
    assert {"en", "ar", "de"} <= best.keys()


def test_it_is_explained_by_the_prompt_that_its_route_asks_with(german: Language, service: Service) -> None:
    asked: list[dict[str, Any]] = [
        service.explain(Request(SOCCER, "de", route)).to_json(2) for route in ("native", "catalogue", "google")
    ]
    assert [one["route"]["explained"] for one in asked] == ["native", "catalogue", "catalogue"]
    assert service.subject(Request(SOCCER, "de", "native")).language == "de"
    assert service.subject(Request(SOCCER, "de", "google")).language == "en"


@pytest.mark.parametrize("name", [one.name for one in instruments.instruments()])
def test_every_instrument_draws_in_it(german: Language, service: Service, name: str) -> None:
    state = {"items": ["soccer-jersey", "soccer-cleats"], "language": "de"}
    reply = Explorer(View(service), service).reply({"instrument": name, "state": state})
    assert reply["html"] and escape(sentence("ui_unexpected")) not in reply["html"]


def test_the_scoreboard_has_an_example_for_it_too(german: Language) -> None:
    html = board_html(a_scoreboard(), "de")
    assert 'lang="ar"' not in html and a_scoreboard().examples["en"].written.split()[0] in html


def test_an_explanation_is_printed_in_it(
    german: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Service, "_load_t5", lambda self, name, device: FakeModel())
    assert cli.main(["explain", *SOCCER, "--language", "de", "--translator", "none"]) == 0
    assert " → " in capsys.readouterr().out


def test_a_catalogue_may_name_its_items_in_it(german: Language, tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("id,en,de\nt,Tea,Tee\nk,,Kanne\n", encoding="utf-8")
    shop = Catalogue.load(path)
    assert [item.name("de") for item in shop] == ["Tee", "Kanne"] and shop["k"].name("en") == "Kanne"
    assert shop.find("tee") is shop["t"]
    shop.save(path)
    assert Catalogue.load(path).items == shop.items


# How it is told from others


def test_latin_letters_are_of_the_language_that_is_said(german: Language) -> None:
    assert [by_letters("Kanne", said) for said in ("en", "ar", "de")] == ["en", "en", "de"]
    assert [by_letters("شاي Lipton", said) for said in ("en", "ar", "de")] == ["ar", "ar", "ar"]
    grown = Catalogue("shop", []).with_items(["Kanne", "شاي"], "de")
    assert [item.by_language() for item in grown] == [
        {"en": "", "ar": "", "de": "Kanne"},
        {"en": "", "ar": "شاي", "de": ""},
    ]
    assert bidi.written_in("Kanne", "de") == 'lang="de" dir="ltr"' and bidi.written_in("Kanne") == 'lang="en" dir="ltr"'


def test_names_of_another_script_from_right_to_left_are_isolated(hebrew: Language) -> None:
    assert str(bidi.verbatim("A: {כדור קטן, كرة}")) == (
        'A: {<bdi lang="he" dir="rtl">כדור קטן</bdi>, <bdi lang="ar" dir="rtl">كرة</bdi>}'
    )
    assert by_letters("כדור Nike") == "he" and str(bidi.written_in("כדור", "he")) == 'lang="he" dir="rtl"'
    assert Words("he").direction == "rtl" and hebrew.arrow == "←"
