"""Back and forth: every change can be undone, by the page, the keys and the browser; a reload keeps all; the trail."""

import csv
import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LANGUAGES, Visit, Visitor
from tests.browser.seeing import answers, press, see, wait_past

BASKET = "?items=soccer-jersey,soccer-cleats"


def settled(visitor: Visitor, bought: list[str]) -> None:
    """Wait until the page shows the answer for exactly these."""
    visitor.page.wait_for_function(
        "ids => [...document.querySelectorAll('[data-bought]')].map(one => one.dataset.bought).join() === ids",
        arg=",".join(bought),
    )


def test_what_was_changed_is_undone_and_done_again(visit: Visit) -> None:
    visitor = visit(BASKET)
    undo, redo = visitor.page.locator("#undo"), visitor.page.locator("#redo")
    expect(undo).to_be_disabled()
    expect(redo).to_be_disabled()
    visitor.tick("hockey-puck")
    visitor.press("#clear")
    undo.click()
    settled(visitor, ["soccer-jersey", "soccer-cleats", "hockey-puck"])
    expect(redo).to_be_enabled()
    visitor.page.keyboard.press("Control+z")
    settled(visitor, ["soccer-jersey", "soccer-cleats"])
    expect(undo).to_be_disabled()
    # Whoever has pressed the button is not lost where it can't be pressed any more.
    expect(visitor.box("hockey-puck")).not_to_be_checked()
    visitor.page.keyboard.press("Control+Shift+z")
    settled(visitor, ["soccer-jersey", "soccer-cleats", "hockey-puck"])
    # A new change begins a new way on.
    visitor.tick("tennis-ball")
    expect(redo).to_be_disabled()


def test_the_browsers_own_buttons_step_through_the_answers(visit: Visit) -> None:
    visitor = visit(BASKET)
    first = visitor.best.inner_text()
    visitor.tick("soccer-ball")
    visitor.switch("ar")
    visitor.page.go_back()
    expect(visitor.page.locator("#page")).to_have_attribute("dir", "ltr")
    assert visitor.bought() == ["soccer-jersey", "soccer-cleats", "soccer-ball"]
    visitor.page.go_back()
    settled(visitor, ["soccer-jersey", "soccer-cleats"])
    expect(visitor.best).to_have_text(first)
    assert "items=soccer-jersey,soccer-cleats&" in visitor.page.url
    visitor.page.go_forward()
    settled(visitor, ["soccer-jersey", "soccer-cleats", "soccer-ball"])


def test_typed_items_and_sliders_are_undone_too(visit: Visit) -> None:
    visitor = visit(BASKET)
    visitor.page.locator("#add-name").fill("Padel Racket")
    visitor.press("#add-bought")
    before = visitor.turn()
    visitor.page.locator("#option-temperature").fill("1.5")
    visitor.wait_past(before)
    visitor.page.locator("#undo").click()
    expect(visitor.page.locator("#option-temperature")).to_have_value("0")
    expect(visitor.box("padel-racket")).to_be_checked()
    visitor.page.locator("#undo").click()
    settled(visitor, ["soccer-jersey", "soccer-cleats"])
    expect(visitor.box("padel-racket")).to_have_count(0)


def test_in_a_field_the_keys_are_the_fields_own(visit: Visit) -> None:
    visitor = visit(BASKET)
    visitor.tick("hockey-puck")
    field = visitor.page.locator("#add-name")
    field.press_sequentially("Yoga")
    field.press("Control+z")
    assert visitor.bought() == ["soccer-jersey", "soccer-cleats", "hockey-puck"]


