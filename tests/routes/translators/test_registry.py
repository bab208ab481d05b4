"""Translators by name."""

import pytest

from recommender.cli.parser import build_parser
from recommender.errors import RequestError
from recommender.routes import open_translator, run
from recommender.routes.translators import registry
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.routes.models import Dictionary, FakeModel


@pytest.mark.parametrize("name", registry.names())
def test_each_is_made_once_and_says_whether_it_is_simulated(name: str) -> None:
    translator = open_translator(name)
    assert translator.name == name
    assert translator.simulated == (name == "simulated")
    assert open_translator(name) is translator


def test_an_unknown_name_is_a_sentence_with_the_known_ones() -> None:
    with pytest.raises(RequestError, match=r"“bing”.*google, simulated, marian"):
        open_translator("bing")


def test_a_toy_translator_is_found_by_settings_command_line_and_routes(
    monkeypatch: pytest.MonkeyPatch, basket: list[Item], sports: Catalogue
) -> None:
    monkeypatch.setattr(registry, "_makers", dict(registry._makers))
    monkeypatch.setattr(registry, "_open", {})
    toy = Dictionary()
    registry.register("toy", lambda: toy)
    assert open_translator("toy") is toy
    assert Settings.read({"RECOMMENDER_TRANSLATOR": "toy"}).translator == "toy"
    for command in ("recommend", "explain", "evaluate"):
        assert build_parser().parse_args([command, "--translator", "toy"]).translator == "toy"
    with pytest.raises(RequestError, match=r"google, simulated, marian, toy"):
        run("google", basket, sports.candidates(basket), sports, FakeModel())
