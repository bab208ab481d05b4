"""The lesson from the first step to the worksheet, in both languages, with nothing but what a class would press."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from recommender.page.lesson.steps import LESSON, step_of
from recommender.page.state import STEPS
from tests.browser.conftest import PHONE, Visit, Visitor
from tests.browser.seeing import WIDE, press, slide
from tests.browser.test_access import told, violations
from tests.browser.test_languages import english_left_over

pytestmark = pytest.mark.usefixtures("results")


def begin(visitor: Visitor) -> None:
    visitor.press("#lesson-open")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-step", "1")


def commit(visitor: Visitor, number: int) -> None:
    """Commit to the first guess there is."""
    step = step_of(number)
    unfold(visitor)
    if step.guess == "item":
        visitor.page.locator("#guess-item").select_option(index=1)
    else:
        visitor.page.locator(".guess input").first.check()
    visitor.page.locator("#guess-commit").click()
    expect(visitor.page.locator(f"#stage-{number}")).to_be_visible()


def do(visitor: Visitor, number: int) -> None:
    """Set the step up and do what it asks for."""
    key = step_of(number).key
    unfold(visitor)
    (press if step_of(number).instrument else visitor.press)(*_args(visitor, f"#stage-{number}", number))
    if key == "prompt":
        visitor.tick("tennis-shoes")
    elif key == "blend":
        expect(visitor.page.locator("#lesson")).to_have_attribute("data-done", "false")
        slide(visitor, "weight", "1")
    elif key == "board":
        expect(visitor.page.locator("#lesson")).to_have_attribute("data-done", "false")
        press(visitor, "#set-split-rows")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-done", "true")


def _args(visitor: Visitor, selector: str, number: int) -> tuple:  # type: ignore[type-arg]
    return (visitor, selector) if step_of(number).instrument else (selector,)


def unfold(visitor: Visitor) -> None:
    """Open the panel where it is folded."""
    if visitor.page.locator("#lesson-show").is_visible() and not visitor.page.evaluate(
        "document.getElementById('lesson-box').open"
    ):
        visitor.page.locator("#lesson-show").click()


def go_on(visitor: Visitor, number: int) -> None:
    unfold(visitor)
    visitor.press("#step-next")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-step", str(number + 1))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_class_goes_through_all_ten_steps_and_takes_the_worksheet(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}&items=soccer-jersey")
    begin(visitor)
    for number in range(1, STEPS + 1):
        commit(visitor, number)
        do(visitor, number)
        expect(visitor.page.locator(".lesson-told")).to_be_visible()
        expect(visitor.page.locator(f"#step-{number}")).to_have_class(re.compile("done"))
        visitor.page.locator(f"#note-{number}").fill(f"<b>{number}</b>")
        if language == "ar":
            assert english_left_over(visitor) == [], number
        if number < STEPS:
            go_on(visitor, number)
    expect(visitor.page.locator(".lesson-foot .note")).to_contain_text("ten" if language == "en" else "العشر")
    with visitor.page.expect_download() as waiting:
        visitor.page.locator("#sheet-save").click()
    assert waiting.value.suggested_filename == f"worksheet-{language}.html"
    path = Path(waiting.value.path())
    text = path.read_text(encoding="utf-8")
    assert text.count('class="sheet-chart"') == STEPS
    # It stands alone, and says what the page said.
    sheet = visitor.page.context.new_page()
    sheet.set_content(text)
    assert sheet.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        "rtl" if language == "ar" else "ltr",
    ]
    expect(sheet.locator("[data-force]").first).to_be_visible()
    expect(sheet.locator(".sheet-note").nth(6)).to_have_text("<b>7</b>")
    assert sheet.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sheet.close()


def test_a_step_is_not_ticked_off_by_going_on(visit: Visit) -> None:
    visitor = visit()
    begin(visitor)
    visitor.press("#step-next")
    visitor.press("#step-next")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-step", "3")
    expect(visitor.page.locator(".lesson-steps .done")).to_have_count(0)


def test_without_a_guess_nothing_can_be_set_up(visit: Visit) -> None:
    visitor = visit()
    begin(visitor)
    expect(visitor.page.locator("[data-stage]")).to_have_count(0)
    visitor.page.locator("#guess-commit").click()
    expect(visitor.page.locator("[data-stage]")).to_have_count(0)


def test_another_basket_does_not_count(visit: Visit) -> None:
    visitor = visit("?lesson=2&items=tennis-ball,tennis-shoes")
    commit(visitor, 2)
    # The link's basket is the step's, and it is on the page already.
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-done", "true")
    visitor.press("#step-3")
    commit(visitor, 3)
    press(visitor, "#ask-reasons")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-done", "false")
    do(visitor, 3)


def test_a_link_opens_a_step_with_a_basket(visit: Visit) -> None:
    visitor = visit("?lesson=4&items=tennis-racket,hockey-stick&lang=ar")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-step", "4")
    assert visitor.bought() == ["tennis-racket", "hockey-stick"]
    expect(visitor.page.locator(".lesson-customer .kin-item")).to_have_count(2)
    commit(visitor, 4)
    do(visitor, 4)
    assert visitor.bought() == ["tennis-racket", "hockey-stick"]
    assert "lesson=4" in visitor.page.url and "lesson=4" in visitor.page.locator("#link").input_value()


def test_answers_are_kept_over_a_reload_and_erased_on_demand(visit: Visit) -> None:
    visitor = visit("?lesson=6")
    commit(visitor, 6)
    do(visitor, 6)
    visitor.page.locator("#note-6").fill("hot")
    visitor.open("?lesson=6&items=soccer-ball")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-done", "true")
    expect(visitor.page.locator("#note-6")).to_have_value("hot")
    visitor.page.locator("#lesson-restart").click()
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-done", "true")
    visitor.press("#lesson-restart")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-step", "1")
    expect(visitor.page.locator(".lesson-steps .done")).to_have_count(0)


def test_the_lesson_closes_and_opens_where_it_was(visit: Visit) -> None:
    visitor = visit()
    begin(visitor)
    commit(visitor, 1)
    do(visitor, 1)
    visitor.press("#lesson-close")
    expect(visitor.page.locator("#lesson")).to_have_count(0)
    assert "lesson" not in visitor.page.url
    expect(visitor.page.locator("#lesson-open")).to_be_focused()
    visitor.press("#lesson-open")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-step", "2")


def test_a_class_that_changes_the_language_keeps_its_answers(visit: Visit) -> None:
    visitor = visit("?lesson=8")
    commit(visitor, 8)
    do(visitor, 8)
    visitor.switch("ar")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-done", "true")
    expect(visitor.page.locator("#lesson-question")).to_have_text("ما ضاع في الترجمة")
    assert english_left_over(visitor) == []


def test_printing_prints_the_worksheet_and_not_the_page(visit: Visit) -> None:
    visitor = visit("?lesson=1")
    # A frame has a window of its own, whose dialogue a test can't answer: the page's way to it is watched instead.
    visitor.page.evaluate(
        """() => Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', {
            get() { return { focus() {}, print: () => { window.printed = this.srcdoc; } }; }
        })"""
    )
    visitor.page.locator("#sheet-print").click()
    visitor.page.wait_for_function("window.printed")
    assert visitor.page.evaluate("window.printed").startswith("<!doctype html>")
    expect(visitor.page.locator("#sheet-print")).to_have_text("Print")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_serious_stands_in_anybodys_way(visit: Visit, language: str, theme: str) -> None:
    visitor = visit(f"?lang={language}&lesson=3&__theme={theme}")
    found = violations(visitor)
    commit(visitor, 3)
    do(visitor, 3)
    found += violations(visitor)
    assert found == [], told(found)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_phone_suffices(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}&items=soccer-jersey", viewport=PHONE, has_touch=True, is_mobile=True)
    begin(visitor)
    for number in range(1, 5):
        commit(visitor, number)
        do(visitor, number)
        assert visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [360, 360]
        assert visitor.page.evaluate(WIDE) == []
        go_on(visitor, number)
    small = visitor.page.evaluate(
        """() => [...document.querySelectorAll('#lesson :is(button, .guess-choice, summary)')].filter(one => {
            const box = one.getBoundingClientRect();
            return one.checkVisibility() && (box.width < 24 || box.height < 24);
        }).map(one => one.id)"""
    )
    assert small == []


def test_the_keyboard_alone_suffices(visit: Visit) -> None:
    visitor = visit("?lesson=4")
    keyboard = visitor.page.keyboard
    visitor.page.locator(f"#guess-{LESSON[3].choices[0]}").focus()
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(visitor.page.locator("#stage-4")).to_be_visible()
    expect(visitor.page.locator(".lesson-said")).to_contain_text("Mostly the same")
    visitor.page.locator("#stage-4").focus()
    keyboard.press("Enter")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-done", "true")
