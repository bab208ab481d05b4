"""Two answers side by side: one switch, one press for what differs; the link, the keys and a reload keep both."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from recommender.language import sentence
from tests.browser.conftest import GARDEN, LANGUAGES, PHONE, Site, Visit, Visitor, serving
from tests.browser.seeing import WIDE
from tests.browser.test_access import told, violations
from tests.fake_model import FakeModel

BASKET = "?items=soccer-jersey,soccer-cleats"
BOTH = f"{BASKET}&beside=1&beside-items=tennis-ball,tennis-racket"


def second(visitor: Visitor) -> Locator:
    return visitor.page.locator("[data-part=beside]")


def choose(visitor: Visitor, name: str, label: str) -> None:
    """Choose on side B, and wait for its answer."""
    before = visitor.turn()
    visitor.page.locator(f"#beside-{name}").select_option(label=label)
    visitor.wait_past(before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_customers_are_two_presses_away(visit: Visit, language: str) -> None:
    visitor = visit(f"{BASKET}&lang={language}")
    button = visitor.page.get_by_role("button", name=sentence("compare", language), exact=True)
    expect(button).to_be_in_viewport()
    before = visitor.turn()
    button.click()
    visitor.wait_past(before)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(visitor.page.locator("[data-b-best]")).to_be_visible()
    expect(visitor.page.locator("#beside-items")).to_have_value(" ".join(GARDEN))
    # Another one, by a further press, and by name.
    visitor.press("#versus-customer")
    expect(visitor.page.locator("#beside-items")).not_to_have_value(" ".join(GARDEN))
    choose(visitor, "items", sentence("ui_example_garden", language))
    expect(visitor.page.locator("#beside-items")).to_have_value(" ".join(GARDEN))
    expect(visitor.page.locator("#differs li").first).to_be_visible()
    expect(visitor.page.locator("#side-a, #side-b")).to_have_count(2)
    visitor.press("#compare")
    expect(second(visitor)).to_be_empty()


def test_both_sides_stand_beside_one_another_and_their_parts_in_step(visit: Visit) -> None:
    visitor = visit(BOTH)
    for part in (".best", ".raw", ".chart"):
        first, other = (
            visitor.page.locator(f"[data-part={side}] {part}").bounding_box() for side in ("answer", "beside")
        )
        assert first and other and abs(first["y"] - other["y"]) < 1 and other["x"] > first["x"] + first["width"] - 1
    marks = visitor.page.locator(".shift")
    assert marks.count() > 3 and "B" in marks.first.get_attribute("title")  # type: ignore[operator]


def test_a_tick_changes_side_a_and_leaves_a_kept_basket_as_it_is(visit: Visit) -> None:
    visitor = visit(BASKET)
    visitor.press("#compare")
    visitor.press("#versus-kept")
    expect(visitor.page.locator("#differs")).to_contain_text("Both sides ask the same")
    visitor.tick("soccer-ball")
    expect(visitor.page.locator("#side-a")).to_contain_text("Soccer Ball")
    expect(visitor.page.locator("#side-b .side-basket")).to_have_text("Soccer Jersey, Soccer Cleats")
    expect(second(visitor).locator("[data-b-best]")).to_have_text("Soccer Ball")
    expect(visitor.page.locator(".differs-first")).to_contain_text("B names Soccer Ball")
    # What is beside can be changed once it is in side A's place.
    visitor.press("#swap")
    assert visitor.bought() == ["soccer-jersey", "soccer-cleats"]
    expect(visitor.page.locator("#side-b .side-basket")).to_contain_text("Soccer Ball")


def test_nothing_more_is_asked_of_the_model_until_it_is_compared(visit: Visit, site: Site) -> None:
    visitor = visit(BASKET)
    site.model.options.clear()
    visitor.tick("soccer-ball")
    assert len(site.model.options) == 1
    visitor.press("#compare")
    visitor.tick("soccer-ball")
    assert len(site.model.options) == 5


def test_two_languages_change_places_with_the_pages(visit: Visit) -> None:
    visitor = visit(BASKET)
    visitor.press("#compare")
    visitor.press("#versus-language")
    expect(visitor.page.locator("#beside-route")).to_have_value("native")
    expect(second(visitor).locator("[data-b-raw]")).to_have_text("كرة قدم")
    expect(second(visitor).locator("[data-b-best]")).to_have_text("Soccer Ball")
    visitor.switch("ar")
    expect(second(visitor).locator("[data-b-raw]")).to_have_text("Soccer Ball")
    expect(second(visitor).locator("[data-b-best]")).to_have_text("كرة قدم")


def test_two_routes_are_compared(visit: Visit) -> None:
    visitor = visit(f"{BASKET}&lang=ar")
    visitor.press("#compare")
    visitor.press("#versus-route")
    expect(visitor.page.locator("#versus-route")).to_have_attribute("aria-current", "true")
    choose(visitor, "route", sentence("ui_route_google_article", "ar"))
    expect(second(visitor)).to_contain_text(sentence("ui_happened_article", "ar"))
    expect(visitor.page.locator("#route-catalogue")).to_be_checked()


def test_two_models_are_compared_once_the_other_is_loaded(visit: Visit) -> None:
    # A model that is loaded stays so: other tests want to load it themselves.
    with serving() as site:
        visitor = visit(BASKET, url=site.url)
        visitor.press("#compare")
        visitor.press("#versus-model")
        expect(second(visitor)).to_contain_text("is not loaded yet")
        site.service.article = FakeModel(writes="Hockey Puck")
        visitor.page.locator("#beside-load").click()
        expect(visitor.page.locator("#beside-loading")).to_contain_text("so far")
        site.service.gate.set()
        expect(second(visitor).locator("[data-b-raw]")).to_have_text("Hockey Puck")
        # Side A is answered by its own.
        expect(visitor.page.locator("#model-compact")).to_be_checked()
        expect(visitor.page.locator("#differs")).to_contain_text("A wrote Soccer Ball, B wrote Hockey Puck.")
        visitor.press("#swap")
        expect(visitor.page.locator("#model-article")).to_be_checked()
        expect(visitor.page.locator("[data-raw]")).to_have_text("Hockey Puck")


def test_a_link_opens_both_sides_for_somebody_else(visit: Visit) -> None:
    visitor = visit(f"{BASKET}&lang=ar&route=native")
    visitor.press("#compare")
    visitor.press("#versus-customer")
    choose(visitor, "language", sentence("ui_language_en", "ar"))
    link = visitor.page.locator("#link").input_value()
    other = visit(link.removeprefix(visitor.url))
    for selector in ("#side-a", "#side-b", "#differs", "[data-b-best]", "[data-best]"):
        assert other.page.locator(selector).inner_text() == visitor.page.locator(selector).inner_text()
    assert other.page.locator("#beside-language").input_value() == "en"
    assert other.page.url == link


def test_undo_the_browsers_buttons_and_a_reload_keep_both_sides(visit: Visit) -> None:
    visitor = visit(BASKET)
    visitor.press("#compare")
    visitor.press("#versus-language")
    visitor.page.locator("#undo").click()
    expect(visitor.page.locator("#beside-items")).to_have_value(" ".join(GARDEN))
    visitor.page.keyboard.press("Control+z")
    expect(second(visitor)).to_be_empty()
    expect(visitor.page.locator("#compare")).to_have_attribute("aria-pressed", "false")
    visitor.page.go_forward()
    expect(visitor.page.locator("#beside-items")).to_have_value(" ".join(GARDEN))
    visitor.page.reload()
    expect(visitor.page.locator("#page[data-ready=true]")).to_be_visible()
    expect(visitor.page.locator("#beside-items")).to_have_value(" ".join(GARDEN))
    # The trail leads to another answer on side A, and leaves what is beside it.
    visitor.tick("hockey-puck")
    visitor.press("#trail-list li:first-child button")
    expect(visitor.page.locator("#beside-items")).to_have_value(" ".join(GARDEN))
    assert visitor.bought() == ["soccer-jersey", "soccer-cleats"]
    # Gradio's own script complains that what it was listening to has ended with the page.
    visitor.complaints[:] = [text for text in visitor.complaints if "AbortError" not in text]


def test_another_shop_brings_another_customer_beside_its_own(visit: Visit) -> None:
    visitor = visit(BASKET)
    visitor.press("#compare")
    visitor.press("#shop-outdoor")
    expect(second(visitor).locator("[data-b-best]")).to_be_visible()
    assert visitor.page.locator("#beside-items").input_value() != " ".join(GARDEN)


def test_the_keyboard_compares_and_what_differs_is_read_out(visit: Visit) -> None:
    visitor = visit(BASKET)
    keyboard, focus = visitor.page.keyboard, "document.activeElement.id"
    visitor.page.locator("#compare").focus()
    before = visitor.turn()
    keyboard.press("Enter")
    visitor.wait_past(before)
    assert visitor.page.evaluate(focus) == "compare"
    expect(visitor.page.locator("[data-part=said]")).to_contain_text("Both name Soccer Ball")
    seen: list[str] = []
    while len(seen) < 30 and "beside-language" not in seen:
        keyboard.press("Tab")
        seen.append(visitor.page.evaluate(focus))
    assert (
        seen.index("versus-customer") < seen.index("swap") < seen.index("beside-items") < seen.index("beside-language")
    )
    before = visitor.turn()
    keyboard.press("ArrowDown")
    visitor.wait_past(before)
    assert visitor.page.evaluate(focus) == "beside-language"
    expect(second(visitor).locator("[data-also]")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_stacks_the_two_and_nothing_stands_in_anybodys_way(visit: Visit, language: str, theme: str) -> None:
    query = f"{BOTH}&lang={language}&__theme={theme}"
    visitor = visit(query, viewport=PHONE, has_touch=True, is_mobile=True)
    assert visitor.page.evaluate(WIDE) == []
    first, other = (visitor.page.locator(f"#side-{side}").bounding_box() for side in "ab")
    assert first and other and other["y"] > first["y"] + 300 and abs(other["x"] - first["x"]) < 2
    found = violations(visitor)
    assert found == [], told(found)
