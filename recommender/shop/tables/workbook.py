"""From an XLSX workbook to records of text."""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from recommender.errors import DataError
from recommender.shop.tables.delimited import HEADER_WITHIN, Records, named
from recommender.shop.tables.problems import Problem

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

ZIP: Final = b"PK\x03\x04"
_UNPACKED_LIMIT: Final = 1_000_000_000
"""Bytes that a workbook may unpack to: a hundred times what 400,000 lines need."""
_CELLS: Final = 30_000_000
"""Cells that a sheet may have, empty ones included: as many as fit in about that many bytes."""
_FILLED: Final = re.compile(
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"'](?:[^>]*[^>/])?>", re.ASCII
)
_OFFICE: Final = re.compile(r"mimetype$|Index\.zip$|Index/.*\.iwa$|word/|ppt/|xl/workbook\.bin$")
"""What the archives of other office programs hold: OpenDocument, Apple's, Word's, and Excel's binary ones."""
_PIECE: Final = 1 << 20
_TAG: Final = 1 << 12
"""Bytes that a tag has at most, of those that count."""


class WorkbookSheet(NamedTuple):
    """The records of a sheet, each with the number of its row, and notes on which sheet it is."""

    records: Records
    notes: tuple[Problem, ...] = ()


class SheetRows(NamedTuple):
    """The same, row by row."""

    rows: Iterator[tuple[int, list[str]]]
    notes: tuple[Problem, ...] = ()


def records_of_workbook(data: bytes, wanted: Sequence[str], file: str) -> WorkbookSheet:
    """The rows of the first sheet that has most of the columns `wanted`; said in a note unless it is the first one.

    Values are as they are shown without a number format: whole numbers without a decimal point, dates as ISO has them,
    a formula's last result.

    Raises:
        DataError: if it is another kind of packed file, unpacks to far too much, or can't be read.
    """
    rows, notes = rows_of_workbook(data, wanted, file)
    return WorkbookSheet(list(rows), notes)


def rows_of_workbook(data: bytes, wanted: Sequence[str], file: str) -> SheetRows:
    """As `records_of_workbook`, a row at a time.

    Raises:
        DataError: as there.
    """
    _check(data, file)
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    with _sentence(file):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        sheets = [(name, book.get_sheet_by_name(name)) for name in names]
        heads = [list(itertools.islice(_records(sheet), HEADER_WITHIN)) for _, sheet in sheets]
    if not sheets:
        raise DataError("file_empty", file=file)
    best = max(range(len(sheets)), key=lambda place: (_merit(heads[place], wanted), -place))
    title, sheet = sheets[best]
    notes = (Problem(0, "note_sheet", {"file": file, "sheet": title}),) if best else ()
    return SheetRows(_guarded(_records(sheet), file), notes)


@contextlib.contextmanager
def _sentence(file: str) -> Iterator[None]:
    """Say in a sentence what the library can't read: a broken file may also make it panic, which is no Exception."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise DataError("table_workbook", file=file) from error


def _guarded(rows: Iterator[tuple[int, list[str]]], file: str) -> Iterator[tuple[int, list[str]]]:
    with _sentence(file):
        yield from rows


def _check(data: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise DataError("table_workbook", file=file) from error
    if "xl/workbook.xml" not in names:
        raise DataError("table_other_office" if any(map(_OFFICE.match, names)) else "table_packed", file=file)
    if size > _UNPACKED_LIMIT or _is_vast(data, names, file):
        raise DataError("table_too_large", file=file, limit=_UNPACKED_LIMIT // 1_000_000)


def _is_vast(data: bytes, names: Sequence[str], file: str) -> bool:
    """Whether one filled cell far away would make the library room for all those that are not there."""
    with _sentence(file), zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(_extent(archive.open(name)) > _CELLS for name in names if name.endswith(".xml"))


def _extent(sheet: IO[bytes]) -> int:
    """The cells of the smallest rectangle from the first cell on that holds all filled ones."""
    columns: set[bytes] = set()
    rows, rest = 0, b""
    while piece := sheet.read(_PIECE):
        piece = rest + piece
        found = _FILLED.findall(piece)
        columns.update(column for column, _ in found)
        rows = max(rows, max((int(row) for _, row in found), default=0))
        rest = piece[piece.rfind(b"<") :][:_TAG]
    return rows * max(map(_column_number, columns), default=0)


def _column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    return functools.reduce(lambda number, letter: number * 26 + letter - ord("A") + 1, letters, 0)


def _merit(records: Records, wanted: Sequence[str]) -> tuple[int, bool]:
    names = {name.casefold() for name in wanted}
    found = max((len({named(cell) for cell in row} & names) for _, row in records[:HEADER_WITHIN]), default=0)
    return found, bool(records)


def _records(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    if sheet.start is None:  # the library fails where there is no cell
        return
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [value if isinstance(value, str) else _text(value) for value in row]
        if any(map(str.strip, cells)):
            yield number, cells


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)
