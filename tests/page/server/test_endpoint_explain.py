"""The endpoint `explain`: the service's document, and a sentence for whatever can't be explained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from recommender.corpus.pool import training_pool
from recommender.instruments import learned
from recommender.instruments.neighbours.computing import Pool
from recommender.language.text import is_arabic
from recommender.service import Request
from tests.page.serving import Served, served

SOCCER = ["Soccer Jersey", "Soccer Goal Post", "Soccer Cleats"]


@pytest.fixture(scope="module")
def here() -> Iterator[Served]:
    pool = Pool(training_pool(300), [])
    with pytest.MonkeyPatch.context() as patch, served() as server:
        patch.setattr(learned, "_pool", lambda: pool)
        yield server


def timeless(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "milliseconds": 0}


def ask(here: Served, **asked: object) -> Any:
    event = here.post("gradio_api/call/v2/explain", json=asked).json()["event_id"]
    kind, answer = here.fetch(event)
    assert kind == "complete", answer
    return answer[0]


def test_explain_gives_the_services_document(here: Served) -> None:
    found = here.ask("explain", SOCCER)
    assert timeless(found) == timeless(here.service.explain(Request(SOCCER)).to_json())
    assert found["recommendation"]["en"] == "Soccer Ball"


def test_every_parameter_counts(here: Served) -> None:
    asked = {"items": ["Padel Racket", *SOCCER], "language": "ar", "route": "native", "new": ["Padel Racket"]}
    found = ask(here, **asked, against="tennis-ball", shuffles=3, neighbours=2, weight=0.5, top=4)
    request = Request(asked["items"], "ar", "native", new=("Padel Racket",))
    expected = here.service.explain(request, shuffles=3, neighbours=2, against="tennis-ball", weight=0.5).to_json(4)
    assert timeless(found) == timeless(expected)


def test_other_catalogues_say_what_they_lack(here: Served) -> None:
    found = ask(here, items=["Kayak Paddle"], catalogue="outdoor")
    assert found["others"]["item-knn"] == [] and found["reasons"]["item-knn"]["code"] == "explain_no_rows"
    assert found["seen_in_training"] is None


NONSENSE: dict[str, tuple[dict[str, object], str]] = {
    "a text for items": ({"items": "Soccer Ball"}, "“items” must be a list"),
    "an unknown item": ({"items": ["Bicycle"]}, "“Bicycle”"),
    "no items": ({"items": []}, "empty"),
    "a file for a catalogue": ({"items": SOCCER, "catalogue": "/etc/passwd"}, "There is no catalogue"),
    "a bought item against": ({"items": SOCCER, "against": "Soccer Jersey"}, "bought it already"),
    "a list against": ({"items": SOCCER, "against": ["Soccer Jersey"]}, "“against” must be a name"),
    "no shuffles": ({"items": SOCCER, "shuffles": 0}, "shuffles is 0"),
    "a text for shuffles": ({"items": SOCCER, "shuffles": "many"}, "shuffles is many"),
    "a million shuffles": ({"items": SOCCER, "shuffles": 10**6}, "between 1 and 200"),
    "half a neighbour": ({"items": SOCCER, "neighbours": 0.5}, "neighbours is 0.5"),
    "a weight of 2": ({"items": SOCCER, "weight": 2}, "weight is 2"),
    "a dict for a weight": ({"items": SOCCER, "weight": {"w": 1}}, "weight is"),
    "a top of 0": ({"items": SOCCER, "top": 0}, "“top” must be"),
    "an unknown route": ({"items": SOCCER, "route": "scenic"}, "scenic"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_told_in_a_sentence(here: Served, name: str) -> None:
    asked, told = NONSENSE[name]
    event = here.post("gradio_api/call/v2/explain", json=asked).json()["event_id"]
    kind, answer = here.fetch(event)
    assert kind == "error" and told in str(answer["error"])


def test_a_refusal_is_in_the_language_of_the_request(here: Served) -> None:
    event = here.post(
        "gradio_api/call/v2/explain", json={"items": SOCCER, "language": "ar", "against": "soccer-jersey"}
    ).json()["event_id"]
    kind, answer = here.fetch(event)
    assert kind == "error" and is_arabic(answer["error"])


def test_the_list_of_endpoints_says_what_it_takes(here: Served) -> None:
    listed = here.get("gradio_api/info").json()["named_endpoints"]["/explain"]
    parameters = {one["parameter_name"]: one for one in listed["parameters"]}
    assert list(parameters) == [
        "items", "language", "route", "catalogue", "new", "against", "shuffles", "neighbours", "weight", "top",
    ]  # fmt: skip
    assert all(len(one["label"]) > 20 for one in parameters.values())
    assert [name for name, one in parameters.items() if not one["parameter_has_default"]] == ["items"]
    assert listed["description"].startswith("Explain a recommendation")
