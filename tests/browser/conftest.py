"""A real Chromium before a real server: `site` is the page with a model that needs no weights, `visit` opens it.

Every visitor's console must stay free of errors, and nothing may be asked of another host; what the page looked like at
the end of a test that failed lies in `artefacts/browser`, of each test with `PICTURES=all`.
"""

from __future__ import annotations

import json
import os
import re
import string
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect, sync_playwright

from recommender.errors import ModelError
from recommender.page import page as ui_page
from recommender.page.own_shop import downloads
from recommender.page.server.starting import Server
from recommender.page.server.visits import LoggedService
from recommender.recommenders.ranking import GenerationOptions, RankRequest
from recommender.routes import TranslationError, Translator, open_translator
from recommender.service import Service
from recommender.service.batching import Batched
from recommender.settings import Settings
from recommender.shop.items import Item
from tests.browser_setup import executable, remedy
from tests.fake_model import GREEDY, FakeAnswer, FakeModel
from tests.page.serving import free_port
from tests.places import ROOT
from tests.scoreboards import a_scoreboard

ARTEFACTS = ROOT / "artefacts" / "browser"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
SCREENS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
LANGUAGES = ("en", "ar")
LETTERS = string.ascii_lowercase
SECONDS = 15
FAILED = pytest.StashKey[bool]()
GARDEN = ["soccer-jersey", "soccer-goal-post", "soccer-cleats", "goalie-gloves"]
"""The first customer of the sports shop, whom the model without weights answers as the article's did."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark this folder's tests, and put them last: once Playwright runs, no other test can run a loop of its own."""
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker(pytest.mark.browser)
    items[:] = [item for item in items if item not in set(here)] + here


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know, once a test has run, whether it failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@dataclass
class StageModel(FakeModel):
    """Keeps the options it was asked with, and cuts a prompt into words as a vocabulary would."""

    options: list[GenerationOptions] = field(default_factory=list)
    knows_goods: bool = True

    def item_vectors(self, items: Sequence[Item], language: str | None = None) -> Any:
        """Unit vectors in which names that share letters are near each other."""
        counts = np.array([[name.casefold().count(letter) for letter in LETTERS] for name in (one.en for one in items)])
        found = counts.astype(np.float32) + 0.01
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def tokens(self, text: str) -> list[str]:
        pieces = ["▁" + piece for piece in text.split()]
        return pieces if self.reads_arabic else [p if p.isascii() or p == "▁" else _unread(p) for p in pieces]

    def answer_many_timed(
        self, requests: Sequence[RankRequest], options: GenerationOptions = GREEDY
    ) -> list[FakeAnswer]:
        self.options.append(options)
        return super().answer_many_timed(requests, options)


class DownTranslator:
    """A translator whose network is gone."""

    name = "google"
    simulated = False

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        raise TranslationError("translator_unreachable", [None] * len(texts))


class StageService(LoggedService):
    """The service with a translator that can be taken down, and the article's model behind a gate."""

    def __init__(self, model: FakeModel) -> None:
        made = Batched(model)
        self.is_down = False
        self.gate = threading.Event()
        self.article: FakeModel | None = None

        def load(name: str, device: str | None) -> Any:
            if name != "article":
                return made
            assert self.gate.wait(SECONDS)
            if self.article is None:
                raise ModelError("hub_unreachable", name="mohammadhia/t5_recommendation_sports_equipment_english")
            return Batched(self.article)

        super().__init__(Settings(), load)

    def translator(self, route: str) -> Translator | None:
        return DownTranslator() if self.is_down else open_translator("simulated")


@dataclass
class Site:
    url: str
    model: StageModel
    service: StageService
    server: Server


@contextmanager
def serving() -> Iterator[Site]:
    """A page of one's own, for what can't be undone on the one that all share."""
    model = StageModel()
    service = StageService(model)
    server = Server(ui_page.build(service))
    url = server.open("127.0.0.1", free_port(), ui_page.launch_options())
    server.health.warm_up(service)
    # Else the first test that needs what an instrument looks things up in waits for it, which takes seconds.
    service.prepare()
    yield Site(url, model, service, server)
    server.close()


