"""What is shown to the character: in its own direction, isolated, left-aligned where it is English."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LANGUAGES, SCREENS, Site, Visit, Visitor
from tests.browser.seeing import press, see

on_every_screen = pytest.mark.parametrize("screen", SCREENS)
in_both = pytest.mark.parametrize("language", LANGUAGES)
TYPED = "items=soccer-jersey,حقيبة 5,كرة يوغا,12 Volt Lens,Padel Racket"
NEW = "new=حقيبة 5,كرة يوغا,12 Volt Lens,Padel Racket"
# The left edge of each text's first letter, and its line.
PLACES = """(root, texts) => texts.map(text => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), nodes = [];
    let whole = '';
    while (walk.nextNode()) { nodes.push([whole.length, walk.currentNode]); whole += walk.currentNode.textContent; }
    const at = whole.indexOf(text);
    const [from, node] = nodes.findLast(([start]) => start <= at);
    const range = document.createRange();
    range.setStart(node, at - from);
    range.setEnd(node, at - from + 1);
    const box = range.getBoundingClientRect();
    return [Math.round(box.top), box.left];
})"""
LAID_OUT = """one => {
    const style = getComputedStyle(one);
    return [one.closest('[lang]').lang, style.direction, ['start', 'left'].includes(style.textAlign)];
}"""


def read_in_order(visitor: Visitor, selector: str, texts: list[str], rightwards: bool) -> None:
    """The texts come one after the other as their line is read."""
    places = visitor.page.locator(selector).evaluate(PLACES, texts)
    for (line, left), (next_line, next_left) in pairwise(places):
        if abs(line - next_line) > 6:
            assert next_line > line
        else:
            assert (next_left > left) == rightwards, (texts, places)


@on_every_screen
@in_both
def test_an_english_prompt_reads_from_left_to_right_on_either_page(visit: Visit, screen: str, language: str) -> None:
    visitor = visit(f"?lang={language}&{TYPED}&{NEW}", **SCREENS[screen])
    visitor.page.locator("#prompt-exact summary").click()
    for selector in (".tokens", "[data-prompt]"):
        assert visitor.page.locator(selector).evaluate(LAID_OUT) == ["en", "ltr", True]
    prompt = visitor.page.locator("[data-prompt]").inner_text()
    assert prompt.startswith("ITEMS PURCHASED: {Soccer Jersey, حقيبة 5, كرة يوغا, 12 Volt Lens, Padel Racket} - CAND")
    read_in_order(visitor, "[data-prompt]", ["ITEMS", "PURCHASED", "{", "Soccer", "Jersey"], rightwards=True)
    # Of a run from right to left the first letter is the rightmost: its end is where the next one begins.
    read_in_order(visitor, "[data-prompt]", ["حقيبة", "كرة", "12 V", "Volt", "Padel", "} - C"], rightwards=True)
    read_in_order(visitor, ".tokens", ["ITEMS", "PURCHASED", "Soccer", "حقيبة", "كرة", "Volt", "CAND"], rightwards=True)


@on_every_screen
def test_an_arabic_prompt_reads_from_right_to_left_with_english_names_whole(
    visit: Visit, site: Site, screen: str
) -> None:
    # The names stand as they were typed.
    site.service.is_down = True
    visitor = visit(f"?lang=ar&{TYPED}&{NEW}&route=native", **SCREENS[screen])
    visitor.page.locator("#prompt-exact summary").click()
    assert visitor.page.locator("[data-prompt]").evaluate(LAID_OUT) == ["ar", "rtl", True]
    read_in_order(visitor, "[data-prompt]", ["عناصر", "قميص", "حقيبة", "كرة يوغا", "12 V", "Padel"], rightwards=False)
    read_in_order(visitor, "[data-prompt]", ["12", "Volt", "Lens"], rightwards=True)


@on_every_screen
@in_both
@pytest.mark.parametrize("route", ["catalogue", "google", "google-article", "native"])
def test_every_english_text_is_marked_and_left_aligned(
    visit: Visit, site: Site, screen: str, language: str, route: str
) -> None:
    site.model.writes = "{Soccer Ball, 12 (Moon Boots)}"
    visitor = visit(f"?lang={language}&{TYPED}&{NEW}&route={route}", **SCREENS[screen])
    visitor.page.evaluate("document.querySelectorAll('.inside details').forEach(one => { one.open = true; })")
    texts = visitor.page.locator("[data-raw], .tokens, [data-prompt], .hop-text[lang], .piece").all()
    assert len(texts) > 3
    for one in texts:
        text, (marked, direction, starts) = one.inner_text(), one.evaluate(LAID_OUT)
        english = text.lstrip("{ ")[:1].isascii()
        assert (marked, direction, starts) == (("en", "ltr", True) if english else ("ar", "rtl", True)), text


@on_every_screen
@in_both
def test_names_and_the_models_texts_begin_their_lines_where_their_script_does(
    visit: Visit, site: Site, screen: str, language: str
) -> None:
    site.model.writes = "Football Jersey and Football Cleats and " * 8
    visitor = visit(f"?lang={language}&{TYPED}&{NEW}", **SCREENS[screen])
    see(visitor, "autopsy")
    press(visitor, "#set-routes-all")
    see_texts = ".cut-out > [lang], .cut-pairs span > bdi, .pairs li > bdi, .box bdi, .bought-name bdi"
    found = visitor.page.locator(see_texts)
    shapes = found.evaluate_all(
        """all => all.filter(one => one.checkVisibility()).map(one => {
            const style = getComputedStyle(one), box = one.getBoundingClientRect(), frame = document.body;
            return [style.display === 'inline', style.textAlign, box.right <= frame.clientWidth + 1 && box.left >= -1];
        })"""
    )
    assert shapes and {tuple(shape) for shape in shapes} == {(False, "start", True)}


@on_every_screen
def test_a_name_without_a_translation_is_shown_once_and_as_untranslated(visit: Visit, screen: str) -> None:
    visitor = visit("?lang=ar&items=soccer-jersey,حقيبة,Padel Racket&new=حقيبة,Padel Racket", **SCREENS[screen])
    rows = visitor.page.locator(".pairs li").filter(has_text="حقيبة")
    for row in rows.all():
        assert row.inner_text().count("حقيبة") == 1
        expect(row.locator(".tag")).to_have_text("بلا ترجمة")
    # It is English already.
    english = visitor.page.locator(".pairs li").filter(has_text="Padel Racket").first
    assert english.inner_text().split() == ["Padel", "Racket"]
