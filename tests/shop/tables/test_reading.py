"""Delimited text as people's programs save it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import DataError
from recommender.language import figures
from recommender.shop.tables import REPORTED, BadRowsError, Problem, read_table, told

quick = settings(deadline=None, max_examples=50)


def write(folder: Path, data: bytes | str) -> Path:
    path = folder / "rows.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def cells(path: Path, *required: str) -> list[tuple[str, ...]]:
    return [tuple(line.cells[name] for name in required) for line in read_table(path, required).lines]


def key_of(path: Path, *required: str) -> str:
    with pytest.raises(DataError) as caught:
        read_table(path, required)
    for language in ("en", "ar"):
        assert caught.value.sentence(language)
    return caught.value.key


def test_bom_crlf_header_case_and_unwanted_columns_make_no_difference(tmp_path: Path) -> None:
    path = write(tmp_path, b'\xef\xbb\xbf INPUT ,note,Output\r\n"a, b",x,c\r\n\r\nd,y,\xd9\x83\r\n')
    lines = read_table(path, ("Input", "Output")).lines
    assert [(line.number, dict(line.cells)) for line in lines] == [
        (2, {"Input": "a, b", "Output": "c"}),
        (4, {"Input": "d", "Output": "ك"}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Input,Output\n{q}a, b{q},c d\n",
        "Input;Output\na, b;c d\n",
        "Input\tOutput\na, b\tc d\n",
        "Input|Output\na, b|c d\n",
        "sep=;\nInput;Output\na, b;c d\n",
        "\ufeffsep=|\r\nInput|Output\r\na, b|c d\r\n",
        "SEP=\t\r\nInput\tOutput\r\na, b\tc d\r\n",
        '"sep=;"\nInput;Output\na, b;c d\n',
        "sep=,\nInput;Output\na, b;c d\n",
        "\n\r\n ;\nInput;Output\na, b;c d\n",
        'Input;Output;"Price, EUR"\na, b;c d;"1,00"\n',
        'Input;"Price, EUR, net";"Tax, %";Output\na, b;1,00;7,0;c d\n',
        "Input, Output\n{q}a, b{q}, c d\n",
        "user, Input, Output\n1, {q}a, b{q}, {q}c d{q}\n",
        "Input,Output\n{q}a, b{q} ,{q}c d{q} \n",
        "Input,Output\r{q}a, b{q},c d\r",
        "Input,Output\r\n{q}a, b{q},c d\r\n\x1a",
        "Input,Output,,\n{q}a, b{q},c d,,\n,,,\n,,,\n",
        '"Input","Output"\n"a, b","c d"\n',
        '"Input,Output"\n"""a, b"",c d"\n',
        'Input,Output\n"""a, b"",c d"\n',
        "Sales of the year\n\nInput;Output\na, b;c d\n",
        "Input,Output\n{q}a, b{q},c d\nInput,Output\n",
        "Input,Output\n\u200f{q}a, b{q},\u202bc d\u202c\n",
        "Input,Output\n{q}a, b{q},\u00a0c d\u00a0\n",
    ],
)
def test_every_program_s_way_of_writing_one_row_reads_alike(tmp_path: Path, text: str) -> None:
    if "\u200f{q}" in text:
        # A mark before the quotation mark makes it a part of the cell, so the comma within parts the row.
        text = text.replace("\u200f{q}a, b{q}", "{q}\u200fa, b\u200f{q}")
    assert cells(write(tmp_path, text.replace("{q}", '"')), "Input", "Output") == [("a, b", "c d")]


def test_a_quotation_mark_within_a_cell_is_an_inch_or_behind_a_backslash(tmp_path: Path) -> None:
    text = 'Input,Output\nPan 10",Lid 10"\n"Pan 12""","Lid 12"" (glass)"\n'
    assert cells(write(tmp_path, text), "Input", "Output") == [('Pan 10"', 'Lid 10"'), ('Pan 12"', 'Lid 12" (glass)')]
    text = 'Input,Output\n"Pan 10\\", Lid","Mug"\n'
    assert cells(write(tmp_path, text), "Input", "Output") == [('Pan 10", Lid', "Mug")]


def test_one_column_of_lists_needs_no_quotation_marks(tmp_path: Path) -> None:
    assert cells(write(tmp_path, "Input\nTea, Mug\nPot\nTea, Pot, Mug\n"), "Input") == [
        ("Tea, Mug",), ("Pot",), ("Tea, Pot, Mug",)
    ]  # fmt: skip


def test_line_numbers_are_the_files_own(tmp_path: Path) -> None:
    path = write(tmp_path, 'sep=,\n\na,b\n"1\n1",2\n\n3,4\r5,6\n')
    assert [line.number for line in read_table(path, ("a",)).lines] == [4, 7, 8]


