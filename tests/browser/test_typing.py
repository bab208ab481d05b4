"""The form for typed names: split, kept where refused, and every refusal beside the field that caused it."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import LANGUAGES, SCREENS, Site, Visit, Visitor

on_every_screen = pytest.mark.parametrize("screen", SCREENS)
in_both = pytest.mark.parametrize("language", LANGUAGES)


def enter(visitor: Visitor, text: str, button: str = "#add-bought") -> None:
    visitor.page.locator("#add-name").fill(text)
    visitor.press(button)


def is_beside(told: Locator, field: Locator) -> bool:
    """Whether a message is on the screen, no more than a form's height below its field."""
    expect(told).to_be_in_viewport(ratio=1)
    above, below = field.bounding_box(), told.bounding_box()
    assert above and below
    return 0 < below["y"] - above["y"] < 320


@on_every_screen
@in_both
def test_several_names_are_parted_at_commas_and_told_of_beside_the_field(
    visit: Visit, screen: str, language: str
) -> None:
    visitor = visit(f"?lang={language}&items=soccer-jersey", **SCREENS[screen])
    enter(visitor, "Yoga Block, Yoga Strap")
    assert visitor.bought() == ["soccer-jersey", "yoga-block", "yoga-strap"]
    told, field = visitor.page.locator("[data-taken=bought]"), visitor.page.locator("#add-name")
    expect(told).to_contain_text("Yoga Block")
    expect(told).to_contain_text("Yoga Strap")
    assert is_beside(told, field)
    expect(field).to_have_value("")


@on_every_screen
@in_both
def test_what_is_refused_stays_in_the_field_and_the_reason_beside_it(visit: Visit, screen: str, language: str) -> None:
    visitor = visit(f"?lang={language}&items=soccer-jersey", **SCREENS[screen])
    enter(visitor, "Yoga <Block>، كرة يوغا", "#add-offered")
    refused, field = visitor.page.locator("#add-said [data-refused]"), visitor.page.locator("#add-name")
    expect(refused).to_contain_text("Yoga <Block>")
    assert is_beside(refused, field)
    expect(field).to_have_value("Yoga <Block>")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(visitor.page.locator("[data-taken=offered]")).to_contain_text("كرة يوغا")
    expect(visitor.page.locator("[data-part=notices]")).to_be_empty()
    enter(visitor, "Yoga Block")
    expect(refused).to_have_count(0)
    assert visitor.bought() == ["soccer-jersey", "yoga-block"]


@in_both
def test_an_empty_field_is_answered_too(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}&items=soccer-jersey")
    enter(visitor, "")
    assert is_beside(visitor.page.locator("#add-said [data-refused]"), visitor.page.locator("#add-name"))


def test_a_text_that_found_no_answer_stays_and_is_sent_again(visit: Visit, site: Site) -> None:
    visitor = visit("?items=soccer-jersey")
    is_full = site.server.admission.is_full
    site.server.admission.is_full = lambda: True
    try:
        visitor.page.locator("#add-name").fill("Yoga Block")
        visitor.page.locator("#add-bought").click()
        # However far down the visitor is.
        expect(visitor.page.locator("[data-trouble=busy]")).to_be_in_viewport()
        expect(visitor.page.locator("#add-name")).to_have_value("Yoga Block")
    finally:
        site.server.admission.is_full = is_full
    visitor.press("#again-busy")
    assert visitor.bought() == ["soccer-jersey", "yoga-block"]
    expect(visitor.page.locator("#add-name")).to_have_value("")
    visitor.complaints.clear()


@in_both
def test_a_seed_that_can_not_be_is_refused_beside_its_field_and_changes_nothing(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}&items=soccer-jersey")
    before = visitor.turn()
    visitor.page.locator("#option-temperature").fill("1.5")
    visitor.wait_past(before)
    field, refused = visitor.page.locator("#option-seed"), visitor.page.locator("#refused-seed")
    expect(refused).to_be_hidden()
    for wrong in ("-3", "1.5", "99999999999", ""):
        field.fill(wrong)
        field.blur()
        assert is_beside(refused, field)
    expect(visitor.page.locator("#option-temperature")).to_have_value("1.5")
    visitor.press("#seed-new")
    expect(refused).to_be_hidden()
    expect(visitor.page.locator("#option-temperature")).to_have_value("1.5")


@in_both
def test_the_lesson_asks_for_a_guess_in_the_pages_own_words(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}&lesson=1")
    visitor.page.locator("#guess-commit").click()
    expect(visitor.page.locator("#guess-needed")).to_be_in_viewport()
    expect(visitor.page.locator("#guess-needed")).to_contain_text("first" if language == "en" else "أولًا")


@in_both
def test_a_typed_item_has_one_colour_wherever_it_stands(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}&items=Yoga Block&new=Yoga Block")
    painted = "one => getComputedStyle(one).backgroundColor"
    listed = visitor.page.locator("#group-typed .box").evaluate(painted)
    assert listed == visitor.page.locator("#bought-yoga-block").evaluate(painted)
    bad = visitor.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--bad-wash')")
    hue = visitor.page.locator("#bought-yoga-block").evaluate("one => Number(one.style.getPropertyValue('--h'))")
    assert bad and 45 <= hue < 335


@in_both
def test_what_belongs_to_another_shop_is_one_press_away(visit: Visit, shipped: str, language: str) -> None:
    visitor = visit(f"?lang={language}&catalogue=electronics&items=camera", url=shipped)
    enter(visitor, "Coffee")
    there = visitor.page.locator("#elsewhere")
    expect(there).to_be_in_viewport(ratio=1)
    expect(there).to_have_text(
        {
            "en": "More goes with Coffee in this shop: Kitchen shop. Look there",
            "ar": "ما يناسب «Coffee» أكثر موجود في «أدوات المطبخ». انتقل إليه",
        }[language]
    )
    visitor.press("#elsewhere")
    expect(visitor.page.locator("[data-brings=coffee-grinder]")).to_be_visible()
    assert len(visitor.bought()) == 1
    expect(there).to_have_count(0)
