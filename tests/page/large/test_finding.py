"""The address that the search field asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from recommender.language import sentence
from recommender.page.large.finding import PATH, Finder, routes
from recommender.service import Service
from recommender.service.own.keys import new_key
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.fake_model import FakeModel
from tests.page.test_wording import read


@pytest.fixture
def service(tmp_path: Path) -> Service:
    items = [Item(f"i{number}", f"Good {number}", f"سلعة {number}", f"kind{number % 3}") for number in range(400)]
    Catalogue("shop", [*items, Item("tea", "Green Tea", "شاي أخضر", "drinks")]).save(tmp_path / "shop.csv")
    return Service(Settings(catalogue=str(tmp_path / "shop.csv")), load=lambda name, device: FakeModel())


@pytest.fixture
def finder(service: Service) -> Finder:
    found = Finder(service)
    found.prepare()
    return found


def test_what_is_found_are_options_with_their_category(finder: Finder) -> None:
    reply = finder.reply({"text": "gren tae", "language": "en", "items": ["tea"]})
    assert reply["count"] == 1 and reply["said"] == sentence("search_found", count=1)
    assert 'role="option" id="seek-1" data-seek="tea"' in reply["html"] and "Drinks" in reply["html"]
    assert sentence("search_there") in read(reply["html"]).text
    assert "seek-there" not in finder.reply({"text": "tea"})["html"]


def test_it_answers_in_the_visitors_language(finder: Finder) -> None:
    reply = finder.reply({"text": "شاى", "language": "ar"})
    assert "شاي أخضر" in reply["html"] and reply["said"] == sentence("search_found", "ar", count=1)


def test_never_more_than_twenty(finder: Finder) -> None:
    assert finder.reply({"text": "good"})["count"] == 20 == finder.reply({"group": "kind1"})["count"]


def test_what_there_is_not_is_said(finder: Finder) -> None:
    reply = finder.reply({"text": "<b>qqqq</b>", "language": "en"})
    assert reply["html"] == "" and "&lt;b&gt;" in reply["said"] and "<b>" not in reply["said"]
    assert finder.reply({})["said"] == sentence("search_begin")


@pytest.mark.parametrize(
    "asked", [None, [], "tea", {"text": 7, "group": [], "items": "tea", "catalogue": 3, "language": "xx"}]
)
def test_what_makes_no_sense_finds_nothing(finder: Finder, asked: object) -> None:
    assert finder.reply(asked)["count"] == 0


def test_another_inventory_is_searched_and_one_that_is_gone_is_told(finder: Finder, service: Service) -> None:
    assert finder.reply({"text": "soccer ball", "catalogue": "sports"})["count"]
    assert finder.reply({"text": "tea", "catalogue": "/etc/passwd"})["count"] == 1  # the page's own
    gone = finder.reply({"text": "tea", "catalogue": new_key()})
    assert gone["count"] == 0 and gone["said"] == sentence("own_gone", minutes=service.settings.keep)


def test_it_is_asked_by_post(finder: Finder) -> None:
    client = TestClient(Starlette(routes=list(routes(finder))))
    assert client.post(PATH, json={"text": "tea"}).json()["count"] == 1
    assert client.post(PATH, content=b"{").json()["count"] == 0
    assert client.get(PATH).status_code == 405
