"""A run: every row once, in order, whatever stops it and however often it is begun."""

from __future__ import annotations

import csv
import errno
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recommender.batch import answering, running
from recommender.batch.answering import Answering, Finished
from recommender.batch.job import Job
from recommender.batch.plan import Block
from recommender.batch.running import run, run_into_file
from recommender.errors import DataError, RecommenderError, RequestError
from recommender.service import Request, Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.system import folders
from tests.batch.conftest import BASKETS, JobOf, lines, told
from tests.fake_model import FakeModel


def test_every_row_is_answered_as_it_is_alone(job_of: JobOf, service: Service, tmp_path: Path) -> None:
    job = job_of(lines(tmp_path / "in.jsonl", BASKETS))
    done = run(job, service, most=4)
    assert (done.rows, done.failed, done.again) == (15, 6, 0)
    found = told(tmp_path / "answers")
    assert [one["row"] for one in found] == list(range(1, 16))
    for one, basket in zip(found, BASKETS, strict=True):
        try:
            alone = service.answer(Request(basket)).to_json(1)
        except RecommenderError as error:
            assert one["error"] == error.sentence()
        else:
            assert one == {"row": one["row"], **{key: alone[key] for key in alone if key != "milliseconds"}}
    parts = sorted(path.name for path in (tmp_path / "answers").glob("part*"))
    assert parts == [f"part-0000{n}.jsonl" for n in range(4)]


class KilledError(Exception):
    """Stands for a signal: nothing is caught, nothing is said."""


def killed_after(count: int, keep: bool = True) -> Any:
    """An engine that ends in the middle, its blocks in another order than the rows'."""

    def engine(job: Job, todo: Sequence[Block]) -> Iterator[Finished]:
        service = Service(Settings(), lambda name, device: FakeModel())
        worker = Answering(job, service)
        for number, block in enumerate(reversed(todo)):
            if number == count:
                raise KilledError
            yield worker.answer(block)

    return engine


@pytest.mark.parametrize("noted", [True, False])
def test_a_run_that_was_killed_is_gone_on_with_and_no_row_is_lost_or_there_twice(
    job_of: JobOf, service: Service, model: FakeModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noted: bool
) -> None:
    job = job_of(lines(tmp_path / "in.jsonl", BASKETS))
    if not noted:  # killed before it could note what was done
        monkeypatch.setattr(running, "_save", lambda *_: None)
    with pytest.raises(KilledError):
        run(job, service, killed_after(3), most=2)
    monkeypatch.undo()
    done = run(job, service, most=2)
    assert (done.rows, done.failed, done.again) == (15, 6, 5 if noted else 0)
    assert sum(model.batches) == (9 - 3 if noted else 9)
    assert [one["row"] for one in told(tmp_path / "answers")] == list(range(1, 16))
    again = run(job, service, most=2)
    assert (again.rows, again.failed, again.again) == (15, 6, 15)


