"""From choices to the parts of the page, with a model that needs no weights."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from recommender.language import sentence
from recommender.language.text import is_arabic
from recommender.page.answer import answer_html, said_html
from recommender.page.view import View
from recommender.page.wording import Words
from recommender.service import Found, Request, Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.fake_model import FakeModel
from tests.language.test_arabic import WESTERN
from tests.page.test_wording import read

EMPTY = ("notices", "said", "bar", "lesson", "search", "versus", "beside")
"""Parts that hold nothing where there is nothing to say, and no large shop to search."""


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def view(model: FakeModel) -> View:
    return View(Service(Settings(translator="simulated"), load=lambda name, device: model))


def parts(view: View, **state: object) -> dict[str, str]:
    return {name: html for name, (_, html) in view.reply({"state": state})["parts"].items()}


def test_the_first_reply_holds_a_whole_page(view: View) -> None:
    reply = view.reply({})
    assert reply["turn"] == 0 and reply["language"] == "en" and reply["direction"] == "ltr"
    assert re.search('data-best="[a-z]', reply["parts"]["answer"][1])
    assert reply["state"]["items"] == ["camera", "batteries"] and reply["state"]["catalogue"] == "electronics"
    json.dumps(reply, allow_nan=False)


def test_only_parts_that_changed_are_sent(view: View) -> None:
    first = view.reply({"state": {"items": ["soccer-jersey", "soccer-cleats"]}})
    have = {name: entry[0] for name, entry in first["parts"].items()}
    state = {**first["state"], "items": [*first["state"]["items"], "soccer-ball"]}
    second = view.reply({"turn": 1, "state": state, "have": have})
    assert set(second["parts"]) <= {"head", "basket", "answer", "route", "prompt", "pieces", "bar", "said"}
    assert len(json.dumps(second)) < 20_000
    again = view.reply({"turn": 2, "state": state, "have": have | {n: e[0] for n, e in second["parts"].items()}})
    assert set(again["parts"]) <= {"answer"}


@pytest.mark.parametrize("route", ["catalogue", "native", "google", "google-article"])
def test_every_part_is_written_on_every_route(view: View, route: str) -> None:
    shown = parts(view, items=["soccer-jersey"], language="ar", route=route)
    assert all(read(html).tags for name, html in shown.items() if name not in EMPTY)
    told = re.sub('<bdi lang="en".*?</bdi>|lang="en" dir="ltr">.*?<', "<", "".join(shown.values()))
    assert WESTERN.findall(read(told).text) == []
    assert shown["route"].count("data-hop") == {"catalogue": 3, "native": 1, "google": 5, "google-article": 4}[route]


@pytest.mark.parametrize(
    ("writes", "status", "key"),
    [
        (None, "candidate", "agree"),
        ("Hockey Puck", "candidate", "ranks at place"),
        ("Soccer Jersey", "owned", "already has"),
        ("Moon Boots", "unknown", "not in this inventory"),
    ],
)
def test_what_the_model_wrote_is_compared_with_what_it_ranks(
    view: View, model: FakeModel, writes: str | None, status: str, key: str
) -> None:
    model.writes = writes
    answer = parts(view, items=["soccer-jersey", "soccer-cleats"])["answer"]
    assert f'data-status="{status}"' in answer and key in answer


def test_nothing_ticked_is_an_invitation_and_no_error(view: View) -> None:
    shown = parts(view, items=[])
    assert "data-problem" not in shown["answer"] and shown["answer"].count("data-do") == 5
    assert shown["bar"].strip() == "" and shown["said"] == ""


def test_markup_never_leaves_a_text(view: View, model: FakeModel) -> None:
    model.writes = "<img src=x onerror=alert(1)>"
    shown = parts(view, items=["soccer-jersey", "<img src=x>"], new=['" autofocus onfocus="alert(1)'])
    assert not any("img" in read(html).tags for html in shown.values())
    assert '" autofocus' not in shown["inventory"]


@pytest.mark.parametrize("asked", [None, 3, [], "x", {"state": 5}, {"have": [1]}, {"query": 3}, {"turn": "x"}])
def test_whatever_is_sent_is_answered(view: View, asked: object) -> None:
    assert view.reply(asked)["parts"]


def test_a_library_that_breaks_is_a_sentence_without_its_text(
    view: View, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(model, "answer_many_timed", broken)
    shown = parts(view, items=["soccer-jersey"], language="ar")
    assert "حدث خطأ غير متوقع" in shown["answer"] and "secret" not in "".join(shown.values())


def test_a_model_that_is_not_loaded_is_told_and_the_pages_own_answers(view: View) -> None:
    reply = view.reply({"state": {"items": ["soccer-jersey"], "model": "article"}})
    assert reply["state"]["model"] == "compact" and "not loaded" in reply["parts"]["notices"][1]


def test_another_inventory_begins_with_its_own_customer_and_a_link_may_leave_it_empty(view: View) -> None:
    begun = view.reply({"state": {"items": None, "catalogue": "outdoor", "language": "ar"}})["state"]
    assert begun["items"][0] == "kayak-paddle" and begun["language"] == "ar"
    assert view.reply({"query": "?catalogue=outdoor"})["state"]["items"][0] == "kayak-paddle"
    assert view.reply({"query": "?catalogue=outdoor&items="})["state"]["items"] == []
    assert view.reply({"query": "?new=Padel Ball"})["state"]["items"] == []


def test_the_field_proposes_a_name_that_its_shop_has_something_for(view: View) -> None:
    for language in ("en", "ar"):
        for one in view.shop.tries():
            shown = parts(view, items=[], language=language, catalogue=one.shop)["add"]
            assert f'placeholder="{one.item.name(language)}"' in shown
    elsewhere = parts(view, items=[], catalogue="outdoor")["add"]
    assert f'placeholder="{view.shop.tries()[0].item.en}"' in elsewhere


def test_the_pages_language_is_the_settings(model: FakeModel) -> None:
    view = View(Service(replace(Settings(), language="ar"), load=lambda name, device: model))
    reply = view.reply({})
    assert (reply["language"], reply["direction"]) == ("ar", "rtl") and is_arabic(reply["title"])


def test_files_are_the_answer_or_nothing(view: View) -> None:
    state = {"items": ["soccer-jersey"], "new": ["=1+1"]}
    table = view.file({"state": state, "kind": "csv"})
    assert table and table["text"].startswith("\ufeffrank,id,en,ar,probability\r\n1,")
    assert ",'=1+1," in table["text"]
    document = view.file({"state": state, "kind": "json"})
    assert document and json.loads(document["text"])["recommendation"]["id"] == "basketball-jersey"
    assert view.file({"state": {"items": []}, "kind": "json"}) is None
    assert view.file({"state": state, "kind": "exe"}) is None and view.file(None) is None


def test_the_articles_route_gives_a_table_of_one_row_at_most(view: View) -> None:
    state = {"items": ["soccer-jersey"], "language": "ar", "route": "google-article"}
    table = view.file({"state": state, "kind": "csv"})
    assert table and table["text"].count("\r\n") <= 2


def test_a_baskets_items_are_looked_up_once_and_its_prompt_is_written_once(
    view: View, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    build = model.prompt_for

    def counted(*args: object) -> str:
        written.append(build(*args))  # type: ignore[arg-type]
        return written[-1]

    def never(*args: object) -> None:
        raise AssertionError("looked up again")

    monkeypatch.setattr(model, "check", lambda request: None)
    monkeypatch.setattr(model, "prompt_for", counted)
    monkeypatch.setattr("recommender.service.serving.find_all", never)
    seen = view.see(view.state_of({"state": {"items": ["Soccer Jersey", "Padel Ball"], "new": ["Padel Ball"]}}))
    assert seen.answer is not None and [item.en for item in seen.answer.basket] == ["Soccer Jersey", "Padel Ball"]
    assert seen.answer.prompt in written and len(written) == 1


def test_what_is_found_is_answered_as_what_is_looked_up(view: View) -> None:
    chosen = view.choose(
        view.state_of({"state": {"items": ["soccer-jersey"], "new": ["Padel Ball"], "language": "ar"}})
    )
    request = view.request(chosen)
    answers = [view._service.answer(request), view._service.answer(request, Found(chosen.catalogue, chosen.basket))]
    one, other = ({**answer.to_json(), "milliseconds": None} for answer in answers)
    assert one == other


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("level", ["clear", "weak", "guess"])
def test_what_the_answer_knows_stands_beside_it_in_words(model: FakeModel, language: str, level: str) -> None:
    service = Service(Settings(translator="simulated"), load=lambda name, device: model)
    answer = service.answer(Request(("Soccer Jersey",), language))
    html = answer_html(replace(answer, confidence=level), language)  # type: ignore[arg-type]
    said = sentence(f"confidence_{level}", language)
    assert f'data-confidence="{level}"' in html and said in read(html).text
    assert (sentence("ui_confidence_add", language) in read(html).text) == (level == "guess")
    spoken = said_html(replace(answer, confidence=level), language)  # type: ignore[arg-type]
    # A clear one is said without further words.
    assert (said in spoken) == (level != "clear")


def test_a_route_that_only_writes_says_nothing_of_what_it_knows(model: FakeModel) -> None:
    service = Service(Settings(translator="simulated"), load=lambda name, device: model)
    answer = service.answer(Request(("Soccer Jersey",), "ar", "google-article"))
    assert answer.confidence is None and answer.to_json()["confidence"] is None
    assert "data-confidence" not in answer_html(answer, "ar")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_shop_of_thousands_of_items_draws_those_of_the_basket(
    tmp_path: Path, model: FakeModel, language: str
) -> None:
    items = [Item(f"i{number}", f"Good {number}") for number in range(3000)]
    Catalogue("shop", items).save(tmp_path / "shop.csv")
    large = View(Service(Settings(catalogue=str(tmp_path / "shop.csv")), load=lambda name, device: model))
    shown = parts(large, items=["i7", "i8"], language=language)
    assert shown["inventory"].count("data-pick=") == 2 and "data-item" not in shown["inventory"]
    assert sum(map(len, shown.values())) < 200_000
    words = Words(language)
    assert words.plain("search_label", count=3000) in read(shown["search"]).text
    assert 'data-best="' in shown["answer"]
    # What the probability is one of, and that nobody knows what was lost.
    told = read(shown["answer"]).text
    assert words.plain("ui_recall_unmeasured", count=60) in told
    assert words.plain("ui_chance_among", count=60, total=2998) in told


def test_a_small_shop_is_not_searched(view: View) -> None:
    shown = parts(view, items=["soccer-jersey"], catalogue="sports")
    assert shown["search"] == "" and sentence("ui_chance", count=34) in read(shown["answer"]).text
