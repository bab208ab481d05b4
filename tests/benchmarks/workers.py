"""Rows a second of `batch` with two workers of Ray against one: `python -m tests.benchmarks.workers [ROWS] [ROUNDS]`.

In an environment with requirements-batch.txt. One and two workers answer in turn, with the shipped model. The clock
tells little on a machine that others use, so what is compared is what a row costs its worker in time of a processor.
Two cores that nobody else uses have two seconds of it in each second, less what Ray and the process that asks take: at
least as much as they take in a second here, at most as much as they take for a row here, where a row takes
longer. Both ends are printed. What it takes to begin, until every worker has answered a block, is left out.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psutil

from recommender.batch import on_ray, places, running
from recommender.batch.answering import Finished
from recommender.batch.job import Job
from recommender.service import Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from tests.benchmarks.batch import write

MOST = 32
"""Rows of a block: many blocks, so that both workers always have one."""


@dataclass(frozen=True)
class Spent:
    """Seconds of the processor so far: of the workers, and of all processes of the run; and of the clock."""

    workers: float
    every: float
    wall: float

    def less(self, other: Spent) -> Spent:
        """What was spent since."""
        return Spent(self.workers - other.workers, self.every - other.every, self.wall - other.wall)


def spent() -> Spent:
    """Of this process and all below it."""
    workers = every = 0.0
    this = psutil.Process()
    for process in (this, *this.children(recursive=True)):
        try:
            own, name = process.cpu_times(), " ".join(process.cmdline())
        except psutil.Error:
            continue
        every += own.user + own.system
        workers += (own.user + own.system) * ("MapWorker" in name)
    return Spent(workers, every, perf_counter())


def measure(source: Path, folder: Path, workers: int) -> tuple[int, Spent]:
    """Rows that were answered, and what they took, from when every worker had answered one block."""
    job = Job(Settings(device="cpu"), places.sources(str(source)), str(folder), "jsonl", top=1)
    begun: Spent | None = None
    ended: Spent | None = None
    rows = 0

    def engine(job: Job, todo: Sequence[Any]) -> Iterator[Finished]:
        nonlocal begun, ended, rows
        for number, one in enumerate(on_ray.answers(job, todo, workers)):
            # Two workers begin one after the other: some blocks later both are at it.
            if number == 2 * workers:
                begun = spent()
            elif begun is not None:
                rows += one.rows
                ended = spent()
            yield one

    running.run(job, Service(job.settings), engine, most=MOST)
    assert begun is not None and ended is not None
    return rows, ended.less(begun)


def main(count: int = 2000, rounds: int = 3) -> None:
    """Measure in turn, and print each round."""
    room = Path(tempfile.mkdtemp())
    source = room / "baskets.jsonl"
    write(source, count)
    lows, highs, rates = [], [], []
    for turn in range(rounds):
        own, around, shares = {}, {}, {}
        for workers in (1, 2):
            rows, took = measure(source, room / f"{turn}-{workers}", workers)
            own[workers], around[workers] = took.workers / rows, (took.every - took.workers) / rows
            shares[workers] = (took.every - took.workers) / took.wall
            print(
                f"{workers} worker(s): {rows} rows in {took.wall:.1f} s; of processors {1000 * own[workers]:.1f} ms a "
                f"row by workers, {1000 * around[workers]:.1f} by all else",
                flush=True,
            )
        # One worker has a core of its own, and all else the other one.
        lows.append(2 * own[1] / (own[2] + around[2]))
        highs.append((2 - shares[2]) * own[1] / own[2])
        rates.append((2 - shares[2]) / own[2])
        print(f"two cores of their own: {rates[-1]:.0f} rows a second; {lows[-1]:.2f} to {highs[-1]:.2f} x one worker")
    hours = 1e7 / median(rates) / 3600
    print(f"median {median(lows):.2f} to {median(highs):.2f} x; "
          f"ten million rows, {len(Catalogue.load('sports'))} items: {hours:.0f} hours")  # fmt: skip


if __name__ == "__main__":
    random.seed(0)
    main(*map(int, sys.argv[1:]))