def test_what_is_done_is_noted_on_the_way(
    job_of: JobOf, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SAVED_EVERY_S", 0.0)
    job = job_of(lines(tmp_path / "in.jsonl", BASKETS))
    counts = []

    def engine(job: Job, todo: Sequence[Block]) -> Iterator[Finished]:
        for block in todo:
            yield Answering(job, service).answer(block)
            counts.append(len(json.loads((tmp_path / "answers" / running.DONE).read_bytes())))

    run(job, service, engine, most=5)
    assert counts == [1, 2, 3]


def test_a_part_that_has_gone_and_a_note_that_means_nothing_cost_only_time(
    job_of: JobOf, service: Service, tmp_path: Path
) -> None:
    job, answers = job_of(lines(tmp_path / "in.jsonl", BASKETS)), tmp_path / "answers"
    run(job, service, most=5)
    (answers / "part-00001.jsonl").unlink()
    assert run(job, service, most=5).again == 10
    (answers / running.DONE).write_text("[[1]]", encoding="utf-8")
    assert run(job, service, most=5).again == 0
    assert len(told(answers)) == 15


@pytest.mark.parametrize("part", ["input", "model", "catalogue", "options"])
def test_another_job_is_not_mixed_into_the_answers(job_of: JobOf, service: Service, tmp_path: Path, part: str) -> None:
    source = lines(tmp_path / "in.jsonl", BASKETS)
    job = job_of(source)
    run(job, service)
    before = told(tmp_path / "answers")
    if part == "input":
        os.utime(source, ns=(1, 1))
        job = job_of(source)
    elif part == "options":
        job = replace(job, top=2)
    elif part == "model":
        job = replace(job, settings=Settings(model="organisation/other"))
    else:
        service = Service(Settings(catalogue="outdoor"), lambda name, device: FakeModel())
    with pytest.raises(RequestError) as refused:
        run(job, service)
    assert refused.value.key == f"batch_other_{part}" and "answers" in refused.value.sentence()
    assert told(tmp_path / "answers") == before


def test_a_model_is_known_by_its_files(job_of: JobOf, service: Service, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"1")
    job = job_of(lines(tmp_path / "in.jsonl", BASKETS), settings=Settings(model=str(folder)))
    first = job.identity(service, 1)["model"]
    assert first == job.identity(service, 1)["model"]
    (folder / "model.safetensors").write_bytes(b"2")
    assert job.identity(service, 1)["model"] != first
    (folder / "config.json").symlink_to(tmp_path / "gone")
    with pytest.raises(DataError) as refused:
        job.identity(service, 1)
    assert refused.value.key == "file_unreadable"


def test_a_folder_with_anything_else_in_it_is_left_alone(job_of: JobOf, service: Service, tmp_path: Path) -> None:
    job = job_of(lines(tmp_path / "in.jsonl", BASKETS))
    theirs = tmp_path / "answers" / "letter.txt"
    theirs.parent.mkdir()
    theirs.write_text("Dear", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        run(job, service)
    assert refused.value.key == "folder_not_ours" and [*theirs.parent.iterdir()] == [theirs]


def test_two_runs_do_not_write_into_one_folder(job_of: JobOf, service: Service, tmp_path: Path) -> None:
    job = job_of(lines(tmp_path / "in.jsonl", BASKETS))
    with folders.locked(tmp_path / "answers", "batch"), pytest.raises(DataError) as refused:
        run(job, service)
    assert refused.value.key == "batch_in_use"


def test_a_disk_that_fills_is_said_and_what_is_finished_is_kept(
    job_of: JobOf, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(lines(tmp_path / "in.jsonl", BASKETS))
    fill = Answering._fill

    def full(self: Answering, block: Block, *rest: Any) -> Any:
        if block.number == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return fill(self, block, *rest)

    monkeypatch.setattr(Answering, "_fill", full)
    with pytest.raises(DataError) as refused:
        run(job, service, most=4)
    assert refused.value.key == "disk_full"
    assert len(told(tmp_path / "answers")) == 8 and not list((tmp_path / "answers").glob(".part*"))
    monkeypatch.undo()
    assert run(job, service, most=4).again == 8


def test_a_file_that_changes_meanwhile_stops_the_run(job_of: JobOf, service: Service, tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", BASKETS)
    job = job_of(source)

    def engine(job: Job, todo: Sequence[Block]) -> Iterator[Finished]:
        source.write_text("{}\n", encoding="utf-8")
        yield from (Answering(job, service).answer(block) for block in todo)

    with pytest.raises(RequestError) as refused:
        run(job, service, engine)
    assert refused.value.key == "batch_changed" and "in.jsonl" in refused.value.sentence()


def test_answers_that_another_machine_keeps_to_itself_are_missed(
    job_of: JobOf, service: Service, tmp_path: Path
) -> None:
    job = job_of(lines(tmp_path / "in.jsonl", BASKETS))
    with pytest.raises(DataError) as refused:
        run(job, service, lambda job, todo: [Finished(0, 15, 0, 0)])
    assert refused.value.key == "batch_not_shared"


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_one_file_holds_what_its_parts_held(job_of: JobOf, service: Service, tmp_path: Path, form: str) -> None:
    source = lines(tmp_path / "in.jsonl", BASKETS)
    target = tmp_path / f"all.{form}"
    done = run_into_file(job_of(source, form), str(target), service, most=4)
    run(job_of(source, form), service)
    (whole,) = (tmp_path / "answers").glob("part-*")
    assert done.rows == 15 and not (tmp_path / f"all.{form}.parts").exists()
    if form == "csv":
        assert target.read_bytes() == whole.read_bytes()
        rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))
        assert [int(row["row"]) for row in rows] == list(range(1, 16))
    else:
        assert [json.loads(line)["row"] for line in target.read_text(encoding="utf-8").splitlines()] == [*range(1, 16)]


def test_a_catalogue_longer_than_the_prompt_and_a_basket_of_thousands_are_errors_in_their_places(
    job_of: JobOf, service: Service, model: FakeModel, tmp_path: Path
) -> None:
    baskets = [
        ["soccer-ball"],
        [f"item-{number}" for number in range(5000)],
        [item.id for item in Catalogue.load("sports")],
    ]
    run(job_of(lines(tmp_path / "in.jsonl", [*baskets, ["soccer-ball", "Soccer  Ball"]])), service)
    found = told(tmp_path / "answers")
    assert ["error" in one for one in found] == [False, True, True, False]
    assert "1000" in found[1]["error"].replace(",", "")
    model.limit = 10
    shorter = tmp_path / "other"
    assert run(job_of(lines(tmp_path / "b.jsonl", [["soccer-ball"]]), place=str(shorter)), service).failed == 1
    assert "limit is 10" in told(shorter)[0]["error"]


def test_names_that_are_there_twice_are_counted(job_of: JobOf, service: Service, tmp_path: Path) -> None:
    done = run(job_of(lines(tmp_path / "in.jsonl", [["soccer-ball", "SOCCER-BALL"]])), service)
    assert (done.failed, done.twice) == (0, 1)


def test_a_worker_answers_on_a_gpu_in_larger_chunks(
    job_of: JobOf, service: Service, model: FakeModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "CHUNK", 2)
    run(job_of(lines(tmp_path / "in.jsonl", [["soccer-ball"], ["tennis-ball"], ["soccer-jersey"]])), service)
    assert model.batches == [2, 1]
    model.batches.clear()
    model.device = "cuda"
    run(job_of(lines(tmp_path / "b.jsonl", [["soccer-ball"], ["tennis-ball"]] * 2), place=str(tmp_path / "b")), service)
    assert sum(model.batches) == 2 and len(model.batches) == 1
