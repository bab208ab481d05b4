"""From files to blocks: each row in one, in order; what is wrong with a file costs that file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender.batch import text
from recommender.batch.places import Source, sources
from recommender.batch.plan import plan, reader_of
from recommender.batch.rows import Row
from recommender.errors import DataError, RequestError
from recommender.service import Request
from tests.batch.conftest import lines


def request_of(basket: object, new: object) -> Request:
    return Request(basket, new=new)  # type: ignore[arg-type]


def read(place: Path, most: int) -> list[Row]:
    """The rows of all blocks of a file, one block after the other."""
    (source,) = sources(str(place))
    reader = reader_of(source)
    blocks = plan([source], most)
    found = [list(reader.rows(block.cut, request_of)) for block in blocks]
    assert [len(rows) for rows in found] == [block.cut.rows for block in blocks]
    assert max(map(len, found)) <= most
    return [row for rows in found for row in rows]


def baskets(rows: list[Row]) -> list[list[str]]:
    return [list(row.asked.basket) if isinstance(row.asked, Request) else [row.asked.key] for row in rows]


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_lines_are_rows_and_blank_ones_are_none(tmp_path: Path, most: int) -> None:
    path = tmp_path / "in.jsonl"
    rows = [
        '{"basket": ["a"]}',
        "",
        '{"basket": ["b", "c"]}',
        "no",
        "  ",
        '{"basket": [12]}',
        '{"basket": ["d"], "new": ["d"]}',
    ]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode() + b'\n{"basket": ["\xff"]}')
    expected = [["a"], ["b", "c"], ["cli_bad_json_row"], ["12"], ["d"], ["cli_bad_json_row"]]
    assert baskets(read(path, most)) == expected


@pytest.mark.parametrize("most", [1, 2, 100])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_pieces_of_a_table_are_the_table(tmp_path: Path, most: int, end: str, last: bool) -> None:
    path = tmp_path / "in.csv"
    rows = 'Our baskets~id;INPUT~1;"a, b"~2;\'c\' , d~3;"many~lines, e"~~id;INPUT~4;~5;f|g~6;[\'h'.split("~")
    path.write_bytes((end.join(rows) + (end if last else "")).encode())
    found = baskets(read(path, most))
    assert found[0] == ["a", "b"] and found[3:] == [["empty_basket"], ["f", "g"], ["list_unreadable"]]
    assert len(found) == 6 and found[2][-1] == "e"


def test_a_row_with_too_many_cells_is_an_error_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("id,Input\n1,a\n2,b,c\n3,d\n", encoding="utf-8")
    assert baskets(read(path, 10)) == [["a"], ["batch_row_too_long"], ["d"]]


def test_a_table_in_arabic_of_another_time_is_read(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("Input\nقميص كرة القدم، كرة السلة\nمضرب تنس\n".encode("cp1256"))
    assert baskets(read(path, 1)) == [["قميص كرة القدم", "كرة السلة"], ["مضرب تنس"]]


def test_a_header_is_found_in_a_file_larger_than_its_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_HEAD", 40)
    path = tmp_path / "in.csv"
    path.write_text("Input\n" + '"a,\nb"\n' * 20, encoding="utf-8")
    assert baskets(read(path, 3)) == [["a", "b"]] * 20
    path.write_text('Input\n"' + "a, " * 30 + '"\n', encoding="utf-8")
    assert len(read(path, 3)) == 1


def test_a_piece_has_no_more_bytes_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_MOST_BYTES", 50)
    found = plan(sources(str(lines(tmp_path / "in.jsonl", [["a"]] * 20))), 1000)
    assert len(found) > 5 and sum(block.cut.rows for block in found) == 20
    path = tmp_path / "in.csv"
    path.write_text("Input\n" + "abc\n" * 50, encoding="utf-8")
    found = plan(sources(str(path)), 1000)
    assert len(found) > 3 and sum(block.cut.rows for block in found) == 50


def test_files_follow_each_other_and_their_rows_are_numbered_on(tmp_path: Path) -> None:
    lines(tmp_path / "in" / "b.jsonl", [["a"]] * 3)
    lines(tmp_path / "in" / "a" / "z.jsonl", [["b"]] * 2)
    found = plan(sources(str(tmp_path / "in")), 2)
    assert [(block.number, block.source, block.first, block.cut.rows) for block in found] == [
        (0, 0, 1, 2), (1, 1, 3, 2), (2, 1, 5, 1),
    ]  # fmt: skip


def test_a_file_that_can_not_be_read_is_one_row(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("Input\na\n", encoding="utf-8")
    (folder / "b.csv").write_bytes("Input\na\n".encode("utf-16"))
    (folder / "c.csv").write_text('Input\na\nb\n"c\n', encoding="utf-8")
    (folder / "d.csv").write_text("Input\nd\n", encoding="utf-8")
    found = plan(sources(str(folder)), 1)
    assert [block.broken.key if block.broken else "" for block in found] == ["", "batch_not_utf8", "not_csv", ""]
    assert [block.first for block in found] == [1, 2, 3, 4]
    assert json.loads(json.dumps(found[1].broken))[1] == {"file": "b.csv"}
    assert found[1].broken and found[1].broken.error().sentence().startswith("b.csv")


def test_a_table_that_ends_in_disorder_is_read_up_to_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_HEAD", 10)
    (tmp_path / "in.csv").write_text('Input\na\nb\n"c\nd\n', encoding="utf-8")
    found = plan(sources(str(tmp_path / "in.csv")), 2)
    assert [(block.cut.rows, block.broken.key if block.broken else "") for block in found] == [(2, ""), (1, "not_csv")]


def test_columns_that_change_from_file_to_file_stop_everything_with_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,Input\n1,a\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,Basket\n1,a\n", encoding="utf-8")
    with pytest.raises(RequestError) as refused:
        plan(sources(str(tmp_path / "*.csv")))
    assert refused.value.key == "batch_columns_change"
    assert all(word in refused.value.sentence() for word in ("b.csv", "basket", "a.csv", "Input"))
    with pytest.raises(RequestError) as refused:
        plan(sources(str(tmp_path / "b.csv")))
    assert refused.value.key == "missing_columns" and "b.csv" in refused.value.sentence()


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_files_without_rows_are_no_run(tmp_path: Path, content: str) -> None:
    (tmp_path / "in.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        plan(sources(str(tmp_path / "in.jsonl")))
    assert refused.value.key == "batch_no_rows"


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,Input", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        plan(sources(str(tmp_path / "in.csv")))
    assert refused.value.key == "batch_no_rows"


def test_a_table_that_has_lost_its_column_meanwhile_is_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("Input\na\nb\n", encoding="utf-8")
    (source,) = sources(str(path))
    reader = reader_of(source)
    (block,) = plan([source])
    assert reader.columns() == "Input"
    path.unlink()
    with pytest.raises(DataError):
        list(reader.rows(block.cut, request_of))
    broken = text.Table(Source(str(path), 0, 0))
    broken._prefix = b"other\n"
    path.write_text("other\na\nb\n", encoding="utf-8")
    with pytest.raises(RequestError):
        list(broken.rows(block.cut, request_of))
