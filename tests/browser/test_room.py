"""Room for everything: long names, many purchases, long errors; nothing fixed in the way; one scale of sizes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from recommender.instruments import registry
from recommender.shop.catalogue import Catalogue
from tests.browser.conftest import LANGUAGES, SCREENS, Site, Visit, Visitor
from tests.browser.seeing import WIDE, press, see
from tests.places import ROOT

ASSETS = ROOT / "assets"
INSTRUMENTS = [one.name for one in registry.instruments()]
MOST_SIZES = 7
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 2 + "Bag"
LONG_ARABIC = "حقيبةالظهرالكبيرةالمقاومةللماءوالغبار" * 2
LONGS = f"items=soccer-jersey,{LONG},{LONG_ARABIC}&new={LONG},{LONG_ARABIC},{LONG[::-1]}"
SIZES = """() => {
    const found = {}, walk = document.createTreeWalker(document.getElementById('page'), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const one = walk.currentNode.parentElement;
        if (walk.currentNode.textContent.trim() && one.checkVisibility() && one.nodeName !== 'OPTION')
            found[getComputedStyle(one).fontSize] ??= one.outerHTML.slice(0, 80);
    }
    return found;
}"""
UNCOVERED = """one => {
    const box = one.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return box.top >= 0 && box.bottom <= innerHeight && (one.contains(top) || top?.contains(one) === true);
}"""
CUT = """() => [...document.querySelectorAll('#page :is(.card, .best, .raw, .problem, .method, .cut, .box, li)')]
    .filter(one => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1 && one.clientWidth)
    .map(one => one.outerHTML.slice(0, 120))"""

on_every_screen = pytest.mark.parametrize("screen", SCREENS)
in_both = pytest.mark.parametrize("language", LANGUAGES)


def fits(visitor: Visitor) -> None:
    """Nothing stands beyond the screen's edge or is wider than its card."""
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.page.evaluate(WIDE) == []
    assert visitor.page.evaluate(CUT) == []


@on_every_screen
@in_both
@pytest.mark.usefixtures("results")
def test_a_long_name_wraps_wherever_it_stands(visit: Visit, site: Site, screen: str, language: str) -> None:
    site.model.writes = LONG
    visitor = visit(f"?lang={language}&{LONGS}", **SCREENS[screen])
    visitor.press("#every")
    visitor.page.evaluate("document.querySelectorAll('.inside details').forEach(one => { one.open = true; })")
    fits(visitor)
    for name in INSTRUMENTS:
        see(visitor, name)
        if name == "autopsy":
            press(visitor, "#set-routes-all")
        fits(visitor)


@on_every_screen
@in_both
def test_a_long_name_wraps_on_every_route_and_in_the_lesson(visit: Visit, screen: str, language: str) -> None:
    for route in ("google", "native", "google-article"):
        visitor = visit(f"?lang={language}&{LONGS}&route={route}&lesson=3", **SCREENS[screen])
        fits(visitor)


@on_every_screen
@in_both
def test_the_articles_model_that_can_not_be_had_says_so_within_its_card(
    visit: Visit, site: Site, screen: str, language: str
) -> None:
    site.service.article = None
    site.service.gate.set()
    visitor = visit(f"?lang={language}", **SCREENS[screen])
    visitor.page.locator("#model-article").click()
    expect(visitor.page.locator("#loading [data-problem]")).to_be_visible()
    fits(visitor)


@on_every_screen
@in_both
def test_the_largest_seed_is_seen_whole(visit: Visit, screen: str, language: str) -> None:
    visitor = visit(f"?lang={language}", **SCREENS[screen])
    before = visitor.turn()
    visitor.page.locator("#option-temperature").fill("1.5")
    visitor.wait_past(before)
    room = visitor.page.locator("#option-seed").evaluate(
        """one => {
            const style = getComputedStyle(one), pen = document.createElement('canvas').getContext('2d');
            pen.font = style.font;
            const arrows = 18;
            return one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrows
                - pen.measureText(one.max).width;
        }"""
    )
    assert room >= 0


