"""CSV as people save it, and files that are whole or not there."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import DataError
from recommender.files import BadRowsError, atomic_write, read_csv

quick = settings(deadline=None, max_examples=50)


def write(folder: Path, data: bytes) -> Path:
    path = folder / "rows.csv"
    path.write_bytes(data)
    return path


def key_of(path: Path, *required: str) -> str:
    with pytest.raises(DataError) as caught:
        read_csv(path, required)
    for language in ("en", "ar"):
        assert caught.value.sentence(language)
    return caught.value.key


def test_bom_crlf_header_case_and_unwanted_columns_make_no_difference(tmp_path: Path) -> None:
    path = write(tmp_path, b'\xef\xbb\xbf INPUT ,note,Output\r\n"a, b",x,c\r\n\r\nd,y,\xd9\x83\r\n')
    lines = read_csv(path, ("Input", "Output"))
    assert [(line.number, dict(line.cells)) for line in lines] == [
        (2, {"Input": "a, b", "Output": "c"}),
        (4, {"Input": "d", "Output": "ك"}),
    ]


@pytest.mark.parametrize("mark", [b";", b"\t"])
def test_semicolons_and_tabs_separate_where_the_header_has_no_comma(tmp_path: Path, mark: bytes) -> None:
    path = write(tmp_path, b"a" + mark + b"b\n1" + mark + b"2,5\n")
    assert dict(read_csv(path, ("a", "b"))[0].cells) == {"a": "1", "b": "2,5"}


def test_line_numbers_count_the_lines_inside_quoted_cells(tmp_path: Path) -> None:
    path = write(tmp_path, b'a,b\n"1\n1",2\n3,4\n')
    assert [line.number for line in read_csv(path, ("a",))] == [2, 4]


def test_a_row_that_ends_early_has_empty_cells(tmp_path: Path) -> None:
    assert dict(read_csv(write(tmp_path, b"a,b\n1\n"), ("a",), ("b", "c"))[0].cells) == {"a": "1", "b": ""}


def test_unquoted_commas_are_reported_by_line(tmp_path: Path) -> None:
    with pytest.raises(BadRowsError) as caught:
        read_csv(write(tmp_path, b"Input,Output\na,b\na,b,c\na,b,,\nd,e,f\n"), ("Input",))
    assert [problem.line for problem in caught.value.problems] == [3, 5]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\r\n \n", "file_empty"),
        (b"Input,Output\n", "file_empty"),
        (b"Input\nx\n", "missing_columns"),
        (b"Input,Output,output\nx,y,z\n", "column_twice"),
        ("Input,Output\nكرة,حذاء\n".encode("cp1256"), "not_utf8"),
        ("Input,Output\na,b\n".encode("utf-16"), "not_utf8"),
        (b'Input,Output\n"a,b\n', "not_csv"),
        (b"Input,Output\n" + b"a" * 200_000 + b",b\n", "not_csv"),
    ],
)
def test_a_file_that_is_no_such_csv_gets_a_sentence(tmp_path: Path, data: bytes, key: str) -> None:
    assert key_of(write(tmp_path, data), "Input", "Output") == key


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path: Path) -> None:
    assert key_of(tmp_path / "none.csv", "a") == "file_missing"
    assert key_of(tmp_path, "a") == "file_unreadable"


@quick
@given(st.binary(max_size=200))
def test_no_bytes_break_out_of_data_errors(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(b"Input,Output\n" + data)
    try:
        read_csv(path, ("Input", "Output"))
    except DataError as error:
        assert error.sentence("en") and error.sentence("ar")


def test_a_file_is_written_whole_and_its_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    path.chmod(0o640)
    with atomic_write(path) as handle:
        handle.write("كرة\r\n")
        assert path.read_text() == "old"
    assert path.read_bytes() == "كرة\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_bytes_are_written_and_a_link_is_followed(tmp_path: Path) -> None:
    path, link = tmp_path / "real", tmp_path / "link"
    link.symlink_to(path)
    with atomic_write(link, "wb") as handle:
        handle.write(b"\x00")
    assert link.is_symlink()
    assert path.read_bytes() == b"\x00"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_an_interruption_leaves_the_old_file_whole_and_nothing_else(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(failure), atomic_write(path) as handle:
        handle.write("half")
        raise failure
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_a_sentence_and_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError) as caught, atomic_write(path) as handle:
        handle.write("new")
    assert caught.value.key == "disk_full"
    assert "No space" not in caught.value.sentence()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught, atomic_write(tmp_path / "none" / "out.csv"):
        pass
    assert caught.value.key == "folder_missing"