def test_entities_are_unescaped_and_their_semicolon_parts_nothing(tmp_path: Path) -> None:
    names = "Salt &amp; Pepper|Rosé &#8211; Glass|Pan 10&quot;|A &amp;amp; B|R&D Kit|&nbsp;T&#x65;a|AT&T;".split("|")
    text = "id;en\n" + "".join(f"{number};{name}\n" for number, name in enumerate(names))
    found = [name for _, name in cells(write(tmp_path, text), "id", "en")]
    assert found == ["Salt & Pepper", "Rosé – Glass", 'Pan 10"', "A & B", "R&D Kit", "Tea", "AT&T"]


@pytest.mark.parametrize("nothing", ["nan", "NaN", "None", "NULL", "null", "<NA>", "#N/A", "N/A", "\\N", " nan "])
def test_what_programs_write_for_nothing_is_empty(tmp_path: Path, nothing: str) -> None:
    assert cells(write(tmp_path, f"a,b\n{nothing},Nanny\n"), "a", "b") == [("", "Nanny")]


def test_marks_that_keep_a_spreadsheet_from_counting_are_no_part_of_a_cell(tmp_path: Path) -> None:
    text = 'a,b\n="00123",\'-2.50\n"=""7""",\'Tea\'\n'
    assert cells(write(tmp_path, text), "a", "b") == [("00123", "-2.50"), ("7", "'Tea'")]


def test_a_title_above_and_a_header_again_are_passed_over_and_noted(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "Export 2024\na;b\n1;2\na;b\n3;4\n"), ("a", "b"))
    assert [tuple(line.cells.values()) for line in table.lines] == [("1", "2"), ("3", "4")]
    assert [(note.line, note.key) for note in table.notes] == [(0, "note_header"), (4, "note_header_again")]
    assert all(note.sentence(language) for note in table.notes for language in ("en", "ar"))


def test_a_row_that_ends_early_has_empty_cells(tmp_path: Path) -> None:
    line = read_table(write(tmp_path, "a,b\n1\n"), ("a",), ("b", "c")).lines[0]
    assert dict(line.cells) == {"a": "1", "b": ""}


def test_unquoted_commas_are_reported_by_line(tmp_path: Path) -> None:
    with pytest.raises(BadRowsError) as caught:
        read_table(write(tmp_path, "Input,Output\na,b\na,b,c\na,b,,\nd,e,f\n"), ("Input", "Output"))
    assert [problem.line for problem in caught.value.problems] == [3, 5]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\r\n \n", "file_empty"),
        (b"sep=;\n", "file_empty"),
        (b"Input,Output\n", "file_empty"),
        (b"Input\nx\n", "missing_columns"),
        (b"Input,Output,output\nx,y,z\n", "column_twice"),
        (b'Input,Output\n"a,b\n', "not_csv"),
        (b"Input,Output\n" + b"a" * 200_000 + b",b\n", "not_csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "table_old_excel"),
        (b"%PDF-1.7\n", "table_not_text"),
        (b"\x1f\x8b\x08\x00", "table_packed"),
        (b"Input,Output\na\x00b,c\n", "table_not_text"),
        (b"<html><table><tr><td>Input</td></tr></table>", "table_web_page"),
        (b'<?xml version="1.0"?><Workbook/>', "table_web_page"),
        (b"PK\x03\x04 no archive", "table_workbook"),
    ],
)
def test_a_file_that_is_no_such_table_gets_a_sentence(tmp_path: Path, data: bytes, key: str) -> None:
    assert key_of(write(tmp_path, data), "Input", "Output") == key


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path: Path) -> None:
    assert key_of(tmp_path / "none.csv", "a") == "file_missing"
    assert key_of(tmp_path, "a") == "file_unreadable"


@quick
@given(st.binary(max_size=200), st.sampled_from([b"", b"Input,Output\n", b"PK\x03\x04", b"\xff\xfe", b"sep="]))
def test_no_bytes_break_out_of_data_errors(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, before: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(before + data)
    try:
        read_table(path, ("Input", "Output"))
    except DataError as error:
        assert error.sentence("en") and error.sentence("ar")


def test_many_bad_rows_are_ten_lines_and_a_count(tmp_path: Path) -> None:
    with pytest.raises(BadRowsError) as caught:
        read_table(write(tmp_path, "Input,Output\n" + "a,b,c\n" * 20_000), ("Input", "Output"))
    for language in ("en", "ar"):
        lines = caught.value.sentence(language).splitlines()
        assert len(lines) == 1 + REPORTED + 1
        assert figures("20000", language) in lines[0] and figures("19990", language) in lines[-1]
    assert told([Problem(0, "row_basket_empty")]) == [Problem(0, "row_basket_empty").sentence()]


def test_hostile_beginnings_end_soon(tmp_path: Path) -> None:
    # A quadratic way through any of these would take minutes.
    for text in ("\n" * 300_000, "\n " * 300_000 + "sep=", '"' * 100_000, "[" * 100_000 + "\n", "&" * 300_000):
        key_of(write(tmp_path, text), "Input", "Output")
