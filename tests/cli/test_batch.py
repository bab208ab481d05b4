"""`batch` on the command line: what it says, its exit status, and what it leaves alone."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recommender import cli
from recommender.batch import on_ray, running
from recommender.language import sentence
from recommender.service import Service
from tests.batch.conftest import BASKETS, lines, told
from tests.fake_model import FakeModel

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(Service, "_load_t5", lambda self, name, device: FakeModel())
    monkeypatch.setattr(on_ray, "is_there", lambda: False)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)

    def go(*argv: object) -> tuple[int, str, str]:
        try:
            status = cli.main(list(map(str, argv)))
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return go


def test_a_folder_of_answers_and_how_many_rows_there_were(run: Run, tmp_path: Path) -> None:
    source, target = lines(tmp_path / "in.jsonl", BASKETS), tmp_path / "answers"
    status, out, _ = run("batch", source, target)
    assert status == 3 and "Rows: 15; with an error in place of an answer: 6." in out and str(target) in out
    assert [one["row"] for one in told(target)] == list(range(1, 16))
    status, out, _ = run("batch", source, target, "--json")
    assert status == 3 and json.loads(out) == {"rows": 15, "failed": 6, "output": str(target)}
    assert "an earlier run had answered: 15" in run("batch", source, target)[1]


def test_one_file_as_recommend_writes_it(run: Run, tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", BASKETS)
    for command in (
        ["batch", source, tmp_path / "a.csv"],
        ["recommend", "--input", source, "--output", tmp_path / "b.csv"],
    ):
        assert run(*command)[0] == 3
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert len(list(tmp_path.iterdir())) == 3
    assert run("batch", source, tmp_path / "a.csv")[0] == 3


def test_many_files_and_the_answers_in_the_form_asked_for(run: Run, tmp_path: Path) -> None:
    for number in range(3):
        lines(tmp_path / "in" / f"{number}.jsonl", [["soccer-ball"], ["tennis-ball", "Tennis Ball"]])
    status, _, err = run("batch", tmp_path / "in" / "*.jsonl", tmp_path / "out", "--format", "csv", "--language", "ar")
    assert status == 0 and "٣" in err
    parts = sorted((tmp_path / "out").glob("part-*.csv"))
    rows = [row for part in parts for row in csv.DictReader(part.read_text(encoding="utf-8-sig").splitlines())]
    assert [row["row"] for row in rows] == list("123456") and all(row["recommendation_ar"] for row in rows)


def test_files_that_can_not_be_read_are_listed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("Input\nsoccer-ball\n", encoding="utf-8")
    (tmp_path / "in" / "b.csv").write_bytes("Input\nsoccer-ball\n".encode("utf-16"))
    status, out, err = run("batch", tmp_path / "in", tmp_path / "out")
    assert status == 3 and "b.csv" in err and "a.csv" not in err and "Rows: 2" in out


@pytest.mark.parametrize(
    ("argv", "key"),
    [
        (["none.jsonl", "out"], "file_missing"),
        (["*.pq", "out"], "batch_no_files"),
        (["in.txt", "out"], "cli_file_kind"),
        (["in.jsonl", "in.jsonl"], "output_is_input"),
        (["in.jsonl", "theirs.csv"], "output_not_ours"),
        (["in.jsonl", "theirs.parquet"], "output_not_ours"),
        (["in.jsonl", "theirs"], "folder_not_ours"),
        (["in.jsonl", "."], "batch_output_inside"),
        (["folder", "folder/out"], "batch_output_inside"),
        (["in.jsonl", "out", "--workers", "2"], "batch_needs_ray"),
        (["in.jsonl", "out", "--workers", "-1"], "option_out_of_range"),
        (["in.jsonl", "out.csv", "--format", "jsonl"], "batch_two_formats"),
        (["in.jsonl", "out", "--top", "0"], "option_out_of_range"),
        (["s3://shop/in", "s3://shop/out.csv"], None),
        (["in.jsonl", "out", "--catalogue", "nowhere.csv"], None),
    ],
)
def test_what_can_not_be_done_is_one_sentence_and_touches_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str], key: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    if argv[0].startswith("s3"):
        monkeypatch.setitem(sys.modules, "pyarrow.fs", None)
    lines(tmp_path / "in.jsonl", BASKETS)
    lines(tmp_path / "folder" / "in.jsonl", BASKETS)
    for name in ("in.txt", "theirs.csv", "theirs.parquet", "theirs/letter.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Dear", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    status, out, err = run("batch", *argv)
    assert (status, out) == (2, "") and err.count("\n") == 1
    if key:
        beginning = sentence(key, "en", **dict.fromkeys(("file", "place", "folder", "option", "value", "low", "high",
                                                         "known", "format"), "\0")).split("\0")  # fmt: skip
        assert max(beginning, key=len) in err
    assert sorted(tmp_path.rglob("*")) == before


def test_an_interruption_says_how_to_go_on(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "run", interrupted)
    status, out, err = run("batch", lines(tmp_path / "in.jsonl", BASKETS), tmp_path / "out")
    assert (status, out) == (130, "") and "goes on from there" in err


def test_workers_are_those_of_ray_where_it_is(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(on_ray, "is_there", lambda: True)
    monkeypatch.setattr(on_ray, "answers", lambda job, todo, workers: [asked.append(workers)][:0])
    source = lines(tmp_path / "in.jsonl", BASKETS)
    for number, more in enumerate(([], ["--workers", "3"], ["--workers", "0"])):
        run("batch", source, tmp_path / f"out{number}", *more)
    assert asked == [None, 3] and len(told(tmp_path / "out2")) == 15


def test_a_url_and_itself_are_the_same(run: Run) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (requirements-batch.txt)")
    status, _, err = run("batch", "file:///none/*.csv", "out")
    assert status == 2 and "/none" in err
