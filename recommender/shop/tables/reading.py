"""One table of any kind, with the columns that a command wants: what every command reads its files by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from recommender.errors import DataError
from recommender.language.text import shown
from recommender.shop.tables.cells import tidy_cell
from recommender.shop.tables.delimited import Records, header_of, named, records_of
from recommender.shop.tables.encodings import Decoded, decode
from recommender.shop.tables.problems import BadRowsError, Problem
from recommender.shop.tables.workbook import ZIP, records_of_workbook

_KEPT: Final = 50_000


class TableLine(NamedTuple):
    """One row of a table: the line it begins on, 1 the file's first, and its cells by column, absent ones empty."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """The rows of a file.

    Attributes:
        file: the file's name.
        columns: those asked for that it has.
        notes: on what was not taken as written.
    """

    file: str
    columns: tuple[str, ...]
    lines: list[TableLine]
    notes: tuple[Problem, ...] = ()


def read_text(path: str | Path) -> Decoded:
    """The text of a file in any of the encodings that tables come in.

    Raises:
        DataError: if it is missing, unreadable, of another kind or in another encoding.
    """
    return decode(_bytes(Path(path)), Path(path).name)


def read_table(path: str | Path, required: Sequence[str] = (), optional: Sequence[str] = ()) -> Table:
    """The rows of a CSV or XLSX file; blank ones, and columns that nobody asked for, are passed over.

    Column names are found in any case, and below a title too; a header that is there again is no row. A row that ends
    early has empty cells. Cells are as `tidy_cell` leaves them.

    Raises:
        DataError: if the file is missing, unreadable or no table, or lacks a required column or any row.
        BadRowsError: for rows with more cells than the header, as an unquoted comma makes.
    """
    path = Path(path)
    wanted = (*required, *optional)
    data = _bytes(path)
    if data.startswith(ZIP):
        records, notes = records_of_workbook(data, wanted, path.name)
    else:
        text, notes = decode(data, path.name)
        records = records_of(text, wanted, path.name)
    if not records:
        raise DataError("file_empty", file=path.name)
    place = header_of(records, wanted)
    places = _places(path, records[place][1], required, optional)
    if place:
        notes = (*notes, Problem(0, "note_header", {"file": path.name, "line": records[place][0]}))
    header = records[place][1]
    del records[: place + 1]
    lines, again = _lines(path, header, records, places)
    if not lines:
        raise DataError("file_empty", file=path.name)
    return Table(path.name, tuple(places), lines, (*notes, *(Problem(number, "note_header_again") for number in again)))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError("file_missing", file=str(path)) from None
    except OSError as error:
        raise DataError("file_unreadable", file=str(path)) from error


def _lines(
    path: Path, header: Sequence[str], rows: Records, places: Mapping[str, int]
) -> tuple[list[TableLine], list[int]]:
    """The rows below the header, which are used up, and the lines on which the header is there again."""
    width = len(header)
    too_long = [(number, len(row)) for number, row in rows if len(row) > width and any(map(str.strip, row[width:]))]
    if too_long:
        problems = [Problem(number, "row_too_long", {"cells": n, "columns": width}) for number, n in too_long]
        raise BadRowsError(path, problems)
    lines: list[TableLine] = []
    again: list[int] = []
    columns = list(places.items())
    short = max(places.values(), default=0)
    # What is written in one row is written in many: each cell is tidied and kept once, as long as that is few.
    tidied: dict[str, str] = {}
    rows.reverse()
    while rows:
        number, row = rows.pop()
        if len(row) <= short:
            row += [""] * (short + 1 - len(row))
        if row == header:
            again.append(number)
            continue
        if len(tidied) > _KEPT:
            tidied.clear()
        cells: dict[str, str] = {}
        for name, place in columns:
            cell = row[place]
            if (tidy := tidied.get(cell)) is None:
                tidy = tidied[cell] = tidy_cell(cell)
            cells[name] = tidy
        lines.append(TableLine(number, cells))
    return lines, again


def _places(path: Path, header: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> dict[str, int]:
    """The position of each wanted column that the header has."""
    columns = [named(cell) for cell in header]
    found = shown(", ".join(columns), 120)
    if missing := [name for name in required if name.casefold() not in columns]:
        raise DataError("missing_columns", file=path.name, missing=tuple(missing), found=found)
    wanted = [name for name in (*required, *optional) if name.casefold() in columns]
    if twice := [name for name in wanted if columns.count(name.casefold()) > 1]:
        raise DataError("column_twice", file=path.name, columns=tuple(twice))
    return {name: columns.index(name.casefold()) for name in wanted}