@pytest.fixture(scope="session")
def running_site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture(scope="session")
def shipped() -> Iterator[str]:
    """The address of a page with the shipped model."""
    service = Service(Settings())
    server = Server(ui_page.build(service), routes=downloads.routes(service.own))
    url = server.open("127.0.0.1", free_port(), ui_page.launch_options())
    server.health.warm_up(service)
    yield url
    server.close()


@pytest.fixture
def site(running_site: Site) -> Site:
    """The page's server, its model and translator as at the beginning."""
    running_site.model.writes, running_site.model.reads_arabic = None, True
    running_site.model.options.clear()
    running_site.service.is_down = False
    return running_site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = executable()
    assert path, f"The page's tests need Chromium. Type: {remedy()}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
        )
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One visitor: a browser window on the page, and what a test does there."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> Visitor:
        self.page.goto(self.url + query)
        expect(self.page.locator("#page[data-ready=true]")).to_be_visible(timeout=SECONDS * 1000)
        return self

    @property
    def best(self) -> Locator:
        return self.page.locator("[data-best]")

    def box(self, item: str) -> Locator:
        return self.page.locator(f"#item-{item}")

    def tick(self, *items: str) -> None:
        """Tick, or untick, one after the other, and wait for the answer to the last."""
        for item in items:
            before = self.turn()
            self.box(item).click()
            self.wait_past(before)

    def press(self, selector: str) -> None:
        """Click something that asks for a new answer, and wait for it."""
        before = self.turn()
        self.page.locator(selector).click()
        self.wait_past(before)

    def turn(self) -> int:
        return int(self.page.locator("#page").get_attribute("data-turn") or 0)

    def wait_past(self, turn: int) -> None:
        self.page.wait_for_function(f"Number(document.getElementById('page').dataset.turn) > {turn}")

    def bought(self) -> list[str]:
        """Ids in order of purchase, as the strip shows them."""
        return [str(one.get_attribute("data-bought")) for one in self.page.locator("[data-bought]").all()]

    def switch(self, language: str) -> None:
        self.press(f"#lang-{language}")


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Opens the page for a new visitor; `query` is the address after the path, other arguments the browser's."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def open_page(query: str = "", url: str | None = None, **options: Any) -> Visitor:
        context = chromium.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
        context.set_default_timeout(SECONDS * 1000)
        contexts.append(context)
        visitor = Visitor(context.new_page(), url or site.url)
        _listen(visitor)
        visitors.append(visitor)
        return visitor.open(query)

    yield open_page
    unwanted = any(visitor.elsewhere or visitor.complaints for visitor in visitors)
    # A picture takes Chromium a third of a second: the tests' own are for who looks for what went wrong.
    if unwanted or request.node.stash.get(FAILED, True) or os.environ.get("PICTURES") == "all":
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w.-]+", "-", request.node.name)
        for number, visitor in enumerate(visitors):
            visitor.page.screenshot(path=ARTEFACTS / f"{name}{f'-{number}' if number else ''}.png")
    for context in contexts:
        context.close()
    assert [visitor.elsewhere for visitor in visitors if visitor.elsewhere] == []
    assert [visitor.complaints for visitor in visitors if visitor.complaints] == []


def _listen(visitor: Visitor) -> None:
    def asked(request: Request) -> None:
        if not request.url.startswith((visitor.url, "data:", "blob:")):
            visitor.elsewhere.append(request.url)

    visitor.page.on("request", asked)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    visitor.page.on(
        "console", lambda said: visitor.complaints.append(said.text) if said.type in ("error", "warning") else None
    )


def _unread(piece: str) -> str:
    return "<unk>"


@pytest.fixture
def results(site: Site, tmp_path: Path) -> Iterator[None]:
    """Measured results beside the model, as the scoreboard and the lesson show them."""
    folder = site.model.folder
    (tmp_path / "scoreboard.json").write_text(json.dumps(a_scoreboard().to_json()), encoding="utf-8")
    site.model.folder = tmp_path
    yield
    site.model.folder = folder
