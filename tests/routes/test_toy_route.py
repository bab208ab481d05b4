"""A route that is registered here, and nowhere else, is on offer wherever a route may be chosen, and answers there."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
import pytest

from recommender import cli
from recommender.cli.parser import build_parser
from recommender.language import table
from recommender.page.server import endpoints
from recommender.page.view import View
from recommender.page.why import Explorer
from recommender.routes import Routed, RouteRequest, registry
from recommender.routes.ask_model import ask_model
from recommender.routes.registry import Route, register
from recommender.routes.translators import registry as translators
from recommender.service import Request, Service
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.places import PACKAGE

SOCCER = ["soccer-jersey", "soccer-cleats"]


def take(asked: RouteRequest) -> Routed:
    """The model is told of the last purchase only."""
    return ask_model(replace(asked, basket=asked.basket[-1:]), "ar", "en")


TOY = Route("last-only", take)
WORDS = {
    "ui_route_last_only": {"en": "The last purchase only", "ar": "المشتراة الأخيرة فقط"},
    "ui_route_last_only_note": {"en": "The others are forgotten.", "ar": "تُنسى البقية."},
}


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> Route:
    """The toy among the routes, for the time of a test."""
    monkeypatch.setattr(registry, "_routes", dict(registry._routes))
    register(TOY)
    for key, words in WORDS.items():
        monkeypatch.setitem(table(), key, words)
    return TOY


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def service(model: FakeModel) -> Service:
    return Service(Settings(translator="none"), load=lambda name, device: model)


@pytest.mark.parametrize("command", ["recommend", "explain", "evaluate"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_command_line_offers_it(command: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser(language).parse_args([command, "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "google-article,last-only}" in told
    assert ("or last-only for Arabic" if language == "en" else "أو last-only للعربية") in told


def test_the_endpoints_offer_it_and_describe_it(service: Service) -> None:
    with gr.Blocks(analytics_enabled=False) as page:
        endpoints.register(page, service)
    info: dict[str, Any] = page.get_api_info()
    for name in ("/recommend", "/explain"):
        (route,) = (one for one in info["named_endpoints"][name]["parameters"] if one["parameter_name"] == "route")
        assert "last-only" in json.dumps(route)
    (route,) = (one for one in info["named_endpoints"]["/recommend"]["parameters"] if one["parameter_name"] == "route")
    assert '"google-article" or "last-only"' in route["label"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_offers_it_answers_by_it_and_takes_it_apart(service: Service, language: str) -> None:
    view = View(service)
    state = {"items": SOCCER, "language": "ar", "route": TOY.name}
    reply = view.reply({"state": state})
    assert reply["state"]["route"] == TOY.name
    shown = reply["parts"]["route"][1]
    assert 'id="route-last-only"' in shown and WORDS["ui_route_last_only"]["ar"] in shown
    chosen = view.choose(view.state_of({"state": {**state, "language": language}}))
    drawn = Explorer(view, service).reply({"instrument": "autopsy", "state": {**state, "language": language}})
    assert chosen.basket and 'data-track="last-only"' in drawn["html"]


def test_the_service_answers_by_it_and_explains_what_can_be_foreseen(service: Service) -> None:
    request = Request(SOCCER, "ar", TOY.name)
    answer = service.answer(request)
    assert answer.used == TOY.name and "{Soccer Cleats}" in answer.prompt
    assert service.answer_many([request])[0].to_json()["prompt"] == answer.prompt
    assert request.foreseeable().asked == "catalogue"


def test_evaluate_measures_it_and_not_the_model_by_itself(
    model: FakeModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Service, "_load_t5", lambda self, name, device: model)

    def measured(*more: str) -> Any:
        argv = ["evaluate", "--json", "--shuffles", "0", "--language", "ar", "--translator", "none", *more]
        assert cli.main(argv) == 0
        return json.loads(capsys.readouterr().out)["model"]

    assert measured("--route", TOY.name)["hit@1"] != measured()["hit@1"]


def lists_of(names: set[str]) -> Iterator[str]:
    """Where in the package, outside of the registries' room, two or more of `names` stand in one literal."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if PACKAGE / "routes" in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
            if (
                len(
                    names
                    & {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
                )
                > 1
            ):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}"  # type: ignore[attr-defined]


def test_nobody_else_lists_the_routes_or_the_translators() -> None:
    assert list(lists_of(set(registry.names()))) == []
    assert list(lists_of(set(translators.choices()))) == []
