"""What the benchmarks have in common: where and when they ran, how work is timed, how results are printed.

Import it before torch: it settles the number of threads (`OMP_NUM_THREADS`, by default 1).
"""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

from tests.places import ROOT

THREADS: Final = int(os.environ.setdefault("OMP_NUM_THREADS", "1"))
os.environ.setdefault("OPENBLAS_NUM_THREADS", str(THREADS))
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

Question = TypeVar("Question")


def about() -> str:
    """The machine, the date, the commit."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{processor}, {os.cpu_count()} cores{load}, {datetime.now():%Y-%m-%d %H:%M}, commit {commit()}"


def commit() -> str:
    """The checked-out commit, with a `+` where files differ from it."""
    try:
        name = _git("rev-parse", "--short", "HEAD")
        return name + ("+" if _git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    return subprocess.check_output(["git", *arguments], cwd=ROOT, text=True, stderr=subprocess.DEVNULL).strip()


class Times:
    """Milliseconds of repeated work: by the clock, and of the processor in all of this process's threads."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.processor: list[float] = []

    def add(self, work: Callable[[], object]) -> None:
        begun, used = time.perf_counter(), time.process_time()
        work()
        self.processor.append((time.process_time() - used) * 1000)
        self.wall.append((time.perf_counter() - begun) * 1000)

    @property
    def middle(self) -> tuple[float, float]:
        return median(self.wall), median(self.processor)


def in_turn(
    workers: Mapping[str, Callable[[Question], object]],
    questions: Iterable[Question],
    warm_up: Sequence[Question],
    seldom: Mapping[str, int] | None = None,
) -> dict[str, Times]:
    """Time every worker on every question, in turn, after a warm-up; those in `seldom` get every n-th question only."""
    times = {name: Times() for name in workers}
    for name, work in workers.items():
        for question in warm_up[: 1 if seldom and name in seldom else None]:
            work(question)
    for number, question in enumerate(questions):
        for name, work in workers.items():
            if number % (seldom or {}).get(name, 1) == 0:
                times[name].add(lambda work=work: work(question))  # type: ignore[misc]  # noqa: B023
    return times


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table in Markdown, ready for the README."""
    lines = [[*map(str, row)] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(heads, *lines, strict=True)]
    for line in (heads, ["-" * width for width in widths], *lines):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")
    print(flush=True)
