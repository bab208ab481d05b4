"""What programs can ask, over HTTP and by the Python client, and what they are told when they ask nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from gradio_client import Client

from recommender.language import LANGUAGES
from recommender.language.text import is_arabic
from recommender.page.server import gradio_private
from recommender.recommenders.confidence import LEVELS, Thresholds
from recommender.routes import open_translator
from recommender.service import MAX_ITEMS, Request
from recommender.shop.catalogue import Catalogue
from recommender.shop.shipped import shops
from tests.fake_model import FakeModel
from tests.page.serving import Served, served

SOCCER = ["Soccer Jersey", "Soccer Goal Post", "Soccer Cleats"]


@pytest.fixture(scope="module")
def here() -> Iterator[Served]:
    with served() as server:
        yield server


def same(answer: dict[str, Any], other: dict[str, Any]) -> bool:
    return {**answer, "milliseconds": 0} == {**other, "milliseconds": 0}


def test_recommend_gives_the_designs_document(here: Served) -> None:
    answer = here.ask("recommend", SOCCER, "en", None, None, None, None)
    assert same(answer, here.service.answer(Request(SOCCER)).to_json())


def test_parameters_left_out_at_the_end_have_their_defaults(here: Served) -> None:
    whole = here.ask("recommend", SOCCER, "en", None, None, None, None)
    assert same(here.ask("recommend", SOCCER), whole)
    assert len(here.ask("catalogue", "sports")["items"]) == 35


def test_parameters_may_be_named(here: Served) -> None:
    asked = {"items": SOCCER, "language": "ar", "route": "native", "top": 2}
    event = here.post("gradio_api/call/v2/recommend", json=asked).json()["event_id"]
    kind, (answer,) = here.fetch(event)
    assert kind == "complete" and same(answer, here.service.answer(Request(SOCCER, "ar", "native")).to_json(2))


def test_new_items_and_other_catalogues_do(here: Served) -> None:
    answer = here.ask("recommend", ["Kayak Paddle", "Surf Wax"], "en", None, "outdoor", ["Surf Wax"], 1)
    assert answer["prompt"].startswith("ITEMS PURCHASED: {Kayak Paddle, Surf Wax}")


def test_the_python_client_asks_by_name(here: Served) -> None:
    client = Client(here.url, verbose=False)
    try:
        answer = client.predict(items=SOCCER, top=3, api_name="/recommend")
        assert same(answer, here.service.answer(Request(SOCCER)).to_json(3))
        with pytest.raises(Exception, match="«XX»"):
            client.predict(items=["XX"], language="ar", api_name="/recommend")
    finally:
        client.close()


@pytest.mark.parametrize(
    ("confidence", "weak", "clear"), [("clear", 0.001, 0.001), ("weak", 0.001, 99.0), ("guess", 99.0, 99.0)]
)
def test_an_answer_says_how_much_it_knows_by_the_models_own_thresholds(
    confidence: str, weak: float, clear: float
) -> None:
    model = FakeModel()
    model.thresholds = Thresholds(weak, clear)  # type: ignore[attr-defined]
    with served(model) as server:
        assert server.ask("recommend", SOCCER)["confidence"] == confidence


def test_an_answer_without_a_ranking_has_no_confidence(here: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(here.service, "translator", lambda route: open_translator("simulated"))
    article, native = (here.ask("recommend", SOCCER, "ar", route) for route in ("google-article", "native"))
    assert article["route"]["used"] == "google-article" and article["ranking"] == []
    assert "confidence" in article and article["confidence"] is None
    assert native["confidence"] in LEVELS


def test_catalogue_lists_its_items_in_order(here: Served) -> None:
    listed = here.ask("catalogue", "outdoor")
    assert listed["name"] == "outdoor"
    assert listed["items"] == [
        {"id": one.id, "en": one.en, "ar": one.ar, "sport": one.sport, "role": one.role, "aliases": list(one.aliases)}
        for one in Catalogue.load("outdoor")
    ]


def test_tools_of_language_models_answer_in_json() -> None:
    class Page:
        class mcp_server_obj:
            @staticmethod
            def postprocess_output_data(data: list[Any], root: str) -> Any:
                return data, root

    gradio_private.speak_json(Page)  # type: ignore[arg-type]
    written = Page.mcp_server_obj.postprocess_output_data([{"ar": "كرة", "item": None}, "text"], "root")
    assert written == (['{"ar": "كرة", "item": null}', "text"], "root")
    Page.mcp_server_obj = None  # type: ignore[assignment,misc]
    gradio_private.speak_json(Page)  # type: ignore[arg-type]


def test_the_list_of_endpoints_says_what_each_takes(here: Served) -> None:
    listed = here.get("gradio_api/info").json()["named_endpoints"]
    assert {"/recommend", "/catalogue"} <= listed.keys()
    parameters = {one["parameter_name"]: one for one in listed["/recommend"]["parameters"]}
    assert list(parameters) == ["items", "language", "route", "catalogue", "new", "top"]
    assert parameters["language"]["type"] == {"enum": list(LANGUAGES)}
    assert not parameters["items"]["parameter_has_default"] and parameters["top"]["parameter_default"] is None
    assert all(len(one["label"]) > 20 for one in parameters.values())
    assert all(f'"{name}"' in parameters["catalogue"]["label"] for name in shops())
    assert listed["/recommend"]["returns"][0]["type"]["type"] == "object"
    assert listed["/recommend"]["description"].startswith("Recommend the next item")


NONSENSE = {
    "a dict for items": ([{"Soccer Ball": 1}], "“items” must be a list"),
    "a text for items": (["Soccer Ball"], "“items” must be a list"),
    "nothing for items": ([None], "“items” must be a list"),
    "a number among the items": ([["Soccer Ball", 7]], "“items” must be a list"),
    "a list among the items": ([[["Soccer Ball"]]], "“items” must be a list"),
    "an unknown item": ([["Bicycle"]], "“Bicycle”"),
    "an item twice": ([["Soccer Ball", "soccer-ball"]], "soccer-ball"),
    "no items": ([[]], "empty"),
    "blank items": ([["", " ", "\u200f"]], "empty"),
    "10,000 items": ([["Soccer Ball"] * 10_000], f"{MAX_ITEMS} at most"),
    "half a character": ([["\ud800"]], "empty"),
    "half a character for the language": ([SOCCER, "\udfff"], "en, ar"),
    "half a character for a catalogue": ([SOCCER, "en", None, "\ud800x"], "“x”"),
    "a script": ([["<script>alert(1)</script>"]], "‹script›"),
    "a script as a new item": ([SOCCER, "en", None, None, ["<img src=x onerror=alert(1)>"]], "‹"),
    "a label of the prompt as a new item": ([SOCCER, "en", None, None, ["RECOMMENDATION: Soccer"]], "Soccer"),
    "a text for new": ([SOCCER, "en", None, None, "Kayak"], "“new” must be a list"),
    "another language": ([SOCCER, "fr"], "“fr”"),
    "a list for the language": ([SOCCER, ["en"]], "en, ar"),
    "no language": ([SOCCER, None], "en, ar"),
    "another route": ([SOCCER, "en", "scenic"], "“scenic”"),
    "a dict for the route": ([SOCCER, "en", {"a": 1}], "There is no route"),
    "an Arabic route in English": ([SOCCER, "en", "native"], "“native”"),
    "another catalogue": ([SOCCER, "en", None, "garden"], "“garden”"),
    "a file for a catalogue": ([SOCCER, "en", None, "/etc/passwd"], "“/etc/passwd”"),
    "a number for a catalogue": ([SOCCER, "en", None, 7], "“7”"),
    "top of none": ([SOCCER, "en", None, None, None, 0], "“top”"),
    "top of a text": ([SOCCER, "en", None, None, None, "3"], "“top”"),
    "top of a half": ([SOCCER, "en", None, None, None, 2.5], "“top”"),
    "top of yes": ([SOCCER, "en", None, None, None, True], "“top”"),
    "nothing at all": ([], "does not fit"),
}


@pytest.mark.parametrize("data, says", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_ends_in_a_sentence_and_the_next_visitor_is_served(
    here: Served, data: list[Any], says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    said = here.refusal("recommend", *data)
    assert says in said and "<" not in said and "Traceback" not in said and len(said) < 500
    assert here.ask("recommend", SOCCER, "en", None, None, None, 1)["recommendation"]
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "data", [[["XX"], "ar"], [["قفاز"] * 2, "ar"], [[], "ar"], [SOCCER, "ar", "direct"], [SOCCER, "ar", None, "garden"]]
)
def test_what_is_wrong_is_said_in_the_language_of_the_request(here: Served, data: list[Any]) -> None:
    assert is_arabic(here.refusal("recommend", *data))


@pytest.mark.parametrize("name", [7, ["sports"], {"a": 1}, "", "../sports", "sports\n", "x" * 500_000])
def test_a_catalogue_that_is_none_is_refused(here: Served, name: Any) -> None:
    said = here.refusal("catalogue", name)
    assert ", ".join(shops()) in said and len(said) < 500


def test_huge_texts_are_refused_quickly(here: Served) -> None:
    huge = "قميص <b>Soccer Ball</b> " * 20_000
    assert "…" in here.refusal("recommend", [huge])
    assert len(here.refusal("recommend", SOCCER, "en", None, None, [huge])) < 500
    assert len(here.refusal("recommend", ["x" * 900] * 1000)) < 500
    assert len(here.refusal("recommend", SOCCER, "x" * 900_000)) < 500


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("call/recommend", "{", 422),
        ("call/recommend", "[]", 422),
        ("call/recommend", '{"data": 7}', 422),
        ("call/recommend", '{"data": {"items": []}}', 422),
        ("call/recommend", "[" * 300_000, 400),
        ("call/recommend", "", 422),
        ("call/v2/recommend", "[]", 422),
        ("call/v2/recommend", '{"colour": 1}', 400),
        ("call/v2/recommend", "{}", 400),
        ("call/no_such_thing", '{"data": []}', 404),
        ("call/v2/no_such_thing", "{}", 404),
        ("queue/join", '{"data": [], "fn_index": 999, "session_hash": "a"}', 400),
        ("queue/join", '{"data": [], "fn_index": "x", "session_hash": "a"}', 422),
        ("queue/join", '{"data": []}', 400),
        ("run/recommend", '{"data": [["Soccer Ball"]]}', 404),
        ("component_server", '{"data": 1}', 400),
        ("component_server", "nonsense", 400),
        ("cancel", "{}", 422),
    ],
)
def test_bodies_of_another_shape_get_a_status_and_a_sentence(
    here: Served, path: str, content: str, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = here.post(f"gradio_api/{path}", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert isinstance(answer.json()["detail"], str) and "Traceback" not in answer.text
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_visitors_tags_reach_no_page_as_tags(here: Served) -> None:
    said = here.refusal("recommend", ["<img src=x onerror=alert(1)>"], "ar")
    assert "<" not in said and "‹img" in said
