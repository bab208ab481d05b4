"""Ticking, order, examples, inventories, typed items: what a visitor can say of a customer."""

import pytest
from playwright.sync_api import expect

from recommender.shop.shipped import shops
from tests.browser.conftest import GARDEN, LANGUAGES, Visit

SPORTS = f"?items={','.join(GARDEN)}"


def test_the_page_opens_with_an_answer_for_a_customer(visit: Visit) -> None:
    visitor = visit()
    assert visitor.bought() == ["camera", "batteries"]
    expect(visitor.best).not_to_be_empty()
    expect(visitor.page.locator("[data-raw]")).not_to_be_empty()
    expect(visitor.page.locator(".chance")).to_contain_text("34 items on offer")
    expect(visitor.page).to_have_title("What comes next?")
    expect(visitor.page.locator("#shop-electronics")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_shows_the_whole_claim(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}", viewport={"width": 1280, "height": 800})
    for one in ("#add-name", "#basket-title", "[data-best]", "[data-raw]", ".badge", ".happened", "#ui-link-article"):
        expect(visitor.page.locator(one)).to_be_in_viewport(ratio=1)
    best, raw = (visitor.page.locator(one).bounding_box() for one in (".best", ".raw"))
    assert best and raw and best["y"] == raw["y"] and (best["x"] < raw["x"]) == (language == "en")
    # What draws the text stands below the text.
    heat = visitor.page.locator("#option-temperature").bounding_box()
    assert heat and raw["x"] <= heat["x"] <= raw["x"] + raw["width"]


def test_a_tick_is_answered_and_a_second_one_takes_it_back(visit: Visit) -> None:
    visitor = visit(SPORTS)
    visitor.tick("soccer-ball")
    expect(visitor.best).not_to_have_text("Soccer Ball")
    assert visitor.bought() == [*GARDEN, "soccer-ball"]
    expect(visitor.page.locator(".count")).to_have_text("5 bought · 30 on offer")
    visitor.tick("soccer-ball")
    expect(visitor.best).to_have_text("Soccer Ball")
    assert visitor.bought() == GARDEN


def test_the_order_of_purchase_is_kept_across_sports(visit: Visit) -> None:
    visitor = visit("?items=")
    visitor.tick("hockey-stick", "soccer-ball", "baseball-cap", "soccer-jersey")
    assert visitor.bought() == ["hockey-stick", "soccer-ball", "baseball-cap", "soccer-jersey"]


def test_the_order_is_changed_by_buttons_and_by_dragging(visit: Visit) -> None:
    visitor = visit("?items=hockey-stick,soccer-ball,baseball-cap")
    visitor.press("#later-hockey-stick")
    assert visitor.bought() == ["soccer-ball", "hockey-stick", "baseball-cap"]
    before = visitor.turn()
    visitor.page.locator("#bought-baseball-cap .bought-name").drag_to(visitor.page.locator("#bought-soccer-ball"))
    visitor.wait_past(before)
    assert visitor.bought() == ["baseball-cap", "soccer-ball", "hockey-stick"]
    visitor.press("#out-soccer-ball")
    assert visitor.bought() == ["baseball-cap", "hockey-stick"]
    expect(visitor.box("soccer-ball")).not_to_be_checked()


def test_a_whole_sport_is_ticked_and_unticked_at_once(visit: Visit) -> None:
    visitor = visit("?items=tennis-ball")
    tennis = visitor.page.get_by_role("checkbox", name="All of Tennis")
    assert tennis.evaluate("box => box.indeterminate")
    before = visitor.turn()
    tennis.click()
    visitor.wait_past(before)
    assert set(visitor.bought()) == {"tennis-ball", "tennis-shirt", "tennis-shoes", "tennis-racket"}
    expect(tennis).to_be_checked()
    before = visitor.turn()
    tennis.click()
    visitor.wait_past(before)
    assert visitor.bought() == []


def test_an_empty_basket_is_an_invitation(visit: Visit) -> None:
    visitor = visit()
    visitor.press("#clear")
    assert visitor.bought() == []
    expect(visitor.page.get_by_text("Tick something the customer has bought")).to_be_visible()
    expect(visitor.page.locator("[data-problem]")).to_have_count(0)
    popular = visitor.page.locator(".empty [data-do=take]")
    expect(popular).to_have_count(5)
    first = str(popular.first.get_attribute("data-value"))
    visitor.press(".empty [data-do=take] >> nth=0")
    assert visitor.bought() == [first]
    expect(visitor.box(first)).to_be_checked()


def test_a_basket_with_everything_says_so(visit: Visit) -> None:
    visitor = visit("?items=")
    for box in visitor.page.locator("[data-all]").all():
        before = visitor.turn()
        box.click()
        visitor.wait_past(before)
    expect(visitor.page.locator(".result [data-problem]")).to_contain_text("Nothing is left to recommend")


@pytest.mark.parametrize("example", shops()["sports"].examples, ids=lambda example: example.key)
def test_each_example_customer_is_a_click_away(visit: Visit, example: object) -> None:
    visitor = visit("?items=hockey-puck")
    visitor.press(f"#{example.key}")  # type: ignore[attr-defined]
    assert visitor.bought() == list(example.items)  # type: ignore[attr-defined]
    expect(visitor.best).not_to_be_empty()


def test_another_inventory_begins_with_a_customer_of_its_own(visit: Visit) -> None:
    visitor = visit()
    visitor.press("#shop-outdoor")
    assert visitor.bought() == list(shops()["outdoor"].examples[0].items)
    expect(visitor.page.get_by_text("never seen these items")).to_be_visible()
    visitor.press("#ui_example_summit")
    assert visitor.bought() == list(shops()["outdoor"].examples[1].items)
    visitor.press("#shop-sports")
    assert visitor.bought() == GARDEN


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_name_to_try_is_typed_into_its_shop_and_what_it_brings_stands_beside_it(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}")
    visitor.press("#try-kitchen")
    expect(visitor.page.locator("#shop-kitchen")).to_have_attribute("aria-pressed", "true")
    expect(visitor.page.locator(".bought-name")).to_have_text([{"en": "Coffee", "ar": "قهوة"}[language]])
    brings = visitor.page.locator("[data-brings]")
    expect(brings).to_contain_text(visitor.best.inner_text())
    expect(brings).to_be_in_viewport()
    visitor.press("#ui_example_a_cake")
    expect(brings).to_have_count(0)


def test_the_box_for_a_typed_name_is_the_first_thing_to_try(visit: Visit) -> None:
    visitor = visit()
    tops = [visitor.page.locator(one).bounding_box() for one in ("#add-name", "#answer", ".examples")]
    places = [box["y"] for box in tops if box]
    assert len(places) == 3 and places == sorted(places)
    expect(visitor.page.locator("#add-name")).to_be_in_viewport()


def test_a_typed_item_is_bought_or_on_offer_and_can_be_forgotten(visit: Visit) -> None:
    visitor = visit("?items=tennis-ball")
    visitor.page.get_by_label("Name of the item").fill("Padel Racket")
    visitor.press("#add-bought")
    assert visitor.bought() == ["tennis-ball", "padel-racket"]
    visitor.page.get_by_label("Name of the item").fill("مضرب بادل")
    visitor.press("#add-offered")
    arabic = visitor.page.locator("#group-typed [lang=ar]").filter(has_text="مضرب بادل")
    expect(arabic).to_be_visible()
    expect(visitor.box("padel-racket")).to_be_checked()
    expect(visitor.page.locator("#group-typed input:checked")).to_have_count(1)
    visitor.press("#forget-padel-racket")
    assert visitor.bought() == ["tennis-ball"]
    expect(visitor.box("padel-racket")).to_have_count(0)


def test_typed_markup_is_shown_and_never_run(visit: Visit) -> None:
    visitor = visit("?items=tennis-ball")
    for name in ("<img src=x onerror=window.pwned=1>", "A & B \" onfocus=window.pwned=1 ' \\ ${window.pwned=1}"):
        visitor.page.get_by_label("Name of the item").fill(name)
        visitor.press("#add-bought")
    expect(visitor.page.locator("#add-said")).to_contain_text("< >")
    visitor.page.get_by_label("Name of the item").fill("A & B \" onfocus=window.pwned=1 ' \\ $(1)")
    visitor.press("#add-bought")
    expect(visitor.page.locator("#group-typed")).to_contain_text("A & B \" onfocus=window.pwned=1 ' \\ $(1)")
    assert visitor.page.evaluate("window.pwned") is None


def test_a_typed_name_that_the_shop_has_adds_nothing(visit: Visit) -> None:
    visitor = visit("?items=tennis-ball")
    visitor.page.get_by_label("Name of the item").fill("  soccer BALL ")
    visitor.press("#add-bought")
    expect(visitor.page.locator("#add-said")).to_contain_text("in the inventory already")
    assert visitor.bought() == ["tennis-ball", "soccer-ball"]


def test_a_note_on_a_link_can_be_closed(visit: Visit) -> None:
    visitor = visit("?items=tennis-ball,no-such")
    expect(visitor.page.locator("[data-part=notices]")).to_contain_text("no-such")
    visitor.page.locator("#notice-close").click()
    expect(visitor.page.locator("[data-part=notices]")).to_be_empty()
