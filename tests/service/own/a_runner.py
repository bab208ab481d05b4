"""A stand-in for what trains a shop: it tells how far it is, and writes a folder; each function ends another way."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from recommender.errors import DataError
from recommender.shop.sales.sales import Sales

REPORT = {
    "best_counting": "transitions",
    "verdict": "even",
    "methods": [{"name": "blend", "metrics": {"hit@1": {"value": 0.45, "low": 0.4, "high": 0.5}}}],
}


@dataclass(frozen=True)
class ShopOptions:
    output: Path
    minutes: float = 5.0
    repeats: str = "auto"


@dataclass(frozen=True)
class ShopProgress:
    stage: str
    loss: float
    seconds_left: float
    validation: dict[str, float]


Tell = Callable[[ShopProgress], None]
Asks = Callable[[], bool]
PROGRESS = ShopProgress("training", 1.25, 30.0, {"blend": 0.45, "transitions": 0.39})


def writes(sales: Sales, options: ShopOptions, progress: Tell, cancelled: Asks) -> Path:
    sys.stdout.write("a library says something\n")
    progress(PROGRESS)
    options.output.mkdir()
    sales.catalogue.save(options.output / "catalogue.csv")
    (options.output / "report.json").write_text(json.dumps({**REPORT, "questions": len(sales)}), encoding="utf-8")
    return options.output


def waits(sales: Sales, options: ShopOptions, progress: Tell, cancelled: Asks) -> Path:
    progress(PROGRESS)
    options.output.mkdir()
    while not cancelled():
        sleep(0.005)
    return options.output


def refuses(sales: Sales, options: ShopOptions, progress: Tell, cancelled: Asks) -> Path:
    raise DataError("own_no_sales")


def breaks(sales: Sales, options: ShopOptions, progress: Tell, cancelled: Asks) -> Path:
    raise ValueError("what the shop sells")


def starves(sales: Sales, options: ShopOptions, progress: Tell, cancelled: Asks) -> Path:
    raise MemoryError
