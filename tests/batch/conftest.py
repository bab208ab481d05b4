"""A job over small files, answered by a model without weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recommender.batch.job import Job
from recommender.batch.places import sources
from recommender.service import Service
from recommender.settings import Settings
from tests.fake_model import FakeModel

BASKETS = [["soccer-ball"], ["tennis-ball", "tennis-racket"], ["soccer-jersey"], ["nothing-known"], []] * 3


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def service(model: FakeModel) -> Service:
    return Service(Settings(), lambda name, device: model)


JobOf = Callable[..., Job]


@pytest.fixture
def job_of(tmp_path: Path) -> JobOf:
    """A job that reads a place and writes into `answers`."""

    def make(source: Path | str, form: str = "jsonl", **fields: Any) -> Job:
        made = Job(Settings(), sources(str(source)), str(tmp_path / "answers"), form, top=1)
        return replace(made, **fields)

    return make


def lines(path: Path, baskets: list[Any]) -> Path:
    """A JSONL file of baskets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps({"basket": basket}) + "\n" for basket in baskets), encoding="utf-8")
    return path


def told(folder: Path) -> list[dict[str, Any]]:
    """The documents of all parts of a folder, in order, without what a clock says."""
    parts = sorted(folder.glob("part-*.jsonl"))
    found = [json.loads(line) for part in parts for line in part.read_text(encoding="utf-8").splitlines()]
    return [{key: value for key, value in one.items() if key != "milliseconds"} for one in found]
