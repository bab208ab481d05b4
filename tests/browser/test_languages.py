"""English and Arabic: everything switches at once, the direction is the computed one, no English is left over."""

import re

import pytest
from playwright.sync_api import expect

from recommender.language.text import is_arabic
from tests.browser.conftest import GARDEN, Site, Visit, Visitor

# Names that are written the same in Arabic.
PROPER = {"Google", "T5", "T5-large", "Hugging Face", "JSON", "CSV", "top-k", "top-p", "and"}
TYPED = "Padel Racket"
TEXTS = """root => {
    const found = [], walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode.textContent.trim(), parent = walk.currentNode.parentElement;
        if (!text || !parent.checkVisibility()) continue;
        const marked = parent.closest('[lang]');
        found.push([text, marked.lang, marked.tagName]);
    }
    for (const one of root.querySelectorAll('[aria-label], [title], [placeholder]'))
        for (const name of ['aria-label', 'title', 'placeholder'])
            if (one.hasAttribute(name)) found.push([one.getAttribute(name), one.closest('[lang]').lang, name]);
    return found;
}"""
DIRECTIONS = """() =>
    ['html', '#page', '.shelf', 'fieldset', '.box', '.basket', '.best', '.chart li', '.hops', '.sliders'].map(
        one => getComputedStyle(document.querySelector(one)).direction)"""


def english_left_over(visitor: Visitor) -> list[str]:
    """Texts of the Arabic page with Latin letters that are neither marked as English nor a proper name."""
    texts = visitor.page.locator("#page").evaluate(TEXTS)
    # The name of a typed item may stand in a label, where nothing can be marked.
    texts = [(text.replace(TYPED, ""), lang) for text, lang, _ in texts]
    return [text for text, lang in texts if lang != "en" and re.search("[A-Za-z]", text)]


def test_everything_switches_to_arabic_and_back(visit: Visit) -> None:
    visitor = visit(f"?items={','.join(GARDEN)}")
    assert set(visitor.page.evaluate(DIRECTIONS)) == {"ltr"}
    visitor.switch("ar")
    assert visitor.page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert set(visitor.page.evaluate(DIRECTIONS)) == {"rtl"}
    expect(visitor.page).to_have_title("ما المنتج التالي؟")
    expect(visitor.best).to_have_text("كرة قدم")
    expect(visitor.page.locator(".count")).to_have_text("المشتريات: ٤ · المعروض: ٣١")
    expect(visitor.page.locator(".chance strong")).to_have_text(re.compile("^[٠-٩٫]+٪$"))
    visitor.switch("en")
    assert visitor.page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
    assert set(visitor.page.evaluate(DIRECTIONS)) == {"ltr"}
    expect(visitor.best).to_have_text("Soccer Ball")
    texts = visitor.page.locator("#page").evaluate(TEXTS)
    assert [text for text, lang, _ in texts if lang == "en" and is_arabic(text)] == []


@pytest.mark.parametrize(
    "query",
    [
        "?lang=ar",
        "?lang=ar&items=",
        "?lang=ar&items=soccer-ball,no-such&new=Padel Racket",
        "?lang=ar&items=soccer-ball&route=native",
        "?lang=ar&items=soccer-ball&route=google",
        "?lang=ar&items=soccer-ball&route=google-article",
        "?lang=ar&catalogue=outdoor&items=camping-tent,surf-wax",
    ],
)
def test_no_english_is_left_on_the_arabic_page(visit: Visit, query: str) -> None:
    visitor = visit(query)
    assert english_left_over(visitor) == []
    # The cells of routes and prompts are English by nature; the page's own voice names only what has no Arabic name.
    voice = visitor.page.locator(
        ".top, .examples, .shelf, .happened, .figures, [data-part=writing], [data-part=models]"
    )
    marked = {
        text
        for part in voice.all()
        for text, lang, tag in part.evaluate(TEXTS)
        if lang == "en" and tag == "BDI" and text != TYPED
    }
    assert marked <= PROPER


def test_no_english_is_left_in_arabic_errors(visit: Visit, site: Site) -> None:
    site.model.reads_arabic = False
    visitor = visit("?lang=ar&items=soccer-ball&route=native")
    expect(visitor.page.locator(".result [data-problem]")).to_contain_text("native")
    assert english_left_over(visitor) == []
    site.service.is_down = True
    visitor.press("#route-google-article")
    assert english_left_over(visitor) == []
    expect(visitor.page.locator(".happened")).to_contain_text("تعذّر الوصول")


def test_names_of_the_other_script_are_isolated(visit: Visit) -> None:
    visitor = visit("?lang=ar&items=soccer-ball&new=Padel Racket")
    typed = visitor.page.locator("#group-typed bdi")
    expect(typed).to_have_attribute("lang", "en")
    expect(typed).to_have_attribute("dir", "ltr")


def test_two_visitors_with_different_languages_do_not_mix(visit: Visit) -> None:
    english, arabic = visit("?items=soccer-jersey"), visit("?items=tennis-racket&lang=ar")
    for _ in range(3):
        english.tick("soccer-ball")
        arabic.tick("tennis-ball")
    assert english.bought() == ["soccer-jersey", "soccer-ball"]
    assert arabic.bought() == ["tennis-racket", "tennis-ball"]
    expect(english.page.locator("#shelf-title")).to_have_text("What has the customer bought?")
    expect(arabic.page.locator("#shelf-title")).to_have_text("ماذا اشترى العميل؟")
    assert english.page.evaluate("document.documentElement.dir") == "ltr"
    assert arabic.page.evaluate("document.documentElement.dir") == "rtl"


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("part", [".best .icon", ".all"])
def test_the_sides_change_with_the_direction(visit: Visit, language: str, part: str) -> None:
    visitor = visit(f"?items=soccer-ball&lang={language}")
    inner, outer = (
        visitor.page.locator(part).first.bounding_box(),
        visitor.page.locator(".best" if "best" in part else ".group").first.bounding_box(),
    )
    assert inner and outer
    is_right = inner["x"] + inner["width"] / 2 > outer["x"] + outer["width"] / 2
    assert is_right == (language == "en")
