"""A table by columns: what a file of a million rows is read by, in a fraction of the room that rows of cells take.

It reads what `read_table` reads in the same way. Each column is numbers that stand for its different cells, which are
tidied once each.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.errors import DataError
from recommender.language.text import shown
from recommender.shop.tables.cells import hold_entities, tidy_cell
from recommender.shop.tables.delimited import HEADER_WITHIN, Records, header_of, named, records_of, start_of, streamed
from recommender.shop.tables.encodings import decode
from recommender.shop.tables.problems import Problem
from recommender.shop.tables.workbook import ZIP, rows_of_workbook

_HEAD: Final = 20_000
"""Characters among which the header is looked for."""
_SAMPLED: Final = 200_000
"""Characters that a look at the first rows reads."""
_PARTS: Final = re.compile("[,;\t|\r\n]")
MOST_PROBLEMS: Final = 200
"""Problems of lines that are kept one by one; all are counted."""


class Column(NamedTuple):
    """One column: `cells` are its different texts, `codes` the place of each row's among them, int32, shape (rows,)."""

    codes: NDArray[np.int32]
    cells: list[str]


def column_of(texts: Iterable[str]) -> Column:
    """The column whose rows are `texts`."""
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(text, len(places)) for text in texts], dtype=np.int32)
    return Column(codes, list(places))


@dataclass(frozen=True)
class ColumnTable:
    """A table by columns.

    Attributes:
        header: the names of all columns of the file, as written; a name that is there again has its number behind it.
        columns: those asked for, by their name in `header`.
        lines: the file's line that each row begins on, 1 the first, int32 of shape (rows,).
        too_long: how many rows were left out because they have more cells than the header.
        problems: the first of these.
        notes: on what was not taken as written.
    """

    file: str
    header: tuple[str, ...]
    columns: Mapping[str, Column]
    lines: NDArray[np.int32]
    too_long: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


class _Unusual(Exception):
    """A row that only `records_of` reads rightly."""


def read_columns(
    data: bytes,
    file: str,
    is_known: Callable[[str], bool],
    chosen: Iterable[str] | None = None,
    *,
    sheet_with: Sequence[str] = (),
    most: int = 0,
) -> ColumnTable:
    """The columns `chosen` of a CSV or XLSX file, or all of them, in the order of its rows.

    `is_known` tells the names by which the header and the mark between cells are found; a workbook's sheet is the one
    that has most of the names `sheet_with`. With `most`, no more rows than that are read. Blank rows are passed over,
    and so is the header where it is there again.

    Raises:
        DataError: if it is no table, has no header, or lacks a column of `chosen`.
    """
    if data.startswith(ZIP):
        rows, notes = rows_of_workbook(data, sheet_with, file)
        first = list(itertools.islice(rows, HEADER_WITHIN))
        if not first:
            raise DataError("file_empty", file=file)
        pieces = {named(cell) for _, row in first for cell in row}
        place = header_of(first, tuple(filter(is_known, pieces)))
        below = itertools.islice(itertools.chain(first[place + 1 :], rows), most or None)
        return _table(file, first[place], place, below, chosen, notes, False)
    text, notes = decode(data, file)
    wanted = _known_in(text, is_known)
    if most and len(text) > _SAMPLED:
        try:
            cut = text[: text.rindex("\n", 0, _SAMPLED) + 1]
            return _of_records(records_of(cut, wanted, file), wanted, file, chosen, notes, most)
        except (ValueError, DataError):
            pass  # the cut went through a quoted cell
    if not most and '\\"' not in text:
        try:
            return _of_stream(text, wanted, file, chosen, notes)
        except (csv.Error, _Unusual):
            pass
    return _of_records(records_of(text, wanted, file), wanted, file, chosen, notes, most)