@on_every_screen
@in_both
@pytest.mark.parametrize("bought", [25, 35])
def test_however_much_was_bought_the_answer_is_on_the_screen(
    visit: Visit, screen: str, language: str, bought: int
) -> None:
    items = ",".join(item.id for item in Catalogue.load("sports").items[:bought])
    visitor = visit(f"?lang={language}&items={items}", **SCREENS[screen])
    assert len(visitor.bought()) == bought
    if screen == "phone":
        visitor.page.locator("#answer").evaluate("one => one.scrollIntoView()")
    told = visitor.best if bought == 25 else visitor.page.locator(".result [data-problem]")
    expect(told).to_be_in_viewport(ratio=1)
    # What was bought last is in sight within the strip, and all of it can be reached.
    strip = visitor.page.locator(".basket")
    last = strip.locator("li").last
    assert last.evaluate("one => one.offsetTop - one.parentElement.offsetTop >= one.parentElement.scrollTop")
    expect(last).to_be_in_viewport()
    strip.locator("li").first.locator("button").last.focus()
    expect(strip.locator("li").first).to_be_in_viewport()


@in_both
@pytest.mark.parametrize("step", range(1, 11))
def test_on_a_phone_nothing_covers_the_answers_of_a_step_or_its_button(visit: Visit, language: str, step: int) -> None:
    visitor = visit(f"?lang={language}&lesson={step}", **SCREENS["phone"])
    for one in visitor.page.locator(".guess :is(.guess-choice, select, #guess-commit)").all():
        assert one.evaluate(UNCOVERED), one.inner_text()


@in_both
def test_on_a_phone_nothing_covers_the_typing_form(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}", **SCREENS["phone"])
    for block in ("start", "center", "end", "nearest"):
        visitor.page.locator(".add").evaluate(f"one => one.scrollIntoView({{block: '{block}'}})")
        for one in visitor.page.locator(".add :is(input, button)").all():
            assert one.evaluate(UNCOVERED), block
    visitor.page.evaluate("scrollTo(0, 0)")
    visitor.page.locator("#add-name").focus()
    for one in visitor.page.locator(".add :is(input, button)").all():
        one.evaluate("one => one.scrollIntoView({block: 'nearest'})")
        assert one.evaluate(UNCOVERED)


@on_every_screen
@in_both
@pytest.mark.usefixtures("results")
def test_the_whole_page_is_written_in_at_most_seven_sizes(visit: Visit, site: Site, screen: str, language: str) -> None:
    site.model.writes = "Moon Boots"
    visitor = visit(f"?lang={language}&items=soccer-ball,no-such,Yoga Block&new=Yoga Block&lesson=1", **SCREENS[screen])
    sizes: dict[str, str] = dict(visitor.page.evaluate(SIZES))
    for name in INSTRUMENTS:
        # On a phone the open lesson lies over what is asked next.
        visitor.page.evaluate("document.querySelectorAll('.lesson details').forEach(one => { one.open = false; })")
        see(visitor, name)
        if name == "autopsy":
            press(visitor, "#set-routes-all")
        visitor.page.evaluate("document.querySelectorAll('#page details').forEach(one => { one.open = true; })")
        sizes |= visitor.page.evaluate(SIZES)
    assert len(sizes) <= MOST_SIZES, sizes


@pytest.mark.parametrize("sheet", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_every_size_of_letters_in_the_style_sheets_is_one_of_the_scale(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    sizes = re.findall(r"[{;\s](?:font-size|font): ([^;}]+)", text)
    assert [size for size in sizes if not re.fullmatch(r"inherit|(\d+ )?var\(--size-[1-7]\).*", size)] == []


HAIRS = 3
"""Pixels up to which a distance or a corner is an adjustment by eye, and no step of the scale."""
SCALED = r"[{;\s]((?:padding|margin)(?:-[\w-]+)?|(?:row-|column-)?gap|border(?:-[\w-]+)?-radius): ([^;}]+)"


@pytest.mark.parametrize("sheet", ["page.css", "why.css", "board.css", "lesson.css", "compare.css"])
def test_every_distance_and_corner_of_the_page_is_one_of_the_scale(sheet: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", (ASSETS / sheet).read_text(encoding="utf-8"), flags=re.S)
    odd = []
    for name, value in re.findall(SCALED, text):
        # A mark of a chart is drawn back by half its size; what is computed is computed.
        plain = re.findall(r"(?<![\w.-])(\d[\d.]*)px", re.sub(r"\b(?:calc|clamp)\((?:[^()]|\([^()]*\))*\)", "", value))
        is_round_mark = "radius" in name and value.strip() in ("50%", "9px")
        odd += [f"{name}: {value}" for number in plain if float(number) > HAIRS and not is_round_mark]
    assert odd == []


def test_colours_sizes_distances_and_corners_are_named_in_one_file() -> None:
    named = {
        sheet.name
        for sheet in ASSETS.glob("*.css")
        if re.search(r"^\s+--(size|space|round|ink|card|c)-?\w*:", sheet.read_text(encoding="utf-8"), re.M)
    }
    assert named - {"sheet.css"} == {"tokens.css"}
