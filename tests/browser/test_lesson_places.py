"""What a step of the lesson asks for is on the screen together with the words that ask for it."""

import pytest
from playwright.sync_api import Locator, expect

from recommender.page.lesson.steps import LESSON, step_of
from tests.browser.conftest import LANGUAGES, SCREENS, Visit, Visitor
from tests.browser.seeing import press
from tests.browser.test_lesson import commit, unfold
from tests.browser.test_room import UNCOVERED

pytestmark = pytest.mark.usefixtures("results")
on_every_screen = pytest.mark.parametrize("screen", SCREENS)
in_both = pytest.mark.parametrize("language", LANGUAGES)

WANTED = {
    "prompt": ["#item-soccer-jersey", "#item-soccer-ball"],
    "rank": [".best-name", "[data-raw]"],
    "why": ["#set-against", "[data-force] >> nth=0", "[data-force] >> nth=1"],
    "order": [".spreads li:first-child .middle", ".spreads li:first-child .own", ".spreads li:first-child small"],
    "cold": ["[data-column=t5] h4", "[data-column=item-knn] h4"],
    "heat": ["#set-temperature", ".stack >> nth=0", ".stack >> nth=1"],
    "native": ["[data-track=catalogue] h4"],
    "article": ["[data-track=google-article] h4"],
    "blend": ["#set-weight", "[data-column=blend] h4", "[data-column=blend] li:first-child .method-name"],
    "stranger": ["[data-best]", "[data-confidence]"],
    "alike": ["#panel-alike .finding", "[data-column=alike-with] h4", "[data-column=alike-like] h4"],
    "signals": ["#panel-signals .finding", "[data-column=signals-absent] h4", "[data-column=signals-viewed] h4"],
    "own": ["#own-text", "#own-read"],
    "towers": ["#panel-towers .finding", "[data-map=names] figcaption strong"],
    "board": ["#set-split-rows", "#dots-split tbody tr:first-child .dots-dot", "#dots-split tbody tr:last-child"],
}
"""What each step asks to see or to move."""


def stage(visitor: Visitor, number: int) -> None:
    unfold(visitor)
    if step_of(number).instrument:
        press(visitor, f"#stage-{number}")
    else:
        visitor.press(f"#stage-{number}")


def words(visitor: Visitor, screen: str) -> Locator:
    """Where the panel says what to do, folded or not."""
    return visitor.page.locator(".lesson-now" if screen == "phone" else ".lesson-step")


@on_every_screen
@in_both
@pytest.mark.parametrize("number", range(1, len(LESSON) + 1))
def test_what_a_step_asks_for_is_on_the_screen_with_it(visit: Visit, screen: str, language: str, number: int) -> None:
    visitor = visit(f"?lang={language}&lesson={number}", **SCREENS[screen])
    commit(visitor, number)
    stage(visitor, number)
    expect(words(visitor, screen)).to_be_in_viewport()
    for selector in WANTED[step_of(number).key]:
        assert visitor.page.locator(selector).evaluate(UNCOVERED), selector
    # Whoever has gone elsewhere is led back.
    visitor.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    unfold(visitor)
    visitor.page.locator(f"#where-{number}").click()
    for selector in WANTED[step_of(number).key]:
        assert visitor.page.locator(selector).evaluate(UNCOVERED), selector


@on_every_screen
@in_both
def test_the_first_step_shows_the_text_and_what_was_ticked_in_it(visit: Visit, screen: str, language: str) -> None:
    visitor = visit(f"?lang={language}&lesson=1", **SCREENS[screen])
    commit(visitor, 1)
    stage(visitor, 1)
    visitor.tick("soccer-jersey")
    expect(visitor.page.locator("#lesson")).to_have_attribute("data-done", "true")
    prompt = visitor.page.locator("#lesson-prompt")
    # Whatever the panel then shows first, both lie within it.
    prompt.scroll_into_view_if_needed()
    expect(prompt.locator("mark")).to_have_text("Soccer Jersey" if language == "en" else "قميص كرة القدم")
    expect(prompt.locator("mark")).to_be_in_viewport(ratio=1)
    assert prompt.inner_text() == visitor.page.locator("[data-prompt]").text_content()


@on_every_screen
@in_both
def test_the_last_column_is_the_last_one(visit: Visit, screen: str, language: str) -> None:
    visitor = visit(f"?lang={language}&lesson=9", **SCREENS[screen])
    commit(visitor, 9)
    stage(visitor, 9)
    boxes = [one.bounding_box() for one in visitor.page.locator("[data-column]").all()]
    names = [one.get_attribute("data-column") for one in visitor.page.locator("[data-column]").all()]
    assert names[-1] == "blend" and all(boxes)
    assert all(box["y"] + box["height"] <= boxes[-1]["y"] for box in boxes[:-1] if box and boxes[-1])
    # Beside or below the weight that moves it, with nothing between.
    weight, blend = visitor.page.locator(".weigh").bounding_box(), boxes[-1]
    assert weight and blend
    assert blend["y"] - weight["y"] < (40 if screen == "wide" else weight["height"] + 40)


@on_every_screen
@in_both
def test_the_middle_of_the_shuffles_and_their_range_are_seen_beside_the_catalogues_order(
    visit: Visit, screen: str, language: str
) -> None:
    visitor = visit(f"?lang={language}&lesson=4", **SCREENS[screen])
    commit(visitor, 4)
    stage(visitor, 4)
    for row in visitor.page.locator(".spread").all():
        range_, middle, own = (row.locator(f".{name}").bounding_box() for name in ("range", "middle", "own"))
        assert range_ and middle and own
        # The range is seen around the dot even where all shuffles agree; the other mark hides neither.
        assert range_["x"] < middle["x"] and middle["x"] + middle["width"] < range_["x"] + range_["width"]
        assert own["y"] + own["height"] <= range_["y"] + 1
