"""Keyboard, phone, contrast: the page for everybody. Rules are axe-core's, run in the real page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Site, Visit, Visitor


def violations(visitor: Visitor) -> list[dict[str, Any]]:
    found = Axe().run(visitor.page).response["violations"]
    return [one for one in found if one["impact"] in ("serious", "critical")]


def told(found: list[dict[str, Any]]) -> str:
    return json.dumps([{one["id"]: [node["html"][:200] for node in one["nodes"][:4]]} for one in found], indent=1)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_serious_stands_in_anybodys_way(visit: Visit, language: str, theme: str) -> None:
    visitor = visit(f"?lang={language}&items=soccer-jersey,tennis-ball,hockey-puck&__theme={theme}")
    visitor.page.locator("#prompt-exact summary").click()
    visitor.press("#every")
    found = violations(visitor)
    assert found == [], told(found)
    assert visitor.page.evaluate("document.body.classList.contains('dark')") == (theme == "dark")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nor_where_things_go_wrong(visit: Visit, site: Site, theme: str) -> None:
    site.model.writes = "Nonsense"
    visitor = visit(f"?lang=ar&items=soccer-ball,no-such&route=google-article&__theme={theme}")
    found = violations(visitor)
    visitor.press("#clear")
    found += violations(visitor)
    site.model.reads_arabic = False
    visitor.tick("soccer-ball")
    visitor.press("#route-native")
    found += violations(visitor)
    assert found == [], told(found)


def test_the_keyboard_alone_suffices(visit: Visit) -> None:
    visitor = visit("?items=soccer-jersey,soccer-ball&lang=ar")
    keyboard, focus = visitor.page.keyboard, "document.activeElement.id"
    seen: list[str] = []
    for _ in range(60):
        keyboard.press("Tab")
        seen.append(visitor.page.evaluate(focus))
        if seen[-1] == "item-soccer-cleats":
            break
    assert seen.index("lang-en") < seen.index("ui_example_garden") < seen.index("item-soccer-cleats")
    before = visitor.turn()
    keyboard.press("Space")
    visitor.wait_past(before)
    assert visitor.bought() == ["soccer-jersey", "soccer-ball", "soccer-cleats"]
    assert visitor.page.evaluate(focus) == "item-soccer-cleats"
    visitor.page.locator("#earlier-soccer-cleats").focus()
    for place in (1, 0):
        before = visitor.turn()
        keyboard.press("Enter")
        visitor.wait_past(before)
        assert visitor.bought().index("soccer-cleats") == place
    # At the front it can only be moved back, and that is where the focus is.
    assert visitor.page.evaluate(focus) == "later-soccer-cleats"
    visitor.page.locator("#out-soccer-ball").focus()
    before = visitor.turn()
    keyboard.press("Enter")
    visitor.wait_past(before)
    assert visitor.page.evaluate(focus) == "basket-title"
    visitor.page.locator("#route-catalogue").focus()
    before = visitor.turn()
    keyboard.press("ArrowDown")
    visitor.wait_past(before)
    expect(visitor.page.locator("#route-native")).to_be_focused()
    visitor.page.locator("#add-name").focus()
    keyboard.type("Padel Ball")
    before = visitor.turn()
    keyboard.press("Enter")
    visitor.wait_past(before)
    assert "padel-ball" in visitor.bought()
    assert visitor.page.evaluate(focus) == "add-name"


def test_the_first_stop_of_the_tab_key_leads_to_the_answer(visit: Visit) -> None:
    visitor = visit("?items=soccer-jersey,soccer-ball&lang=ar")
    page, before = visitor.page, visitor.turn()
    page.keyboard.press("Tab")
    expect(page.locator("#skip")).to_be_focused()
    expect(page.locator("#skip")).to_have_text("إلى الإجابة")
    address = page.url
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_focused()
    expect(visitor.best).to_be_in_viewport()
    assert page.url == address and visitor.turn() == before


def test_the_answer_is_told_to_those_who_listen(visit: Visit) -> None:
    visitor = visit("?items=soccer-jersey,soccer-cleats")
    said = visitor.page.locator("[data-part=said]")
    expect(said).to_have_attribute("role", "status")
    expect(said).to_contain_text("Next: Soccer Ball, ")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("query", ["", "&route=google-article", "&catalogue=outdoor&items=camping-tent"])
def test_a_phone_shows_the_whole_page(visit: Visit, language: str, query: str) -> None:
    visitor = visit(
        f"?items=soccer-jersey,basketball-arm-sleeve,football-shoulder-pads&lang={language}{query}",
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
    )
    widths = visitor.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths == [360, 360]
    wide = visitor.page.evaluate(
        """() => [...document.querySelectorAll('#page *')].filter(one => {
            const box = one.getBoundingClientRect(), scrolls = one.closest('.examples .chips, .tokens, .sr');
            return !scrolls && box.width && one.checkVisibility() && (box.left < -0.5 || box.right > 360.5);
        }).map(one => one.outerHTML.slice(0, 90))"""
    )
    assert wide == []


def test_a_phone_has_the_answer_in_sight_while_ticking(visit: Visit) -> None:
    visitor = visit("?items=soccer-jersey", viewport=PHONE, has_touch=True, is_mobile=True)
    bar = visitor.page.locator(".bar")
    before = visitor.turn()
    visitor.box("hockey-stick").tap()
    visitor.wait_past(before)
    expect(bar).to_be_in_viewport()
    assert visitor.best.inner_text() in bar.inner_text()
    bar.locator("button").tap()
    expect(visitor.best).to_be_in_viewport()
    small = visitor.page.evaluate(
        """() => [...document.querySelectorAll('#page :is(button, .box, .route, summary)')].filter(one => {
            const box = one.getBoundingClientRect();
            return one.checkVisibility() && (box.width < 24 || box.height < 24);
        }).map(one => one.id)"""
    )
    assert small == []


def test_light_and_dark_are_a_button_and_are_remembered(visit: Visit) -> None:
    visitor = visit("?items=soccer-ball")
    dark = "document.body.classList.contains('dark')"
    assert visitor.page.evaluate(dark) is False
    visitor.page.locator("#theme-switch").click()
    assert visitor.page.evaluate(dark) is True
    visitor.open("?items=soccer-ball")
    visitor.page.wait_for_function(dark)


def test_a_system_that_is_dark_gets_a_dark_page(visit: Visit) -> None:
    visitor = visit(color_scheme="dark")
    visitor.page.wait_for_function("document.body.classList.contains('dark')")
