"""How long it takes to read a shop's sales, in seconds of wall and processor, and how much memory.

    .venv/bin/python -m tests.benchmarks.sales_reading --lines 400000
    .venv/bin/python -m tests.benchmarks.sales_reading sales.csv

Without a file, lines are made up as shops have them: customers by number, times, items by name, quantities; a great
many customers of few purchases, a few items that sell most. The goal is 400,000 lines in 10 s of one core, with no
more than 300 MB on top.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import time
from pathlib import Path

import numpy as np

from recommender.shop.sales.reading import bring


def made_up(lines: int, seed: int = 0) -> bytes:
    """A CSV of so many lines."""
    rng = np.random.default_rng(seed)
    customers = rng.integers(0, max(1, lines // 10), lines)
    items = np.minimum(rng.zipf(1.3, lines), 4000)
    times = np.datetime64("2024-01-01T00:00:00") + rng.integers(0, 365 * 86_400, lines)
    quantities = rng.integers(1, 13, lines)
    out = io.StringIO()
    out.write("customer,time,item,quantity\n")
    for who, when, what, count in zip(
        customers.tolist(), times.tolist(), items.tolist(), quantities.tolist(), strict=True
    ):
        out.write(f'{who},{when},"HEART OF WICKER, NUMBER {what}",{count}\n')
    return out.getvalue().encode()


def measured(data: bytes, file: str) -> dict[str, float]:
    """Lines, seconds of wall and processor, and the most memory on top of what there was, in MB."""
    before = _peak()
    wall, processor = time.perf_counter(), time.process_time()
    told = bring(data, file, largest=max(len(data), 1)).told
    spent = time.perf_counter() - wall, time.process_time() - processor
    return {
        "lines": told.lines,
        "events": told.kept,
        "wall_s": round(spent[0], 2),
        "processor_s": round(spent[1], 2),
        "memory_mb": round(_peak() - before, 1),
    }


def _peak() -> float:
    """The most memory that this process has had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="sales to read; without it they are made up")
    parser.add_argument("--lines", type=int, default=400_000)
    given = parser.parse_args()
    data = given.file.read_bytes() if given.file else made_up(given.lines)
    # What is loaded once a process is no part of it.
    bring(b"customer,time,item\n1,2024-01-01,a\n2,2024-01-02,b\n", "warm.csv")
    print(json.dumps(measured(data, given.file.name if given.file else "made-up.csv")))


if __name__ == "__main__":
    main()
