"""The four routes of an Arabic request, with the translator up and down, and the choice of a model."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import GARDEN, Site, Visit
from tests.fake_model import FakeModel

ARABIC = "?lang=ar&items=soccer-jersey,soccer-cleats"


@pytest.mark.parametrize(
    ("route", "sources"),
    [
        ("catalogue", ["table", "model", "table"]),
        ("native", ["model"]),
        ("google", ["machine", "table", "model", "machine", "table"]),
        ("google-article", ["machine", "table", "model", "machine"]),
    ],
)
def test_each_route_draws_its_hops(visit: Visit, route: str, sources: list[str]) -> None:
    visitor = visit(ARABIC)
    if route != "catalogue":
        visitor.press(f"#route-{route}")
    expect(visitor.page.locator(f"#route-{route}")).to_be_checked()
    hops = [hop.get_attribute("data-hop") for hop in visitor.page.locator("[data-hop]").all()]
    assert hops == sources
    assert f"route={route}" in visitor.page.url


def test_english_goes_straight_to_the_model(visit: Visit) -> None:
    visitor = visit(f"?items={','.join(GARDEN)}")
    expect(visitor.page.locator("[data-route]")).to_have_count(0)
    expect(visitor.page.locator("[data-hop]")).to_have_count(1)
    expect(visitor.page.locator(".hop.end")).to_contain_text("Soccer Ball")


def test_the_articles_route_shows_its_problems_in_place(visit: Visit) -> None:
    visitor = visit(f"{ARABIC}&route=google-article")
    first = visitor.page.locator("[data-hop=machine]").first
    expect(first.locator(".problem-line.told")).to_contain_text("محاكاة")
    assert first.locator(".problem-line:not(.told)").count() >= 2
    expect(visitor.page.locator(".happened")).to_contain_text("لا يصحّح الإجابة")
    expect(visitor.page.locator(".chart")).to_have_count(0)


def test_without_a_translator_google_falls_back_and_says_why(visit: Visit, site: Site) -> None:
    site.service.is_down = True
    visitor = visit(f"{ARABIC}&route=google")
    expect(visitor.best).to_have_text("كرة قدم")
    expect(visitor.page.locator(".happened")).to_contain_text("تعذّر الوصول إلى ترجمة")
    expect(visitor.page.locator(".happened")).to_contain_text("عبر الجدول المُراجَع")


def test_without_a_translator_the_articles_route_ends_in_no_item(visit: Visit, site: Site) -> None:
    site.service.is_down = True
    visitor = visit(f"{ARABIC}&route=google-article")
    expect(visitor.best).to_have_text("لا منتج")
    expect(visitor.page.locator(".raw")).to_contain_text("لم يصل الطلب إلى النموذج")
    expect(visitor.page.locator("[data-part=prompt]")).to_contain_text("انقطع المسار")


def test_unknown_words_of_a_prompt_are_made_visible(visit: Visit, site: Site) -> None:
    site.model.reads_arabic = False
    visitor = visit(f"{ARABIC}&route=catalogue&new=مضرب بادل")
    assert visitor.page.locator(".tokens b").count() >= 1
    expect(visitor.page.locator(".tokens b").first).to_have_text("<unk>")
    expect(visitor.page.locator("[data-part=prompt] .problem-line")).to_contain_text("غير موجودة في مفردات النموذج")


def test_the_articles_model_is_loaded_on_demand_or_its_absence_said(visit: Visit, site: Site) -> None:
    site.service.gate.clear()
    visitor = visit("?items=soccer-jersey,soccer-cleats")
    visitor.page.get_by_role("radio", name=re.compile("T5-large")).click()
    expect(visitor.page.locator("#loading")).to_contain_text("Loading")
    # Meanwhile the page goes on answering.
    visitor.tick("soccer-ball")
    expect(visitor.page.locator("#model-compact")).to_be_checked()
    site.service.gate.set()
    expect(visitor.page.locator("#loading [data-problem]")).to_contain_text("hub can't be reached")
    expect(visitor.page.locator("#model-compact")).to_be_checked()
    site.service.article = FakeModel(name="article", writes="Hockey Puck")
    visitor.page.locator("#model-article").click()
    expect(visitor.page.locator("#loading [data-ready]")).to_be_visible()
    expect(visitor.page.locator("[data-raw]")).to_have_text("Hockey Puck")
    expect(visitor.page.locator("#model-article")).to_be_checked()
    expect(visitor.page.locator(".figures")).to_contain_text("T5-large")
    visitor.page.locator("#model-compact").click()
    expect(visitor.page.locator("[data-raw]")).not_to_have_text("Hockey Puck")
