"""A shop of ten thousand items: searched while somebody types, by keys and by touch, in both languages, calmly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from recommender.page import page as ui_page
from recommender.page.large import finding
from recommender.page.own_shop import downloads
from recommender.page.server.starting import Server
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.browser.conftest import LANGUAGES, PHONE, Site, StageModel, StageService, Visit, Visitor
from tests.browser.seeing import WIDE
from tests.page.serving import free_port

in_both = pytest.mark.parametrize("language", LANGUAGES)
SIZE = 10_000
TYPED = {"en": ("gren tae", "Green Tea"), "ar": ("شاى اخضر", "شاي أخضر")}
SIZES = {"desktop": {}, "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True}}


def goods() -> Catalogue:
    first = [
        Item("green-tea", "Green Tea", "شاي أخضر", "drinks"),
        Item("black-tea", "Black Tea", "شاي أسود", "drinks"),
        Item("tea-cup", "Tea Cup", "فنجان شاي", "dishes"),
    ]
    rest = [Item(f"i{n}", f"Good {n} Sort {n % 7}", f"سلعة {n} صنف {n % 7}", f"kind{n % 5}") for n in range(SIZE - 3)]
    return Catalogue("large", [*first, *rest])


@pytest.fixture(scope="module")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("large") / "large.csv"
    goods().save(path)
    model = StageModel()
    service = StageService(model)
    service.settings = service.settings.__class__(catalogue=str(path))
    finder = finding.Finder(service)
    server = Server(ui_page.build(service), routes=[*downloads.routes(service.own), *finding.routes(finder)])
    url = server.open("127.0.0.1", free_port(), ui_page.launch_options())
    server.health.warm_up(service)
    finder.prepare()
    yield Site(url, model, service, server)
    service.own.close()
    server.close()


@pytest.fixture
def enter(visit: Visit, large_site: Site) -> Visit:
    return partial(visit, url=large_site.url)


def search(visitor: Visitor, text: str) -> None:
    visitor.page.locator("#seek-text").fill(text)
    expect(visitor.page.locator("#seek-found [role=option]").first).to_be_visible()


def key(visitor: Visitor, name: str) -> None:
    before = visitor.turn()
    visitor.page.locator("#seek-text").press(name)
    visitor.wait_past(before)


@in_both
@pytest.mark.parametrize("size", SIZES)
def test_a_name_with_slips_is_found_taken_marked_and_taken_out(enter: Visit, language: str, size: str) -> None:
    visitor = enter(f"?lang={language}&items=i7", **SIZES[size])
    typed, name = TYPED[language]
    search(visitor, typed)
    expect(visitor.page.locator("#seek-text")).to_have_attribute("aria-expanded", "true")
    expect(visitor.page.locator("[data-seek]").first).to_contain_text(name)
    key(visitor, "Enter")
    expect(visitor.page.locator("#seek-text")).to_have_value("")
    expect(visitor.page.locator("#seek-found")).to_be_hidden()
    expect(visitor.page.locator("#pick-green-tea")).to_contain_text(name)
    assert visitor.bought() == ["i7", "green-tea"]
    visitor.press("#pick-mark-green-tea")
    expect(visitor.page.locator("#pick-mark-green-tea")).to_have_attribute("data-mark", "cart")
    visitor.press("#drop-green-tea")
    assert visitor.bought() == ["i7"]
    visitor.press("#recent-green-tea")
    assert visitor.bought() == ["i7", "green-tea"]
    assert visitor.page.evaluate(WIDE) == []


def test_arrows_go_through_the_list_and_escape_closes_it(enter: Visit) -> None:
    visitor = enter("?items=i7")
    field = visitor.page.locator("#seek-text")
    search(visitor, "tea")
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "seek-2")
    expect(visitor.page.locator("#seek-2")).to_have_attribute("aria-selected", "true")
    field.press("Home")
    expect(field).to_have_attribute("aria-activedescendant", "seek-1")
    field.press("End")
    expect(field).to_have_attribute("aria-activedescendant", "seek-3")
    # Beyond the last one the field itself.
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", "seek-3")
    field.press("Escape")
    expect(visitor.page.locator("#seek-found")).to_be_hidden()
    expect(field).to_have_value("tea")
    field.press("Escape")
    expect(field).to_have_value("")
    assert visitor.bought() == ["i7"]


def test_a_click_takes_and_a_second_one_takes_out(enter: Visit) -> None:
    visitor = enter("?items=i7")
    search(visitor, "black tea")
    visitor.press("[data-seek=black-tea]")
    search(visitor, "black tea")
    expect(visitor.page.locator("[data-seek=black-tea] .seek-there")).to_be_visible()
    visitor.press("[data-seek=black-tea]")
    assert visitor.bought() == ["i7"]


def test_a_category_is_leafed_through_and_nothing_found_is_said(enter: Visit) -> None:
    visitor = enter("?items=i7")
    visitor.page.locator("#seek-group").select_option("drinks")
    expect(visitor.page.locator("[data-seek]")).to_have_count(2)
    visitor.page.locator("#seek-text").fill("qqqq")
    expect(visitor.page.locator("#seek-said")).to_contain_text("nothing like “qqqq”")
    expect(visitor.page.locator("#seek-found")).to_be_hidden()


def test_a_search_that_fails_is_said_and_the_page_goes_on(enter: Visit) -> None:
    visitor = enter("?items=i7")
    visitor.page.route(re.compile("/find$"), lambda route: route.fulfill(status=200, body="no JSON"))
    visitor.page.locator("#seek-text").fill("tea")
    expect(visitor.page.locator("#seek-said")).to_contain_text("no answer")
    visitor.page.unroute(re.compile("/find$"))
    search(visitor, "tea c")
    key(visitor, "Enter")
    assert visitor.bought() == ["i7", "tea-cup"]


@in_both
def test_the_page_stays_small_says_what_was_ranked_and_is_accessible(enter: Visit, language: str) -> None:
    visitor = enter(f"?lang={language}&items=i7,i8")
    search(visitor, TYPED[language][0])
    assert visitor.page.evaluate("document.querySelectorAll('#page *').length") < 2500
    among = {"en": "60 items that were ranked, the nearest of 9,998", "ar": "(٦٠)"}[language]
    expect(visitor.page.locator(".chance")).to_contain_text(among)
    found = Axe().run(visitor.page, context="#shelf").response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_another_shop_of_few_items_has_its_boxes_and_no_search(enter: Visit) -> None:
    visitor = enter("?items=i7")
    visitor.press("#shop-sports")
    expect(visitor.box("soccer-ball")).to_be_attached()
    expect(visitor.page.locator("#seek")).to_have_count(0)