def _known_in(text: str, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """The known names of columns that the beginning of a text has, whatever mark parts them."""
    pieces = {named(piece) for piece in _PARTS.split(text[:_HEAD])}
    return tuple(sorted(piece for piece in pieces if is_known(piece)))


def _of_stream(
    text: str, wanted: Sequence[str], file: str, chosen: Iterable[str] | None, notes: tuple[Problem, ...]
) -> ColumnTable:
    """The columns of a text that is read row by row.

    Raises:
        csv.Error: for what strict CSV does not have.
        _Unusual: where rows may have to be cut another way.
    """
    start = start_of(text, wanted)
    if start.mark == ";" and "&" in text:
        text = hold_entities(text[start.place :])
        start = start._replace(place=0)
    packed = io.BytesIO(text[start.place :].encode("utf-8"))
    del text
    rows = streamed(io.TextIOWrapper(packed, encoding="utf-8", newline=""), start.mark, start.skipped)
    first = list(itertools.islice(rows, HEADER_WITHIN))
    place = header_of(first, wanted)
    if not first or (len(first[place][1]) == 1 and named(first[place][1][0]) not in wanted):
        raise _Unusual
    below = itertools.chain(first[place + 1 :], rows)
    return _table(file, first[place], place, below, chosen, notes, True)


def _of_records(
    records: Records,
    wanted: Sequence[str],
    file: str,
    chosen: Iterable[str] | None,
    notes: tuple[Problem, ...],
    most: int,
) -> ColumnTable:
    if not records:
        raise DataError("file_empty", file=file)
    place = header_of(records, wanted)
    below = records[place + 1 :][:most] if most else records[place + 1 :]
    return _table(file, records[place], place, below, chosen, notes, False)


def _table(
    file: str,
    header: tuple[int, list[str]],
    place: int,
    rows: Iterable[tuple[int, list[str]]],
    chosen: Iterable[str] | None,
    notes: tuple[Problem, ...],
    is_strict: bool,
) -> ColumnTable:
    names = _unique(header[1])
    asked = names if chosen is None else tuple(dict.fromkeys(chosen))
    if missing := tuple(name for name in asked if name not in names):
        raise DataError("missing_columns", file=file, missing=missing, found=shown(", ".join(names), 200))
    if place:
        notes = (*notes, Problem(0, "note_header", {"file": file, "line": header[0]}))
    coded = _coded(header[1], rows, [names.index(name) for name in asked], is_strict)
    again = tuple(Problem(line, "note_header_again") for line in coded.again)
    columns = dict(zip(asked, coded.columns, strict=True))
    return ColumnTable(file, names, columns, coded.lines, coded.too_long, coded.problems, (*notes, *again))


def _unique(header: Sequence[str]) -> tuple[str, ...]:
    """The names of columns; one that is empty or there again has a number."""
    names: dict[str, None] = {}
    for place, cell in enumerate(header, 1):
        base = name = " ".join(tidy_cell(cell).strip("\"'").split()) or str(place)
        number = 2
        while name in names:
            name, number = f"{base} ({number})", number + 1
        names[name] = None
    return tuple(names)


class _Coded(NamedTuple):
    columns: list[Column]
    lines: NDArray[np.int32]
    again: list[int]
    too_long: int
    problems: tuple[Problem, ...]


def _coded(
    header: Sequence[str], rows: Iterable[tuple[int, list[str]]], places: Sequence[int], is_strict: bool
) -> _Coded:
    width, short = len(header), max(places, default=0)
    seen: list[dict[str, int]] = [{} for _ in places]
    codes = [array("i") for _ in places]
    lines = array("i")
    columns = list(zip(places, seen, codes, strict=True))
    again: list[int] = []
    problems: list[Problem] = []
    too_long = 0
    for number, row in rows:
        if len(row) != width:
            if is_strict and len(row) == 1 and '"' in row[0]:
                raise _Unusual
            if len(row) > width and any(map(str.strip, row[width:])):
                too_long += 1
                if len(problems) < MOST_PROBLEMS:
                    problems.append(Problem(number, "row_too_long", {"cells": len(row), "columns": width}))
                continue
            if len(row) <= short:
                row = [*row, *[""] * (short + 1 - len(row))]
        elif row == header:
            again.append(number)
            continue
        lines.append(number)
        for place, cells, column in columns:
            cell = row[place]
            column.append(cells.setdefault(cell, len(cells)))
    packed = [_tidied(cells, column) for cells, column in zip(seen, codes, strict=True)]
    return _Coded(packed, _as_array(lines), again, too_long, tuple(problems))


def _tidied(cells: Iterable[str], codes: array[int]) -> Column:
    """The column with its cells tidied; two that are one text then have one code."""
    column, tidied = _as_array(codes), column_of(map(tidy_cell, cells))
    return Column(tidied.codes[column] if len(tidied.cells) < len(tidied.codes) else column, tidied.cells)


def _as_array(numbers: array[int]) -> NDArray[np.int32]:
    return np.frombuffer(numbers, dtype=np.int32) if numbers else np.zeros(0, np.int32)
