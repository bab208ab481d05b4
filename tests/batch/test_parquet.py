"""Baskets in Parquet, answers as Parquet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from recommender.batch.outcomes import COLUMNS
from recommender.batch.parquet import Parquet
from recommender.batch.places import sources
from recommender.batch.plan import plan, reader_of
from recommender.batch.running import holds_answers, run, run_into_file
from recommender.errors import RequestError
from recommender.service import Service
from tests.batch.conftest import BASKETS, JobOf, lines
from tests.batch.test_plan import baskets, read, request_of

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed (requirements-batch.txt)")
pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed (requirements-batch.txt)")

ROWS = [[f"a{number}", "b"] for number in range(10)]


def table(path: Path, values: Any, name: str = "basket", kind: Any = None, **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {"id": pa.array(range(len(values))), name: pa.array(values, kind), **more}
    pq.write_table(pa.table(columns), path, row_group_size=4)
    return path


@pytest.mark.parametrize("most", [1, 3, 100])
def test_pieces_of_a_file_are_the_file(tmp_path: Path, most: int) -> None:
    assert baskets(read(table(tmp_path / "in.parquet", ROWS), most)) == ROWS


def test_a_piece_is_found_whichever_was_read_before(tmp_path: Path) -> None:
    (source,) = sources(str(table(tmp_path / "in.parquet", ROWS)))
    blocks = plan([source], 3)
    reader = reader_of(source)
    for number in (2, 3, 0, 2, 1, 1):
        found = baskets(list(reader.rows(blocks[number].cut, request_of)))
        assert found == ROWS[3 * number : 3 * number + 3]


@pytest.mark.parametrize(
    ("name", "values", "kind", "expected"),
    [
        ("Basket", [[1, 2], [3]], None, [["1", "2"], ["3"]]),
        ("basket", [["a"], None, []], pa.large_list(pa.string()), [["a"], ["empty_basket"], ["empty_basket"]]),
        ("Input", ["a, b", "['c']", None], None, [["a", "b"], ["c"], ["empty_basket"]]),
        ("basket", [["a", None]], None, [["service_not_names"]]),
    ],
)
def test_baskets_are_lists_or_text(
    tmp_path: Path, name: str, values: Any, kind: Any, expected: list[list[str]]
) -> None:
    assert baskets(read(table(tmp_path / "in.parquet", values, name, kind), 10)) == expected


def test_new_names_may_stand_beside_a_basket(tmp_path: Path) -> None:
    path = table(tmp_path / "in.parquet", [["a"], ["b"]], new=pa.array([["a"], None]))
    first, second = (row.asked for row in read(path, 10))
    assert (first.new, second.new) == (("a",), ())


@pytest.mark.parametrize(("values", "name"), [([1.5], "basket"), ([["a"]], "items"), ([[[1]]], "basket")])
def test_columns_that_ask_nothing_are_named(tmp_path: Path, values: Any, name: str) -> None:
    with pytest.raises(RequestError) as refused:
        plan(sources(str(table(tmp_path / "in.parquet", values, name))))
    assert refused.value.key == "missing_columns" and name in refused.value.sentence()


def test_columns_of_another_type_in_the_next_file_stop_everything(tmp_path: Path) -> None:
    table(tmp_path / "a.parquet", ROWS)
    table(tmp_path / "b.parquet", ["a, b"])
    with pytest.raises(RequestError) as refused:
        plan(sources(str(tmp_path / "*.parquet")))
    assert refused.value.key == "batch_columns_change"
    assert all(word in refused.value.sentence() for word in ("b.parquet", "basket: text", "a.parquet", "basket: list"))


def test_a_damaged_file_among_many_costs_itself_alone(job_of: JobOf, service: Service, tmp_path: Path) -> None:
    for number in range(4):
        table(tmp_path / "in" / f"{number}.parquet", [["soccer-ball"], ["tennis-ball"]])
    damaged = tmp_path / "in" / "1.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-50])
    done = run(job_of(tmp_path / "in", "parquet"), service)
    assert (done.rows, done.failed) == (7, 1)
    assert [problem.sentence() for problem in done.problems] == [
        "1.parquet is damaged and can't be read, or not to its end: copy it again, or leave it out."
    ]
    parts = sorted((tmp_path / "answers").glob("*.parquet"))
    found = [row for part in parts for row in pq.read_table(part).to_pylist()]
    assert [row["row"] for row in found] == list(range(1, 8))
    assert [row["row"] for row in found if row["error"]] == [3] and "1.parquet" in found[2]["error"]
    assert found[0]["recommendation_en"] and isinstance(found[0]["probability"], float)


def test_a_damaged_row_group_costs_its_own_rows(job_of: JobOf, service: Service, tmp_path: Path) -> None:
    path = table(tmp_path / "in.parquet", [["soccer-ball"]] * 12)
    group = pq.ParquetFile(path).metadata.row_group(1).column(1)
    data = bytearray(path.read_bytes())
    begin = group.dictionary_page_offset or group.data_page_offset
    data[begin : begin + group.total_compressed_size] = b"\xff" * group.total_compressed_size
    path.write_bytes(data)
    done = run(job_of(path, "parquet"), service, most=6)
    assert (done.rows, done.failed, len(done.problems)) == (12, 4, 1)


def test_one_file_of_parts(job_of: JobOf, service: Service, tmp_path: Path) -> None:
    target = tmp_path / "all.parquet"
    source = lines(tmp_path / "in.jsonl", BASKETS)
    assert not holds_answers(source)
    run_into_file(job_of(source, "parquet"), str(target), service, most=4)
    whole = pq.read_table(target)
    assert tuple(whole.column_names) == COLUMNS and whole.column("row").to_pylist() == list(range(1, 16))
    assert holds_answers(target) and not (tmp_path / "all.parquet.parts").exists()


def test_without_pyarrow_parquet_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source,) = sources(str(table(tmp_path / "in.parquet", ROWS)))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(RequestError) as refused:
        Parquet(source).columns()
    assert refused.value.key == "batch_needs_pyarrow"
