"""The link that carries the choices, and the answer to take away."""

import csv
import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, Visitor


def downloaded(visitor: Visitor, kind: str) -> tuple[str, str]:
    with visitor.page.expect_download() as waiting:
        visitor.page.locator(f"#download-{kind}").click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_text(encoding="utf-8")


def test_the_link_opens_the_same_choices_for_somebody_else(visit: Visit) -> None:
    visitor = visit("?lang=ar")
    visitor.press("#shop-outdoor")
    visitor.tick("surf-wax")
    visitor.page.locator("#add-name").fill("مضرب بادل")
    visitor.press("#add-bought")
    visitor.page.locator("#add-name").fill("Padel Ball")
    visitor.press("#add-offered")
    visitor.press("#route-native")
    link = visitor.page.locator("#link").input_value()
    other = visit(link.removeprefix(visitor.url))
    assert other.bought() == visitor.bought() and len(other.bought()) == 5
    assert other.page.evaluate("document.documentElement.lang") == "ar"
    expect(other.page.locator("#route-native")).to_be_checked()
    expect(other.page.locator("#shop-outdoor")).to_have_attribute("aria-pressed", "true")
    expect(other.page.locator("#group-typed input")).to_have_count(2)
    assert other.best.inner_text() == visitor.best.inner_text()


def test_the_address_keeps_the_choices_over_a_reload(visit: Visit) -> None:
    visitor = visit("?items=soccer-ball")
    visitor.tick("hockey-puck")
    bought = visitor.bought()
    visitor.open(visitor.page.url.removeprefix(visitor.url))
    assert visitor.bought() == bought


def test_the_link_is_copied(visit: Visit) -> None:
    visitor = visit("?items=soccer-ball", permissions=["clipboard-read", "clipboard-write"])
    visitor.page.locator("#copy").click()
    expect(visitor.page.locator("#copy")).to_have_text("Copied")
    assert visitor.page.evaluate("navigator.clipboard.readText()") == visitor.page.locator("#link").input_value()


@pytest.mark.parametrize(
    ("query", "bought", "note"),
    [
        ("?items=soccer-ball,no-such,tennis-ball", ["soccer-ball", "tennis-ball"], "no-such"),
        ("?items=<b>x</b>,soccer-ball", ["soccer-ball"], "<b>x</b>"),
        ("?items=soccer-ball,soccer-ball", ["soccer-ball"], "counted once"),
        ("?items=soccer-ball&catalogue=../../etc/passwd&route=x&lang=ar2", ["soccer-ball"], ""),
        ("?items=Soccer Ball,كرة التنس", ["soccer-ball", "tennis-ball"], ""),
    ],
)
def test_a_link_that_is_partly_wrong_is_read_as_far_as_it_goes(
    visit: Visit, query: str, bought: list[str], note: str
) -> None:
    visitor = visit(query)
    assert visitor.bought() == bought
    expect(visitor.page.locator("[data-part=notices]")).to_contain_text(note)


def test_the_answer_is_downloaded_as_json(visit: Visit) -> None:
    visitor = visit("?items=soccer-jersey,soccer-cleats&lang=ar")
    name, text = downloaded(visitor, "json")
    document = json.loads(text)
    assert name == "recommendation.json"
    assert document["recommendation"]["ar"] == visitor.best.inner_text()
    assert len(document["ranking"]) == 33 and document["route"]["used"] == "catalogue"


def test_the_answer_is_downloaded_as_a_table_that_runs_nothing(visit: Visit) -> None:
    visitor = visit("?items=soccer-jersey")
    visitor.page.locator("#add-name").fill("=1+1")
    visitor.press("#add-offered")
    name, text = downloaded(visitor, "csv")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert name == "recommendation.csv" and len(rows) == 35
    assert rows[0]["en"] == visitor.best.inner_text()
    assert "'=1+1" in {row["en"] for row in rows}


def test_the_interface_for_programs_is_a_click_away(visit: Visit) -> None:
    visitor = visit("?items=soccer-jersey")
    visitor.page.locator("#programs").click()
    panel = visitor.page.locator(".api-docs")
    expect(panel).to_contain_text("/recommend")
    expect(panel).not_to_contain_text("asked")
    # Gradio looks for an MCP server, which is there only where it was asked for.
    visitor.complaints[:] = [text for text in visitor.complaints if "404" not in text]
