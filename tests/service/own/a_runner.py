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

HIT = {"value": 0.45, "low": 0.4, "high": 0.5}
REPORT = {
    "items": 4, "customers": 6, "purchases": 18, "since": "2024-01-01", "until": "2024-06-01", "moment": "2024-05-01",
    "repeats": False, "questions": 1909, "simple": "transitions", "minutes": 5.0, "steps": 100,
    "methods": {
        name: {group: {"hit@1": HIT, "ndcg@10": HIT} for group in ("all", "basket 1", "basket 4+", "cold")}
        for name in ("transitions", "t5", "blend")
    },
    "weights": {"t5": 0.75, "transitions": 0.25},
    "gain": {"value": 0.01, "low": -0.02, "high": 0.04},
    "pairs": [{"first": "tea", "then": "cup", "times": 31, "lift": 2.5}],
    "examples": [{"bought": ["tea", "cup"], "next": "kettle", "recommended": "kettle", "rank": 1}],
}  # fmt: skip


@dataclass(frozen=True)
class ShopOptions:
    output: Path
    minutes: float = 5.0
    repeats: bool | None = None


@dataclass(frozen=True)
class ShopProgress:
    stage: str
    loss: float
    seconds_left: float
    figures: dict[str, float]


Tell = Callable[[ShopProgress], None]
Asks = Callable[[], bool]
PROGRESS = ShopProgress("t5", 1.25, 30.0, {"t5": 0.45, "transitions": 0.39})


def writes(sales: Sales, options: ShopOptions, progress: Tell, cancelled: Asks) -> tuple[Path, None]:
    sys.stdout.write("a library says something\n")
    progress(PROGRESS)
    options.output.mkdir()
    sales.catalogue.save(options.output / "catalogue.csv")
    (options.output / "report.json").write_text(json.dumps({**REPORT, "purchases": len(sales)}), encoding="utf-8")
    return options.output, None


def waits(sales: Sales, options: ShopOptions, progress: Tell, cancelled: Asks) -> tuple[Path, None]:
    progress(PROGRESS)
    options.output.mkdir()
    while not cancelled():
        sleep(0.005)
    return options.output, None


def refuses(sales: Sales, options: ShopOptions, progress: Tell, cancelled: Asks) -> tuple[Path, None]:
    raise DataError("own_no_sales")


def breaks(sales: Sales, options: ShopOptions, progress: Tell, cancelled: Asks) -> tuple[Path, None]:
    raise ValueError("what the shop sells")


def starves(sales: Sales, options: ShopOptions, progress: Tell, cancelled: Asks) -> tuple[Path, None]:
    raise MemoryError
