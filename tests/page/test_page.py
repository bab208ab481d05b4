"""The page as Gradio is told of it."""

import re
from typing import Any

import pytest

from recommender.language import table
from recommender.page import page as ui_page
from recommender.page import theme
from recommender.service import Service
from recommender.settings import Settings
from recommender.shop.shipped import shops
from tests.fake_model import FakeModel
from tests.places import PACKAGE, ROOT

UI = PACKAGE / "page"
ASSETS = ROOT / "assets"


@pytest.fixture(scope="module")
def config() -> Any:
    service = Service(Settings(), load=lambda name, device: FakeModel())
    return ui_page.build(service).config


def test_the_page_has_answered_before_anybody_opens_it(config: Any) -> None:
    shown = config["components"][0]["props"]["value"]
    assert re.search('data-best="[a-z]', shown["parts"]["answer"][1])


def test_the_pages_own_events_are_private_and_share_the_models_queue(config: Any) -> None:
    events = {one["api_name"]: one for one in config["dependencies"]}
    assert {"recommend", "catalogue"} <= events.keys()
    ours = [one for name, one in events.items() if name not in ("recommend", "explain", "catalogue")]
    assert len(ours) == 5 and {one["api_visibility"] for one in ours} == {"private"}
    assert {one["show_progress"] for one in ours} == {"hidden"}


def test_nothing_comes_from_another_host() -> None:
    options = theme.launch_options()
    assert not re.search(r"https?://(?!www\.w3\.org)", options["head"])
    assert options["theme"]._stylesheets == []


def test_every_key_of_the_templates_is_in_the_table_and_every_key_of_the_page_is_used() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in sorted((UI / "templates").glob("*.html")))
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(UI.glob("*.py")))
    words = "".join(f" {one.label} {one.note}" for one in shops().values())
    asked = set(re.findall(r"""\bw(?:\.plain)?\(\s*["'](ui_\w+)["']\s*[,)]""", templates))
    assert asked and asked <= table().keys()
    built = (
        "ui_sport_",
        "ui_example_",
        "ui_badge_",
        "ui_how_",
        "ui_route_",
        "ui_language_",
        "ui_model_",
        "ui_hop_",
    )
    sliders = ("ui_temperature", "ui_top_k", "ui_top_p", "ui_busy", "ui_slow", "ui_down")
    unused = [
        key
        for key in table()
        if key.startswith("ui_") and not key.startswith((*built, *sliders)) and key not in templates + code + words
    ]
    assert unused == []
