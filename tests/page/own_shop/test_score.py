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
from tests.service.own.a_runner import REPORT
from tests.service.own.a_shop import a_shop


def html(report: dict[str, Any], language: str = "en") -> str:
    return fill("own_shop/report", language, report=drawn(report, a_shop().catalogue, Words(language)))


def test_every_part_of_a_report_is_drawn() -> None:
    text = html(REPORT)
    assert "1,909 purchases" in text and "no better than" in text
    assert "<strong>0.450</strong> <small><bdi>0.40–0.50</bdi>" in text
    assert text.count('data-method="transitions"') == 4 and "Items that training never saw" in text
    assert "so many purchases before: 1" in text and "so many purchases before: 4+" in text
    assert "Tea goes with Cup" in text and "(customers: 31)" in text
    assert 'data-value="tea cup"' in text and "then bought Kettle · place 1" in text
    assert 'data-spoke="t5"' in text and "75%" in text


def test_it_is_drawn_in_arabic_too() -> None:
    text = html(REPORT, "ar")
    assert "١٬٩٠٩" in text and "٠٫٤٥٠" in text and "٧٥٪" in text


def test_it_says_so_where_it_is_better() -> None:
    better = {**REPORT, "gain": {"value": 0.03, "low": 0.01, "high": 0.05}}
    assert "It is better than" in html(better)


def test_without_questions_nothing_is_judged() -> None:
    bare = {**REPORT, "questions": 0, "methods": {}, "weights": {}, "gain": None, "pairs": [], "examples": []}
    text = html(bare)
    assert "too few later purchases" in text and "<table" not in text and "own-customer" not in text


def test_a_figure_without_an_interval_or_of_an_item_that_is_gone_is_left_out() -> None:
    alone = {"value": 0.5, "low": None, "high": None}
    odd = {
        **REPORT,
        "methods": {"blend": {"all": {"hit@1": alone}}},
        "pairs": [{"first": "gone", "then": "cup", "times": 1, "lift": 1.0}],
        "examples": [{"bought": ["gone"], "next": "cup", "recommended": "cup", "rank": 1}],
    }
    text = html(odd)
    assert "<strong>0.500</strong> <small><bdi></bdi>" in text and "goes with" not in text and "Customer 1" not in text


@pytest.mark.parametrize("key", list(REPORT))
def test_what_is_no_report_is_not_drawn(key: str) -> None:
    words = Words("en")
    assert drawn({name: value for name, value in REPORT.items() if name != key}, a_shop().catalogue, words) is None
    assert drawn({**REPORT, "methods": 7}, a_shop().catalogue, words) is None


def test_a_blends_answer_says_which_part_spoke() -> None:
    answer = Service(Settings(), load=lambda name, device: FakeModel()).answer(Request(["soccer-ball"]))
    assert answer.ranking is not None and strip_html(answer, "en") == ""
    parts = (("transitions", 0.25), ("t5", 0.75), ("ease", 0.0))
    blended = replace(answer, ranking=replace(answer.ranking, parts=parts))
    text = strip_html(blended, "en")
    assert text.index("75%") < text.index("25%") and "EASE" not in text
    assert 'data-spoke="t5"' in answer_html(blended, "ar") and "data-spoke" not in answer_html(answer, "en")


def test_lengths_of_baskets_are_in_the_digits_of_the_language() -> None:
    for language, digits in (("en", "1"), ("ar", "١")):
        report = drawn(REPORT, a_shop().catalogue, Words(language))
        assert report is not None
        assert any(digits in str(board.title) for board in report.boards if board.title)
