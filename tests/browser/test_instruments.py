"""See why, in a real browser: asked for when opened, and anew with every tick; both languages, and a phone."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from playwright.sync_api import expect

from recommender.instruments import registry
from tests.browser.conftest import PHONE, Site, Visit
from tests.browser.seeing import WIDE, answers, press, see, slide, wait_past
from tests.browser.test_access import told, violations
from tests.browser.test_languages import english_left_over

INSTRUMENTS = [one.name for one in registry.instruments()]
BASKET = "?items=soccer-jersey,soccer-cleats,hockey-puck"


pytestmark = pytest.mark.usefixtures("results")


def test_nothing_is_worked_out_before_it_is_opened(visit: Visit) -> None:
    visitor = visit(BASKET)
    asked: list[str] = []
    visitor.page.on("request", lambda one: asked.append(one.post_data or "") if "queue/join" in one.url else None)
    visitor.tick("soccer-ball")
    assert asked and not [one for one in asked if '"instrument"' in one]
    assert [body.inner_html() for body in visitor.page.locator("[data-body]").all()] == [""] * len(INSTRUMENTS)
    see(visitor, "reasons")
    assert [json.loads(one)["data"][0]["instrument"] for one in asked if '"instrument"' in one] == ["reasons"]


def test_the_answer_leads_to_its_reasons(visit: Visit) -> None:
    visitor = visit(BASKET)
    press(visitor, "#why-link")
    expect(visitor.page.locator("#ask-reasons")).to_be_focused()
    expect(visitor.page.locator("#ask-reasons")).to_have_attribute("aria-expanded", "true")
    expect(visitor.page.locator("[data-force]")).to_have_count(3)
    expect(visitor.page.locator("#why-said")).to_contain_text("speaks")


def test_one_instrument_is_open_at_a_time_and_closes_again(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "reasons")
    see(visitor, "orders")
    expect(visitor.page.locator(".panel:visible")).to_have_count(1)
    visitor.page.locator("#ask-orders").click()
    expect(visitor.page.locator(".panel:visible")).to_have_count(0)
    # What was found for this basket is still there, and is not asked again.
    before = answers(visitor)
    visitor.page.locator("#ask-reasons").click()
    expect(visitor.page.locator("[data-force]").first).to_be_visible()
    assert answers(visitor) == before


def test_another_basket_is_explained_at_once_where_an_instrument_is_open(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "orders")
    see(visitor, "reasons")
    before = answers(visitor)
    visitor.tick("tennis-ball")
    wait_past(visitor, before)
    expect(visitor.page.locator("[data-force]")).to_have_count(4)
    expect(visitor.page.locator("#panel-reasons [data-stale]")).to_be_hidden()
    # One that is not open is cleared.
    assert visitor.page.locator("[data-body=orders]").inner_html() == ""


def test_where_no_explanation_comes_the_old_one_stays_and_says_so(visit: Visit, site: Site) -> None:
    visitor = visit(BASKET)
    see(visitor, "reasons")
    is_full, asked = site.server.admission.is_full, 0

    def is_full_for_instruments() -> bool:
        nonlocal asked
        asked += 1
        return asked > 1

    site.server.admission.is_full = is_full_for_instruments
    try:
        visitor.tick("tennis-ball")
        stale = visitor.page.locator("#panel-reasons [data-stale]")
        expect(stale).to_be_visible()
        expect(visitor.page.locator("[data-force]")).to_have_count(3)
    finally:
        site.server.admission.is_full = is_full
    press(visitor, "#again-reasons")
    expect(stale).to_be_hidden()
    expect(visitor.page.locator("[data-force]")).to_have_count(4)
    visitor.complaints.clear()


def test_what_takes_long_says_so(visit: Visit, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = visit(BASKET)
    examine = site.service.examine

    def slow(*args: Any) -> Any:
        time.sleep(1.5)
        return examine(*args)

    monkeypatch.setattr(site.service, "examine", slow)
    before = answers(visitor)
    visitor.page.locator("#ask-orders").click()
    expect(visitor.page.locator("#panel-orders .working")).to_have_text("Working it out…")
    expect(visitor.page.locator("#panel-orders")).to_have_attribute("aria-busy", "true")
    wait_past(visitor, before)
    expect(visitor.page.locator("#panel-orders .working")).to_be_empty()


def test_a_mistake_of_ours_is_a_sentence(visit: Visit, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(site.service, "examine", broken)
    visitor = visit(f"{BASKET}&lang=ar")
    see(visitor, "reasons")
    expect(visitor.page.locator("#panel-reasons [data-problem]")).to_contain_text("حدث خطأ غير متوقع")
    assert "secret" not in visitor.page.content()


def test_why_this_rather_than_that(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "reasons")
    before = answers(visitor)
    visitor.page.locator("#set-against").select_option("hockey-stick")
    wait_past(visitor, before)
    expect(visitor.page.locator("#panel-reasons .finding")).to_contain_text("Hockey Stick")
    expect(visitor.page.locator("#set-against")).to_have_value("hockey-stick")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_bar_is_explained_and_a_second_one_is_held_against_it(visit: Visit, language: str) -> None:
    visitor = visit(f"{BASKET}&lang={language}")
    page = visitor.page
    bars, said = page.locator(".bar-pick"), page.locator("#picked-said")
    expect(page.locator("#pick-hint")).to_be_visible()
    ids = [bar.get_attribute("data-value") for bar in bars.all()]
    press(visitor, f"#pick-{ids[2]}")
    expect(bars.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(bars.nth(2)).to_be_focused()
    expect(page.locator("#set-item")).to_have_value(str(ids[2]))
    assert said.inner_text() == page.locator("#panel-reasons .finding").inner_text()
    # The second one by the keyboard: it stands above, so that it is explained.
    before = answers(visitor)
    bars.nth(0).focus()
    page.keyboard.press("Enter")
    wait_past(visitor, before)
    expect(page.locator("#set-item")).to_have_value(str(ids[0]))
    expect(page.locator("#set-against")).to_have_value(str(ids[2]))
    expect(page.locator(".bar-pick[aria-pressed=true]")).to_have_count(2)
    # The other instrument that explains what is chosen knows of it, and the sentence beside the bars is the open one's.
    see(visitor, "attribution")
    assert said.inner_text() == page.locator("#panel-attribution .finding").inner_text()
    press(visitor, "#picked-none")
    expect(page.locator(".bar-pick[aria-pressed=true]")).to_have_count(0)
    expect(page.locator("#picked")).to_be_hidden()
    expect(page.locator("#chart-title")).to_be_focused()


def test_what_was_chosen_and_is_then_bought_is_no_longer_explained(visit: Visit) -> None:
    visitor = visit(BASKET)
    first = visitor.page.locator(".bar-pick").nth(1).get_attribute("data-value")
    press(visitor, f"#pick-{first}")
    before = answers(visitor)
    visitor.tick(str(first))
    wait_past(visitor, before)
    expect(visitor.page.locator("#set-item")).to_have_value("")
    expect(visitor.page.locator(".bar-pick[aria-pressed=true]")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_words_of_the_prompt_are_gone_through_by_the_arrow_keys(visit: Visit, language: str) -> None:
    visitor = visit(f"{BASKET}&lang={language}&route=native")
    see(visitor, "attribution")
    page, bits, told = visitor.page, visitor.page.locator(".bit"), visitor.page.locator("#bit-told")
    first, second = bits.nth(0).bounding_box(), bits.nth(1).bounding_box()
    assert first and second and (first["x"] < second["x"]) == (language == "en")
    bits.nth(2).hover()
    assert told.inner_text() == bits.nth(2).get_attribute("aria-label")
    bits.nth(0).focus()
    page.keyboard.press("ArrowRight" if language == "en" else "ArrowLeft")
    expect(bits.nth(1)).to_be_focused()
    assert told.inner_text() == bits.nth(1).get_attribute("aria-label")
    expect(page.locator(".bit[tabindex='0']")).to_have_count(1)
    page.keyboard.press("End")
    expect(bits.last).to_be_focused()
    count = bits.count()
    press(visitor, "#set-offer-each")
    assert bits.count() > count + 20


def test_what_was_viewed_and_what_lies_in_the_cart_is_explained_or_said_to_play_no_part(visit: Visit) -> None:
    visitor = visit(f"{BASKET}&viewed=soccer-cleats&cart=hockey-puck")
    see(visitor, "reasons")
    expect(visitor.page.locator("[data-force]")).to_have_count(3)
    expect(visitor.page.locator("[data-force] .tag")).to_have_count(2)
    for name, sentence in (
        ("neighbours", "Only purchases are compared"),
        ("orders", "stays in its order"),
        ("others", "Only the language model knows"),
    ):
        see(visitor, name)
        expect(visitor.page.locator(f"#panel-{name} .finding")).to_contain_text(sentence)


def test_similar_customers_say_what_differs(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "neighbours")
    for row in visitor.page.locator(".kin-row").all():
        differing = row.locator("[data-had=missing], [data-had=extra], .kin-same").count()
        assert row.locator("[data-had=shared]").count() == 1 and differing


def test_routes_and_methods_say_how_much_they_know(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "others")
    expect(visitor.page.locator("[data-column=t5] [data-sure]")).to_be_visible()
    expect(visitor.page.locator("[data-column=popularity] [data-sure=guess]")).to_be_visible()
    see(visitor, "autopsy")
    expect(visitor.page.locator("[data-track] [data-sure]")).to_have_count(2)


def test_the_shuffle_of_the_purchases(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "orders")
    press(visitor, "#set-of-basket")
    expect(visitor.page.locator("#set-of-basket")).to_have_attribute("aria-pressed", "true")
    expect(visitor.page.locator("#set-of-basket")).to_be_focused()
    expect(visitor.page.locator("#panel-orders .legend")).to_contain_text("in order of purchase")


def test_the_weight_is_a_slider_for_the_keyboard_too(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "others")
    expect(visitor.page.locator("#told-weight")).to_have_text("0.25")
    expect(visitor.page.locator(".graph polyline")).to_be_visible()
    before = answers(visitor)
    visitor.page.locator("#set-weight").focus()
    visitor.page.keyboard.press("ArrowRight")
    wait_past(visitor, before)
    expect(visitor.page.locator("#told-weight")).to_have_text("0.30")
    expect(visitor.page.locator("#set-weight")).to_be_focused()
    slide(visitor, "weight", "1")
    first = visitor.page.locator("[data-column] ol li:first-child .method-name")
    names = first.all_inner_texts()
    assert names[4] == names[1]
    press(visitor, "#weight-default")
    expect(visitor.page.locator("#set-weight")).to_have_value("0.25")


def test_counting_is_visibly_blind_for_a_typed_item(visit: Visit) -> None:
    visitor = visit("?items=Croquet Mallet&new=Croquet Mallet,Croquet Ball")
    see(visitor, "others")
    expect(visitor.page.locator("[data-blind=croquet-ball]")).to_have_count(2)
    expect(visitor.page.locator("[data-column=item-knn] .blind")).to_contain_text("can't see it")
    expect(visitor.page.locator("[data-column=t5] .unseen")).to_contain_text("place 1")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_autopsy_lays_all_routes_side_by_side(visit: Visit, language: str) -> None:
    visitor = visit(f"{BASKET}&lang={language}")
    see(visitor, "autopsy")
    expect(visitor.page.locator("[data-track]")).to_have_count(2)
    press(visitor, "#set-routes-all")
    expect(visitor.page.locator("[data-track]")).to_have_count(4)
    expect(visitor.page.locator("[data-track=google-article]")).to_have_attribute("data-right", "false")
    assert visitor.page.locator("mark.clash").count() >= 1
    boxes = [one.bounding_box() for one in visitor.page.locator("[data-track]").all()[:2]]
    assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"]
    assert (boxes[0]["x"] < boxes[1]["x"]) == (language == "en")


def test_off_line_the_translation_is_simulated_and_labelled(visit: Visit, site: Site) -> None:
    site.service.is_down = True
    visitor = visit(BASKET)
    see(visitor, "autopsy")
    press(visitor, "#set-routes-all")
    expect(visitor.page.locator("#panel-autopsy .told")).to_contain_text("simulation stands in")
    expect(visitor.page.locator(".cut .tag")).to_have_count(2)


def test_free_texts_beside_the_ranking(visit: Visit, site: Site) -> None:
    site.model.writes = "Moon Boots"
    visitor = visit(BASKET)
    see(visitor, "samples")
    expect(visitor.page.locator("#panel-samples .finding")).to_contain_text("50 of 50")
    expect(visitor.page.locator("[data-text=unknown]")).to_have_count(1)
    slide(visitor, "temperature", "1.7")
    expect(visitor.page.locator("#told-temperature")).to_have_text("1.7")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_another_piece_is_chosen_by_the_keyboard_and_the_text_goes_on_from_there(visit: Visit, language: str) -> None:
    visitor = visit(f"{BASKET}&lang={language}")
    see(visitor, "spelling")
    steps, finding = visitor.page.locator("[data-step]"), visitor.page.locator("#panel-spelling .finding")
    own = finding.inner_text()
    first, second = steps.nth(0).bounding_box(), steps.nth(1).bounding_box()
    assert first and second and first["y"] == second["y"] and (first["x"] < second["x"]) == (language == "en")
    other = steps.nth(0).locator("[id^=spelt-listed][aria-pressed=false]").first
    name = other.get_attribute("id")
    other.focus()
    before = answers(visitor)
    visitor.page.keyboard.press("Enter")
    wait_past(visitor, before)
    chosen = visitor.page.locator(f"#{name}")
    expect(chosen).to_be_focused()
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(visitor.page.locator("[data-forced]")).to_have_count(1)
    assert finding.inner_text() != own
    press(visitor, "#spelt-own")
    assert finding.inner_text() == own
    expect(visitor.page.locator("[data-forced]")).to_have_count(0)


def test_a_piece_chosen_for_another_basket_is_forgotten(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "spelling")
    press(visitor, "[data-step='1'] [id^=spelt-listed][aria-pressed=false] >> nth=0")
    expect(visitor.page.locator("[data-forced]")).to_have_count(1)
    before = answers(visitor)
    visitor.tick("tennis-ball")
    wait_past(visitor, before)
    expect(visitor.page.locator("[data-forced]")).to_have_count(0)


def test_the_scoreboards_switches_work(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "board")
    height = visitor.page.locator("#panel-board").bounding_box()
    assert height and height["height"] < 1100, "the chart and the titles of the parts fit a screen"
    visitor.page.locator("#room-rouge summary").click()
    expect(visitor.page.locator(".board-example")).to_be_visible()
    visitor.page.locator("#room-split summary").click()
    expect(visitor.page.locator(".board-example")).to_be_hidden()
    press(visitor, "#set-split-rows")
    expect(visitor.page.locator("#set-split-rows")).to_have_attribute("aria-pressed", "true")
    before = answers(visitor)
    visitor.page.locator("#set-measure").select_option("rouge1")
    wait_past(visitor, before)
    expect(visitor.page.locator("#set-measure")).to_have_value("rouge1")
    expect(visitor.page.locator("#set-split-rows")).to_have_attribute("aria-pressed", "true")


def test_an_open_instrument_changes_its_language_with_the_page(visit: Visit) -> None:
    visitor = visit(BASKET)
    see(visitor, "reasons")
    before = answers(visitor)
    visitor.switch("ar")
    wait_past(visitor, before)
    expect(visitor.page.locator("#panel-reasons .finding")).to_contain_text("يرجّح")
    expect(visitor.page.locator("#ask-reasons")).to_have_attribute("aria-expanded", "true")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_bars_grow_the_way_the_language_is_read(visit: Visit, language: str) -> None:
    visitor = visit(f"{BASKET}&lang={language}")
    see(visitor, "reasons")
    row = visitor.page.locator("[data-force]").first
    name, bar = row.locator(".bar-name").bounding_box(), row.locator(".force i").bounding_box()
    assert name and bar and (name["x"] < bar["x"]) == (language == "en")
    see(visitor, "others")
    first, last = (visitor.page.locator(f"[data-column={one}]").bounding_box() for one in ("t5", "blend"))
    assert first and last and (first["x"] < last["x"]) == (language == "en")


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_nothing_serious_stands_in_anybodys_way(visit: Visit, site: Site, language: str, theme: str) -> None:
    site.model.writes = "Moon Boots"
    visitor = visit(f"{BASKET}&new=Croquet Ball&lang={language}&__theme={theme}")
    for name in INSTRUMENTS:
        see(visitor, name)
        if name == "autopsy":
            press(visitor, "#set-routes-all")
        visitor.page.evaluate(
            "document.querySelectorAll('.panel details').forEach(one => { one.name = ''; one.open = true; })"
        )
        found = violations(visitor)
        assert found == [], f"{name}: {told(found)}"


def test_no_english_is_left_on_the_arabic_instruments(visit: Visit) -> None:
    visitor = visit(f"{BASKET}&lang=ar&new=Padel Racket")
    for name in INSTRUMENTS:
        see(visitor, name)
        if name == "autopsy":
            press(visitor, "#set-routes-all")
        assert english_left_over(visitor) == [], name


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_phone_shows_every_instrument(visit: Visit, language: str) -> None:
    visitor = visit(f"{BASKET}&lang={language}", viewport=PHONE, has_touch=True, is_mobile=True)
    for name in INSTRUMENTS:
        see(visitor, name)
        if name == "autopsy":
            press(visitor, "#set-routes-all")
        assert visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [360, 360], name
        assert visitor.page.evaluate(WIDE) == [], name
        above, below = (visitor.page.locator(one).bounding_box() for one in (f"#ask-{name}", f"#panel-{name}"))
        assert above and below and abs(above["y"] + above["height"] - below["y"]) < 12
