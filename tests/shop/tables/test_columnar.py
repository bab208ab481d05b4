"""Tables by columns: what `read_table` reads, in the same way."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from recommender.errors import DataError
from recommender.shop.tables.columnar import ColumnTable, column_of, read_columns
from recommender.shop.tables.delimited import MARKS
from recommender.shop.tables.reading import read_table

NAMES = ("customer", "item", "note")
CELLS = st.text(st.sampled_from("ab ,;|\t\"'\n\r=&;é٣-1.\\"), max_size=8)


def rows_of(table: ColumnTable, names: Sequence[str] = NAMES) -> list[tuple[str, ...]]:
    columns = [table.columns[name] for name in names]
    return [tuple(column.cells[column.codes[row]] for column in columns) for row in range(len(table.lines))]


def read(text: str, chosen: Sequence[str] | None = NAMES, most: int = 0) -> ColumnTable:
    return read_columns(text.encode(), "shop.csv", NAMES.__contains__, chosen, most=most)


@settings(max_examples=200)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=30),
    st.sampled_from(MARKS),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_it_reads_what_read_table_reads(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], mark: str, end: str, quoting: int
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([NAMES, *rows])
    path = tmp_path_factory.getbasetemp() / "shop.csv"
    path.write_bytes(text.getvalue().encode())
    try:
        expected = read_table(path, required=NAMES)
    except DataError as error:
        if error.key == "file_empty":
            assert not len(read(text.getvalue()).lines)
        else:
            with pytest.raises(DataError, match=error.key if error.key == "not_csv" else ""):
                assert read(text.getvalue()).too_long == 0
        return
    found = read(text.getvalue())
    assert rows_of(found) == [tuple(line.cells[name] for name in NAMES) for line in expected.lines]
    assert found.lines.tolist() == [line.number for line in expected.lines]
    assert found.notes == expected.notes


@pytest.mark.parametrize(
    "text",
    [
        "customer,item,note\n1,Pot,x\n2,Cup,y\n",
        "sep=;\ncustomer;item;note\n1;Pot;x\n2;Cup;y\n",
        "A title\n\ncustomer\titem\tnote\n1\tPot\tx\n2\tCup\ty\n",
        '"customer,item,note"\n"1,Pot,x"\n"2,Cup,y"\n',
        "customer,item,note\n1,Pot,x\n\ncustomer,item,note\n2,Cup,y\n",
        'customer,item,note\n"1" ,"Pot","x"\n2,Cup,y\n',
        '\ufeff"customer";"item";"note"\r\n"1";"Pot";"x"\r\n"2";"Cup";"y"\r\n',
        'customer,item,note\n1,Pot,x\n"2,""Cup"",y"\n',
        "customer|item|note|more\n1|Pot|x\n2|Cup|y||\n",
    ],
)
def test_the_ways_in_which_programs_write_a_table(text: str) -> None:
    table = read(text)
    assert rows_of(table) == [("1", "Pot", "x"), ("2", "Cup", "y")]
    assert rows_of(read(text, None, most=1))[:1] == [("1", "Pot", "x")]


def test_rows_with_too_many_cells_are_told_and_a_backslash_is_tried() -> None:
    table = read('customer,item,note\n1,Pot,x\n2,Cup,y,z\n3,Tray\n4,"5\\" pipe, red",z\n')
    assert rows_of(table) == [("1", "Pot", "x"), ("3", "Tray", ""), ("4", '5" pipe, red', "z")]
    assert table.too_long == 1 and table.problems[0].sentence().startswith("line 3: it has 4 cells")


def test_entities_do_not_part_cells() -> None:
    table = read("customer;item;note\n1;R&amp;D kit;x\n2;Salt &#38; pepper;\n")
    assert rows_of(table) == [("1", "R&D kit", "x"), ("2", "Salt & pepper", "")]


def test_the_header_is_given_with_names_that_differ() -> None:
    table = read("customer,item,note,note,,NOTE\n1,Pot,a,b,c,d\n", ("customer", "note (2)", "5"))
    assert table.header == ("customer", "item", "note", "note (2)", "5", "NOTE")
    assert rows_of(table, ("customer", "note (2)", "5")) == [("1", "b", "c")]
    with pytest.raises(DataError, match="lacks the columns"):
        read("customer,item\n1,Pot\n", ("customer", "what"))


def test_the_first_rows_of_a_long_file_are_read_alone() -> None:
    text = "customer,item,note\n" + "1,Pot,x\n" * 40_000
    assert len(read(text, most=7).lines) == 7
    quoted = "customer,item,note\n" + "1,Pot,x\n" * 24_990 + '1,"' + "Pot\n" * 1_000 + '",y\n'
    assert len(read(quoted, most=7).lines) == 7


def test_a_workbooks_sheet_is_the_one_with_most_of_the_names() -> None:
    book = Workbook()
    book.active.append(["nothing"])
    sheet = book.create_sheet("Sales")
    for row in (["Sales of May"], ["customer", "item"], [1.0, "Pot"], [None, None], [2, "Cup"]):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    table = read_columns(data.getvalue(), "a.xlsx", NAMES.__contains__, ("customer", "item"), sheet_with=NAMES)
    assert rows_of(table, ("customer", "item")) == [("1", "Pot"), ("2", "Cup")]
    assert table.lines.tolist() == [3, 5]
    assert [note.key for note in table.notes] == ["note_sheet", "note_header"]


def test_no_rows_at_all_are_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(" \n\n")
    assert caught.value.key == "file_empty"


def test_a_column_of_texts_has_each_text_once() -> None:
    column = column_of(["a", "b", "a"])
    assert (column.codes.tolist(), column.cells) == ([0, 1, 0], ["a", "b"])
