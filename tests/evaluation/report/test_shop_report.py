"""The report of a shop's recommender."""

import json
from dataclasses import replace

from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.shop_report import Customer, Pair, ShopReport

MEASURES = {name: Estimate(0.5, 0.4, 0.6) for name in ("hit@1", "hit@5", "hit@10", "mrr", "ndcg@10")}
REPORT = ShopReport(
    items=3,
    customers=40,
    purchases=100,
    since="2026-01-01",
    until="2026-06-30",
    moment="2026-06-01",
    repeats=False,
    questions=20,
    methods={
        "popularity": {"all": MEASURES},
        "blend": {"all": MEASURES, "cold": MEASURES},
        "theirs": {"all": MEASURES},
    },
    weights={"t5": 0.75, "item-knn": 0.25},
    simple="popularity",
    gain=Estimate(0.1, 0.05, 0.15),
    pairs=[Pair("tea", "milk", 12, 3.5)],
    examples=[Customer(("tea",), "milk", "milk", 1)],
    minutes=5.0,
    steps=900,
)


def test_a_report_that_was_written_is_read_the_same() -> None:
    assert ShopReport.from_json(json.loads(json.dumps(REPORT.to_json()))) == REPORT
    unjudged = replace(REPORT, questions=0, methods={}, gain=None)
    assert ShopReport.from_json(json.loads(json.dumps(unjudged.to_json()))) == unjudged


def test_it_says_whether_the_blend_is_worth_having() -> None:
    assert REPORT.better and "better than the best" in REPORT.to_text()
    even = replace(REPORT, gain=Estimate(0.1, -0.05, 0.15))
    assert not even.better and "no better" in even.to_text()
    assert "best sellers" in even.to_text() and "الأكثر مبيعًا" in even.to_text("ar")
    assert "too few" in replace(REPORT, gain=None).verdict()


def test_every_method_has_a_line_and_the_weights_are_told() -> None:
    lines = REPORT.to_text().splitlines()
    assert any(line.startswith("theirs") and "0.500 [0.400, 0.600]" in line for line in lines)
    assert "What it listens to: language model 75 %, bought together 25 %." in lines
    assert "too few" in replace(REPORT, questions=0).to_text()


def test_sales_without_dates_are_told_without_days() -> None:
    for language in ("en", "ar"):
        text = replace(REPORT, since="", until="", moment="").to_text(language)
        assert "  " not in text.splitlines()[0] and "2026" not in text