def test_a_reload_keeps_everything(visit: Visit) -> None:
    visitor = visit(BASKET)
    visitor.tick("hockey-puck")
    before = visitor.turn()
    visitor.page.locator("#option-temperature").fill("1.2")
    visitor.wait_past(before)
    see(visitor, "reasons")
    visitor.press("#every")
    visitor.page.reload()
    expect(visitor.page.locator("#page[data-ready=true]")).to_be_visible()
    settled(visitor, ["soccer-jersey", "soccer-cleats", "hockey-puck"])
    expect(visitor.page.locator("#option-temperature")).to_have_value("1.2")
    expect(visitor.page.locator("#every")).to_have_attribute("aria-expanded", "true")
    expect(visitor.page.locator("[data-force]")).to_have_count(3)
    expect(visitor.page.locator("#trail-list li")).to_have_count(3)
    visitor.page.locator("#undo").click()
    expect(visitor.page.locator("#every")).to_have_attribute("aria-expanded", "false")
    # Gradio's own script complains that what it was listening to has ended with the page.
    visitor.complaints[:] = [text for text in visitor.complaints if "AbortError" not in text]


def test_nothing_scrolls_the_visitor_away(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "reasons")
    visitor.page.locator("#panel-reasons").evaluate("one => one.scrollIntoView({block: 'center'})")
    # The trail comes in above: the screen moves with what is looked at.
    top = "document.getElementById('panel-reasons').getBoundingClientRect().top"
    place = visitor.page.evaluate(top)
    for _ in range(2):
        before = answers(visitor)
        # What can be ticked stands beside it.
        expect(visitor.box("soccer-ball")).to_be_in_viewport()
        visitor.tick("soccer-ball")
        wait_past(visitor, before)
        expect(visitor.page.locator("#panel-reasons .finding")).to_be_in_viewport()
    before = answers(visitor)
    visitor.page.keyboard.press("Control+z")
    wait_past(visitor, before)
    assert abs(visitor.page.evaluate(top) - place) < 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_trail_leads_back_and_can_be_taken_away(visit: Visit, language: str) -> None:
    visitor = visit(f"{BASKET}&lang={language}")
    expect(visitor.page.locator("#trail")).to_be_hidden()
    first = visitor.best.inner_text()
    visitor.tick("soccer-ball")
    visitor.tick("hockey-puck")
    entries = visitor.page.locator("#trail-list button")
    expect(entries).to_have_count(3)
    expect(entries.nth(2)).to_have_attribute("aria-current", "true")
    # What was asked before is no further answer.
    visitor.tick("hockey-puck")
    expect(entries).to_have_count(3)
    expect(entries.nth(1)).to_have_attribute("aria-current", "true")
    visitor.press("#trail-list li:first-child button")
    expect(visitor.best).to_have_text(first)
    assert visitor.bought() == ["soccer-jersey", "soccer-cleats"]
    texts = {}
    for kind in ("csv", "json"):
        with visitor.page.expect_download() as waiting:
            visitor.page.locator(f"#trail-{kind}").click()
        assert waiting.value.suggested_filename == f"answers.{kind}"
        texts[kind] = Path(waiting.value.path()).read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(texts["csv"].removeprefix("\ufeff"))))
    documents = json.loads(texts["json"])
    assert [row["recommendation"] for row in rows] == [one["recommendation"] for one in documents]
    assert len(rows) == 3 and rows[0]["recommendation"] == first


def test_an_open_instrument_follows_every_tick_in_its_place(visit: Visit) -> None:
    visitor = visit(f"{BASKET},hockey-puck")
    see(visitor, "reasons")
    before = answers(visitor)
    visitor.tick("tennis-ball")
    wait_past(visitor, before)
    expect(visitor.page.locator("[data-force]")).to_have_count(4)
    expect(visitor.page.locator("#panel-reasons [data-stale]")).to_be_hidden()
    before = answers(visitor)
    visitor.page.locator("#undo").click()
    wait_past(visitor, before)
    expect(visitor.page.locator("[data-force]")).to_have_count(3)
    press(visitor, "#ask-orders")
    expect(visitor.page.locator(".panel:visible")).to_have_count(1)


def test_what_was_measured_before_is_not_asked_for_again_with_a_tick(visit: Visit, results: None) -> None:
    visitor = visit(BASKET)
    see(visitor, "board")
    before = answers(visitor)
    visitor.tick("hockey-puck")
    expect(visitor.page.locator("#panel-board .finding")).to_be_visible()
    assert answers(visitor) == before
    # In another language it is another text.
    visitor.switch("ar")
    wait_past(visitor, before)
