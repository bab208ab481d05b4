"""From an XLSX workbook to records of text."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Final, NamedTuple

from recommender.errors import DataError
from recommender.shop.tables.delimited import HEADER_WITHIN, Records, named
from recommender.shop.tables.problems import Problem

ZIP: Final = b"PK\x03\x04"
_UNPACKED_LIMIT: Final = 1_000_000_000
"""Bytes that a workbook may unpack to: a hundred times what 400,000 lines need."""


class WorkbookSheet(NamedTuple):
    """The records of a sheet, each with the number of its row, and notes on which sheet it is."""

    records: Records
    notes: tuple[Problem, ...] = ()


def records_of_workbook(data: bytes, wanted: Sequence[str], file: str) -> WorkbookSheet:
    """The rows of the first sheet that has most of the columns `wanted`; said in a note unless it is the first one.

    Values are as they are shown without a number format: whole numbers without a decimal point, dates as ISO has them,
    a formula's last result.

    Raises:
        DataError: if it is another kind of packed file, unpacks to far too much, or can't be read.
    """
    _check(data, file)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # It warns of every style and check that it does not know.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = []
            for sheet in book.worksheets:
                # Some programs write down a size that is not the sheet's.
                sheet.reset_dimensions()
                sheets.append((sheet.title, _records(sheet.iter_rows(values_only=True))))
            book.close()
    except Exception as error:  # openpyxl passes on whatever a broken file makes its readers raise
        raise DataError("table_workbook", file=file) from error
    if not sheets:
        raise DataError("file_empty", file=file)
    best = max(range(len(sheets)), key=lambda place: (_merit(sheets[place][1], wanted), -place))
    title, records = sheets[best]
    notes = (Problem(0, "note_sheet", {"file": file, "sheet": title}),) if best else ()
    return WorkbookSheet(records, notes)


def _check(data: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise DataError("table_workbook", file=file) from error
    if "xl/workbook.xml" not in names:
        raise DataError("table_packed" if "mimetype" not in names else "table_other_office", file=file)
    if size > _UNPACKED_LIMIT:
        raise DataError("table_too_large", file=file, limit=_UNPACKED_LIMIT // 1_000_000)


def _merit(records: Records, wanted: Sequence[str]) -> tuple[int, bool]:
    names = {name.casefold() for name in wanted}
    found = max((len({named(cell) for cell in row} & names) for _, row in records[:HEADER_WITHIN]), default=0)
    return found, bool(records)


def _records(rows: Iterable[tuple[object, ...]]) -> Records:
    records: Records = []
    for number, row in enumerate(rows, 1):
        cells = [_text(value) for value in row]
        if any(map(str.strip, cells)):
            records.append((number, cells))
    return records


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _unescaped(value) if "_x" in value else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _unescaped(value: str) -> str:
    from openpyxl.utils.escape import unescape

    return str(unescape(value))
