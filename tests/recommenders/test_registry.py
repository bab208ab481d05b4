"""The registry, and a toy baseline that this file alone knows of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import gradio as gr
import pytest

from recommender import cli
from recommender.cli.parser import build_parser
from recommender.evaluation.report import scoreboard_file
from recommender.instruments.board.drawing import board_html
from recommender.instruments.others.drawing import others_html
from recommender.page.server import endpoints
from recommender.paths import ASSETS
from recommender.recommenders import registry
from recommender.recommenders.entry import Entry
from recommender.recommenders.ranking import Ranking
from recommender.service import Request, Service
from recommender.settings import Settings
from recommender.shop.items import Item
from tests.fake_model import FakeModel
from tests.recommenders.shop import ROWS


class Shortest:
    """The shortest name first."""

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        return Ranking.from_scores(candidates, [-len(item.name(language)) for item in candidates])


@pytest.fixture
def toy() -> Iterator[str]:
    registry.register(Entry("shortest-name", "names", lambda given: Shortest()))
    yield "shortest-name"
    registry.unregister("shortest-name")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    fake = FakeModel()
    monkeypatch.setattr(Service, "_load_t5", lambda self, name, device: fake)
    return Service(Settings())


def test_recommenders_are_listed_by_what_they_need() -> None:
    ours = ["item-knn", "popularity", "name-overlap", "random", "blend"]
    assert [name for name in registry.entries() if name in ours] == ours
    assert {*ours[:4]} <= set(registry.baselines()) and "blend" not in registry.baselines()
    assert {*ours[:3]} <= set(registry.beside_an_answer()) and "random" not in registry.beside_an_answer()


def test_without_rows_only_those_are_fitted_that_need_none() -> None:
    assert list(registry.fit(ROWS)) == list(registry.baselines())
    needing_none = {name for name, entry in registry.baselines().items() if entry.needs != "rows"}
    assert set(registry.fit(())) == needing_none >= {"name-overlap", "random"}


def test_a_toy_stands_among_its_like_until_it_is_taken_back(toy: str) -> None:
    assert toy in registry.baselines()
    registry.unregister(toy)
    assert toy not in registry.entries()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_toy_is_in_the_help(toy: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser(language).parse_args(["evaluate", "--help"])
    assert toy in capsys.readouterr().out.replace("-\n", "-")


def test_a_toy_is_evaluated(toy: str, service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", "--json", "--shuffles", "0", "--split", "validation"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document["baselines"]) == list(registry.baselines())
    assert document["baselines"][toy]["hit@1"].keys() == {"value", "low", "high"}


def test_a_toy_is_in_the_schema_of_the_endpoint(toy: str, service: Service) -> None:
    with gr.Blocks() as blocks:
        endpoints.register(blocks, service)
    listed = blocks.get_api_info()
    assert isinstance(listed, dict)
    assert f"item-knn, popularity, name-overlap, {toy}." in listed["named_endpoints"]["/explain"]["description"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_toy_is_on_the_page(toy: str, service: Service, language: str) -> None:
    found = service.examine("others", service.subject(Request(["Soccer Ball"], language)))
    assert list(found.columns) == ["t5", "item-knn", "popularity", "name-overlap", toy]
    html = others_html(found, language)
    assert f'data-column="{toy}"' in html and f">{toy}</" in html


def test_a_scoreboard_that_was_measured_without_a_toy_is_still_drawn(toy: str) -> None:
    found = scoreboard_file.load(ASSETS / "compact")
    assert found is not None and toy in scoreboard_file.systems()
    assert toy not in board_html(found, "en")
