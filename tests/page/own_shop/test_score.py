"""A shop's scoreboard, and the strip that says who spoke."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from recommender.page.answer import answer_html
from recommender.page.html import fill
from recommender.page.own_shop.score import drawn
from recommender.page.own_shop.strip import strip_html
from recommender.page.wording import Words
from recommender.service import Request, Service
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.service.own.a_shop import a_shop

METRICS = {"hit@1": {"value": 0.45, "low": 0.4, "high": 0.5}, "ndcg@10": {"value": 0.7}}
METHODS = [{"name": "blend", "metrics": METRICS}, {"name": "my-own", "metrics": METRICS}]
REPORT: dict[str, Any] = {
    "questions": 1909,
    "best_counting": "transitions",
    "verdict": "better",
    "methods": METHODS,
    "cold": {"items": 4, "questions": 120, "methods": METHODS[:1]},
    "by_length": [
        {"from": 1, "to": 1, "methods": METHODS},
        {"from": 2, "to": 4, "methods": METHODS},
        {"from": 5, "to": None, "methods": METHODS},
    ],
    "pairs": [{"item": "tea", "next": "cup", "count": 31}, {"item": "tea", "next": "gone"}],
    "customers": [
        {"events": [["purchase", "tea"], ["cart", "cup"], ["view", "milk-jug"]], "next": "kettle", "place": 2},
        {"events": [["purchase", "gone"]], "next": "tea"},
    ],
}


def html(report: dict[str, Any], language: str = "en") -> str:
    return fill("own_shop/report", language, report=drawn(report, a_shop().catalogue, Words(language)))


def test_every_part_of_a_report_is_drawn() -> None:
    text = html(REPORT)
    assert "1,909 purchases" in text and "better than <" not in text and "what was bought right after" in text
    assert "<strong>0.450</strong> <small><bdi>0.40–0.50</bdi>" in text and "<strong>0.700</strong>" in text
    assert text.count('data-method="my-own"') == 4 and "Items that training never saw" in text
    assert "After 1 purchases" in text and "After 2 to 4" in text and "After 5 purchases and more" in text
    assert "Tea goes with Cup" in text and "(31 times)" in text
    assert 'data-value="tea cup milk-jug" data-cart="cup" data-viewed="milk-jug"' in text
    assert "then bought Kettle · place 2" in text and text.count("own-customer-") == 1


def test_it_is_drawn_in_arabic_too() -> None:
    text = html(REPORT, "ar")
    assert "١٬٩٠٩" in text and "العملاء" not in text.split("own-customers")[0][:0] and "٠٫٤٥٠" in text


@pytest.mark.parametrize("verdict", ["better", "even", "worse"])
def test_the_verdict_is_said(verdict: str) -> None:
    assert "what was bought right after" in html({**REPORT, "verdict": verdict}).split("</p>")[0]


@pytest.mark.parametrize("key", list(REPORT))
@pytest.mark.parametrize("value", [None, 7, "x", [], [7], {}, [{"metrics": 3, "name": []}], {"methods": "x"}, True])
def test_what_makes_no_sense_is_left_out(key: str, value: object) -> None:
    assert 'id="own-report"' in html({**REPORT, key: value})


@pytest.mark.parametrize("value", [None, "0.5", 2, -1, True, float("nan"), float("inf")])
def test_a_figure_that_is_no_share_is_left_out(value: object) -> None:
    text = html({"methods": [{"name": "blend", "metrics": {"hit@1": {"value": value}}}]})
    assert "data-method" not in text


def test_a_blends_answer_says_which_part_spoke() -> None:
    answer = Service(Settings(), load=lambda name, device: FakeModel()).answer(Request(["soccer-ball"]))
    assert strip_html(answer, "en") == ""
    blended = replace(answer, parts=(("transitions", 0.25), ("t5", 0.75), ("chance", 0.0)))
    text = strip_html(blended, "en")
    assert text.index("the language model") < text.index("what was bought right after") and "chance" not in text
    assert 'data-spoke="t5"' in answer_html(blended, "ar") and "data-spoke" not in answer_html(answer, "en")
