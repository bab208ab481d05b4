"""XLSX workbooks as spreadsheets and libraries write them."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from recommender.errors import DataError
from recommender.shop.catalogue import Catalogue
from recommender.shop.tables import read_table


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_sheet_reads_as_the_same_table_does_as_text(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Input", None, "Output"],
        [],
        ["Tea, Mug", None, "Tea &amp; Pot"],
        [12.0, None, 15],
        ["nan", None, 2.5],
        [True, None, datetime.datetime(2024, 5, 1)],
        ["قميص", None, datetime.datetime(2024, 5, 1, 10, 30)],
        [None, None, None],
    ]
    table = read_table(workbook(tmp_path / "x.xlsx", {"S": rows}), ("Input", "Output"))
    assert [(line.number, *line.cells.values()) for line in table.lines] == [
        (3, "Tea, Mug", "Tea & Pot"),
        (4, "12", "15"),
        (5, "", "2.5"),
        (6, "TRUE", "2024-05-01"),
        (7, "قميص", "2024-05-01 10:30:00"),
    ]
    assert table.notes == ()


def test_the_sheet_that_has_the_columns_is_read_and_noted(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", {"About": [["Our shop"], ["2024"]], "منتجات": [["id", "en"], ["1", "Tea"]]})
    shop = Catalogue.load(path)
    assert [item.en for item in shop] == ["Tea"]
    assert [note.key for note in shop.notes] == ["note_sheet"] and "«منتجات»" in shop.notes[0].sentence("ar")


def test_what_a_file_is_its_bytes_tell_not_its_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", {"S": [["en"], ["Tea"]]})
    named = tmp_path / "x.csv"
    named.write_bytes(path.read_bytes())
    assert [item.en for item in Catalogue.load(named)] == ["Tea"]
    path.write_text("en\nMug\n")
    assert [item.en for item in Catalogue.load(path)] == ["Mug"]


def test_a_wrong_size_in_the_file_hides_no_row(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", {"S": [["id", "en"], ["1", "Tea"], ["2", "Mug"]]})
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'ref="A1:B3"', b'ref="A1"'))
    path.write_bytes(changed.getvalue())
    assert len(Catalogue.load(path)) == 2


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "table_other_office"),
        ({"Index/Document.iwa": "", "Metadata/Properties.plist": ""}, "table_other_office"),
        ({"word/document.xml": "<a/>"}, "table_other_office"),
        ({"rows.csv": "a,b"}, "table_packed"),
        ({"xl/workbook.xml": "<broken"}, "table_workbook"),
    ],
)
def test_another_packed_file_is_a_sentence(tmp_path: Path, files: dict[str, str], key: str) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    with pytest.raises(DataError) as caught:
        read_table(path, ("a",))
    assert caught.value.key == key and caught.value.sentence("ar")


def test_one_cell_far_away_makes_no_room_for_those_that_are_not_there(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "en", "Tea"
    book.active["XFD900000"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "styled.xlsx")
    assert len(Catalogue.load(tmp_path / "styled.xlsx")) == 1
    book.active["XFD900000"] = "Mug"
    book.save(tmp_path / "filled.xlsx")
    with pytest.raises(DataError) as caught:
        read_table(tmp_path / "filled.xlsx", ("en",))
    assert caught.value.key == "table_too_large"


def test_a_sheet_without_a_cell_and_values_of_every_kind_are_read(tmp_path: Path) -> None:
    rows: list[list[object]] = [["a", "b"], [datetime.time(10, 30), datetime.date(2024, 5, 1)], ["x\ny", 1e20]]
    table = read_table(workbook(tmp_path / "x.xlsx", {"empty": [], "S": rows}), ("a", "b"))
    assert [tuple(line.cells.values()) for line in table.lines] == [("10:30:00", "2024-05-01"), ("x\ny", "1e+20")]
    with pytest.raises(DataError) as caught:
        read_table(workbook(tmp_path / "y.xlsx", {"empty": []}), ("a",))
    assert caught.value.key == "file_empty"


def test_a_workbook_whose_sheet_is_broken_is_a_sentence(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", {"S": [["en"], ["Tea"]]})
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="A2"', b'r="?!"'))
    path.write_bytes(changed.getvalue())
    with pytest.raises(DataError) as caught:
        read_table(path, ("en",))
    assert caught.value.key == "table_workbook"
