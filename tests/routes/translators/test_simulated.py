"""The stand-in for Google: the reviewed tables, and the article's mistakes and no others."""

from __future__ import annotations

import json

import httpx
import pytest

from recommender import prompt
from recommender.language import LANGUAGES
from recommender.routes.translators.google import GoogleTranslator
from recommender.routes.translators.simulated import LABEL_WORDS, respond, simulated_translator, translate
from recommender.shop.catalogue import FOLDER, Catalogue
from recommender.shop.items import Item

SHIPPED = [item for path in sorted(FOLDER.glob("*.csv")) for item in Catalogue.load(path.stem)]
SOCCER = [item for item in SHIPPED if "Soccer" in item.en]
FOOTBALL = [item for item in SHIPPED if "Football" in item.en]


def test_all_but_soccer_and_football_is_translated_by_the_reviewed_tables() -> None:
    others = [item for item in SHIPPED if item not in SOCCER and item not in FOOTBALL]
    assert len(others) > 500
    assert [item.id for item in others if translate(item.ar, "ar", "en") != item.en] == []
    assert [item.id for item in others if translate(item.en, "en", "ar") != item.ar] == []


@pytest.mark.parametrize("item", SOCCER, ids=lambda item: item.id)
def test_soccer_comes_back_as_football(item: Item) -> None:
    back = translate(item.ar, "ar", "en")
    assert back == ("Football" if item.id == "soccer-ball" else item.en.replace("Soccer", "Football"))


@pytest.mark.parametrize("item", FOOTBALL, ids=lambda item: item.id)
def test_football_goes_to_the_words_for_soccer(item: Item) -> None:
    assert translate(item.ar, "ar", "en") == item.en
    arabic = translate(item.en, "en", "ar")
    assert "كرة القدم" in arabic
    assert "أمريكية" not in arabic
    assert "الأمريكية" in translate(f"American {item.en}", "en", "ar") or item.id == "football"


def test_the_term_itself() -> None:
    assert translate("كرة القدم", "ar", "en") == "Football"
    assert translate("Football", "en", "ar") == "كرة القدم"
    assert translate("American Football", "en", "ar") == "كرة قدم أمريكية"
    assert translate("Soccer Ball", "en", "ar") == "كرة قدم"


def test_the_machine_made_name_of_shin_guards() -> None:
    assert translate("Soccer Shin Guards", "en", "ar") == "حراس كرة القدم"
    assert translate("حراس كرة القدم", "ar", "en") == "Football Shin Guards"


def test_lists_come_back_joined_by_and() -> None:
    assert (
        translate("كرة سلة، حلقة كرة السلة, قرص الهوكي", "ar", "en") == "Basketball and Basketball Hoop and Hockey Puck"
    )
    assert translate("Basketball, Hockey Puck", "en", "ar") == "كرة سلة وقرص الهوكي"
    assert translate("Basketball and Hockey Puck and Tennis", "en", "ar") == "كرة سلة وقرص الهوكي وTennis"


def test_a_prompt_keeps_its_braces_and_loses_its_labels_and_commas() -> None:
    items = [Item("a", ar="كرة سلة"), Item("b", ar="قرص الهوكي"), Item("c", ar="مضرب التنس")]
    english = translate(prompt.build(items[:1], items[1:], "ar"), "ar", "en")
    assert english.count("{") == english.count("}") == 2
    assert "{Basketball}" in english
    assert "{Hockey Puck and Tennis Racket}" in english
    assert not any(f"{label}:" in english for label in LANGUAGES["en"].labels)
    assert all(any(f"{word}:" in english for word in words) for words in LABEL_WORDS)


def test_every_wording_of_the_labels_is_met() -> None:
    items = Catalogue.load("sports").items
    prompts = [translate(prompt.build(items[:n], items[n:], "ar"), "ar", "en") for n in range(1, 30)]
    for words in LABEL_WORDS:
        assert all(any(f"{word}:" in text for text in prompts) for word in words)


def test_an_unknown_text_comes_back_as_it_went_in() -> None:
    assert translate("طائرة ورقية", "ar", "en") == "طائرة ورقية"
    assert translate("Kite", "en", "ar") == "Kite"


def test_it_answers_in_the_shape_of_the_endpoint() -> None:
    body = json.loads(respond(httpx.QueryParams({"sl": "ar", "tl": "en", "q": "كرة سلة"})))
    assert body[0][0][:2] == ["Basketball", "كرة سلة"]
    assert body[2] == "ar"


def test_the_real_client_gets_its_answers_with_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nowhere(*_: object) -> None:
        raise AssertionError("a request left the process")

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", nowhere)
    translator = simulated_translator()
    assert isinstance(translator, GoogleTranslator)
    assert translator.simulated
    assert translator.translate(["كرة سلة"], "ar", "en") == ["Basketball"]
    translator.close()


def test_other_addresses_of_the_endpoint_are_not_there(simulated: GoogleTranslator) -> None:
    async def ask() -> int:
        from recommender.routes.translators.simulated import SimulatedGoogle

        async with httpx.AsyncClient(transport=SimulatedGoogle()) as client:
            return (await client.get("https://translate.googleapis.com/other")).status_code

    assert simulated._background.run(ask(), 5) == 404
