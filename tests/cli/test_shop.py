"""The command `shop`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recommender.cli import main
from recommender.evaluation.report.shop_report import ShopReport
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.times import iso_text
from recommender.training.shop import run as running
from recommender.training.shop.options import ShopOptions, ShopProgress
from tests.evaluation.report.test_shop_report import REPORT

LINES = "customer,time,item\n" + "\n".join(
    f"c{number},2026-01-{1 + number:02},{name}" for number in range(9) for name in ("Tea", "Milk")
)


@pytest.fixture
def sold(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_text(LINES, "utf-8")
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sales, ShopOptions]]:
    """What would be made; nothing is."""
    found: list[tuple[Sales, ShopOptions]] = []

    def make(sales: Sales, options: ShopOptions, progress: Any) -> tuple[Path, ShopReport]:
        found.append((sales, options))
        progress(ShopProgress("methods", 60.0))
        progress(ShopProgress("methods", 59.0))
        progress(ShopProgress("t5", 30.0, 1.5, {"t5": 0.25}))
        return options.output, REPORT

    monkeypatch.setattr(running, "run_shop", make)
    return found


def test_it_says_what_was_read_how_good_it_is_and_where_it_lies(
    sold: Path, asked: list[tuple[Sales, ShopOptions]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["shop", str(sold), "--output", str(tmp_path / "out"), "--minutes", "2", "--repeats", "no"]) == 0
    told = capsys.readouterr()
    assert "18 lines: 18 events of 9 customers and 2 items; left out: 0." in told.err
    assert told.err.count("simple methods") == 1 and "language model 0.250 · 30 s left" in told.err
    assert "better than the best" in told.out and str(tmp_path / "out") in told.out
    ((sales, options),) = asked
    assert len(sales) == 18 and options.repeats is False
    # What was read and loaded before is part of the two minutes.
    assert 1.0 <= options.minutes < 2.0


def test_json_is_the_report_and_nothing_else(
    sold: Path, asked: list[tuple[Sales, ShopOptions]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["shop", str(sold), "--output", str(tmp_path / "out"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document.pop("folder") == str(tmp_path / "out")
    assert ShopReport.from_json(document) == REPORT


def test_columns_and_items_may_be_named(
    asked: list[tuple[Sales, ShopOptions]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sold = tmp_path / "odd.csv"
    sold.write_text(LINES.replace("customer,time,item", "xx,yy,ZZ"), "utf-8")
    items = tmp_path / "items.csv"
    items.write_text("en\nTea\nMilk\nSugar\n", "utf-8")
    command = ["shop", str(sold), "--items", str(items), "--output", str(tmp_path / "out"), "--customer-column", "XX"]
    assert main([*command, "--time-column", "yy", "--item-column", "zz"]) == 0
    assert len(asked[0][0].catalogue) == 3
    assert main([*command, "--item-column", "nothing like it"]) == 2
    assert "nothing like it" in capsys.readouterr().err


def test_what_dates_begin_with_may_be_said(asked: list[tuple[Sales, ShopOptions]], tmp_path: Path) -> None:
    sold = tmp_path / "sales.csv"
    sold.write_text("customer,time,item\n1,03/04/2024,Tea\n2,03/04/2024,Milk\n", "utf-8")
    for dates in ("day-first", "month-first", "auto"):
        assert main(["shop", str(sold), "--output", str(tmp_path / "out"), "--dates", dates]) == 0
    assert [iso_text(int(sales.times[0]))[:10] for sales, _ in asked] == ["2024-04-03", "2024-03-04", "2024-04-03"]


def test_what_can_not_be_is_one_sentence(sold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shop", str(tmp_path / "none.csv"), "--output", str(tmp_path / "out")]) == 2
    assert main(["shop", str(sold), "--output", str(sold)]) == 2
    assert main(["shop", str(sold), "--output", str(tmp_path)]) == 2
    assert main(["shop", str(sold), "--output", str(tmp_path / "out"), "--minutes", "0"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4 and not any("Traceback" in line for line in lines)
    assert sold.read_text("utf-8") == LINES
