"""Memory of `batch` in one process over any number of rows, with a model that takes no time or with the shipped one.

    python -m tests.benchmarks.batch 1000000 FOLDER [parquet|csv|jsonl] [model]

writes that many baskets into FOLDER, answers them, and prints rows a second and memory as the rows go by; blocks are
small where the shipped `model` answers.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace
from typing import Any

from recommender.batch import places, plan, running
from recommender.batch.answering import Answering, Finished
from recommender.batch.job import Job
from recommender.errors import RecommenderError
from recommender.service import Answer, Request, Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from tests.fake_model import FakeModel

EVERY = 20
SMALL = 256
"""Rows of a block where the shipped model answers."""


class Quick(Service):
    """Answers every request with what it found for the first one."""

    def __init__(self) -> None:
        fake = FakeModel()
        super().__init__(Settings(), lambda name, device: fake)
        self._answer: Answer | None = None

    def model(self, name: str | None = None) -> Any:
        return SimpleNamespace(device="cpu") if self._answer else super().model(name)

    def answer_many(self, requests: Sequence[Request]) -> list[Answer | RecommenderError]:
        if self._answer is None and requests:
            self._answer = self.answer(requests[0])
        return [self._answer for _ in requests if self._answer]


def resident() -> float:
    """Memory of this process now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def write(path: Path, count: int) -> None:
    """So many random baskets."""
    ids, draw = [item.id for item in Catalogue.load("sports")], random.Random(0)
    baskets = (draw.choices(ids, k=4) for _ in range(count))
    if path.suffix == ".parquet":
        import pyarrow
        from pyarrow import parquet

        kind = pyarrow.schema([("basket", pyarrow.list_(pyarrow.string()))])
        with parquet.ParquetWriter(path, kind) as writer:
            writer.write_table(pyarrow.table([list(baskets)], schema=kind), row_group_size=count)
        return
    with path.open("w", encoding="utf-8") as file:
        if path.suffix == ".csv":
            file.write("Input\n")
        for basket in baskets:
            file.write(f'"{", ".join(basket)}"\n' if path.suffix == ".csv" else json.dumps({"basket": basket}) + "\n")


def main(count: int, folder: Path, kind: str = "jsonl", who: str = "") -> None:
    """Write, answer, and say what it took."""
    source = folder / f"baskets-{count}.{kind}"
    if not source.exists():
        write(source, count)
        print("written; start again to measure without what writing took")
        return
    job = Job(Settings(), places.sources(str(source)), str(folder / f"answers-{count}-{kind}{who}"), kind, top=1)
    service, begun, seen = Service(job.settings) if who else Quick(), perf_counter(), []
    most, every = (SMALL, 1) if who else (plan.BLOCK_ROWS, EVERY)

    def engine(job: Job, todo: Sequence[Any]) -> Any:
        answering = Answering(job, service)
        for number, block in enumerate(todo):
            finished: Finished = answering.answer(block)
            if number % every == 0:
                seen.append(resident())
                print(f"row {block.first:>9,}: {seen[-1]:.0f} MB", flush=True)
            yield finished

    done = running.run(job, service, engine, most)
    spent = perf_counter() - begun
    print(f"{done.rows:,} rows, {done.rows / spent:,.0f} a second, {seen[0]:.0f} to {max(seen):.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
