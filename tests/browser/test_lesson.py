"""The lesson from the first step to the worksheet, in both languages, with nothing but what a class would press."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from recommender.page.lesson import codes
from recommender.page.lesson.record import Record
from recommender.page.lesson.steps import LESSON, plan, step_of
from tests.browser.conftest import PHONE, Visit, Visitor
from tests.browser.seeing import WIDE, press, slide
from tests.browser.test_access import told, violations
from tests.browser.test_languages import english_left_over

LONG = plan(40)
ALL_BUT_OWN = [number for number in LONG if step_of(number).key != "own"]

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
    if key == "own":
        # Only a shop that was trained answers it.
        return expect(visitor.page.locator("#own-text")).to_be_visible()
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
    after = LONG[LONG.index(number) + 1]
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-step", str(after))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_class_goes_through_all_steps_and_takes_the_worksheet(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}&items=soccer-jersey")
    begin(visitor)
    for number in ALL_BUT_OWN:
        commit(visitor, number)
        do(visitor, number)
        expect(visitor.page.locator(".lesson-told")).to_be_visible()
        expect(visitor.page.locator(f"#step-{number}")).to_have_class(re.compile("done"))
        visitor.page.locator(f"#note-{number}").fill(f"<b>{number}</b>")
        if language == "ar":
            assert english_left_over(visitor) == [], number
        go_on(visitor, number)
    commit(visitor, LONG[-1])
    do(visitor, LONG[-1])
    expect(visitor.page.locator(".lesson-foot .note").first).to_contain_text("14" if language == "en" else "١٤")
    with visitor.page.expect_download() as waiting:
        visitor.page.locator("#sheet-save").click()
    assert waiting.value.suggested_filename == f"worksheet-{language}.html"
    path = Path(waiting.value.path())
    text = path.read_text(encoding="utf-8")
    assert text.count('class="sheet-chart"') == len(ALL_BUT_OWN)
    # It stands alone, and says what the page said.
    sheet = visitor.page.context.new_page()
    sheet.set_content(text)
    assert sheet.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        "rtl" if language == "ar" else "ltr",
    ]
    expect(sheet.locator("[data-force]").first).to_be_visible()
    expect(sheet.locator(".sheet-note").nth(6)).to_have_text(f"<b>{LONG[6]}</b>")
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


def test_ten_minutes_are_five_steps_and_the_link_says_so(visit: Visit) -> None:
    visitor = visit()
    begin(visitor)
    expect(visitor.page.locator(".lesson-steps button")).to_have_count(len(LONG))
    visitor.press("#minutes-10")
    expect(visitor.page.locator(".lesson-steps button")).to_have_count(5)
    visitor.press("#step-11")
    assert "minutes=10" in visitor.page.url
    visitor.open(visitor.page.url.removeprefix(visitor.url))
    expect(visitor.page.locator(".lesson-place")).to_contain_text("Step 3 of 5")
    # Back in the long lesson, a step that the short one hasn't got: from there ten minutes begin at the first.
    visitor.press("#minutes-40")
    visitor.press("#step-3")
    visitor.press("#minutes-10")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-step", "1")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pupils_hand_in_links_and_the_teacher_sees_them_side_by_side(visit: Visit, language: str) -> None:
    links = []
    for name, guess in (("Sara", "text"), ("عمر", "numbers")):
        pupil = visit(f"?lang={language}&lesson=1")
        pupil.page.locator(f"#guess-{guess}").check()
        pupil.page.locator("#guess-commit").click()
        do(pupil, 1)
        pupil.page.locator("#pupil").fill(name)
        pupil.page.locator("#hand-in").click()
        expect(pupil.page.locator("#hand-in-link")).to_be_visible()
        links.append(pupil.page.locator("#hand-in-link").input_value())
    teacher = visit(f"?lang={language}&lesson=1")
    teacher.page.locator("#class-open").click()
    view = teacher.page.locator("#class")
    expect(view).to_be_visible()
    view.locator("#class-codes").fill("\n".join([*links, "rubbish"]))
    view.locator("#class-show").click()
    expect(view.locator(".class-pupils li")).to_have_count(2)
    expect(view.locator("[data-refused]")).to_have_count(1)
    expect(view.locator("[data-class-step='1'] .right .class-names")).to_have_text("Sara")
    assert violations(teacher) == []
    # One link has all of it.
    view.locator("#class-link").click()
    whole = view.locator("#class-link-text").input_value()
    view.locator("#class-close").click()
    expect(view).to_be_hidden()
    other = visit(whole.removeprefix(teacher.url))
    expect(other.page.locator("#class .class-pupils li")).to_have_count(2)
    other.page.keyboard.press("Escape")
    expect(other.page.locator("#class")).to_be_hidden()


def test_the_class_is_seen_on_a_phone_and_printed(visit: Visit) -> None:
    code = codes.code_of("Sara", Record.read({"1": {"guess": "text", "truth": "text"}}))
    visitor = visit(f"?lang=ar#class={code}", viewport=PHONE, has_touch=True, is_mobile=True)
    expect(visitor.page.locator("#class [data-class-step]")).to_have_count(1)
    assert visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [360, 360]
    room = visitor.page.locator("#class")
    assert room.evaluate("room => room.scrollWidth <= room.clientWidth")
    visitor.page.evaluate(
        """() => Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', {
            get() { return { focus() {}, print: () => { window.printed = this.srcdoc; } }; }
        })"""
    )
    visitor.page.locator("#class-print").click()
    visitor.page.wait_for_function("window.printed")
    assert visitor.page.evaluate("window.printed").startswith("<!doctype html>")


def test_a_class_without_a_shop_fills_in_a_made_up_one(visit: Visit) -> None:
    visitor = visit("?lesson=14")
    commit(visitor, 14)
    visitor.page.locator("#kiosk").click()
    expect(visitor.page.locator("#own-text")).to_have_value(re.compile("^customer,time,item\n1,"))
    expect(visitor.page.locator("#own-text")).to_be_focused()
