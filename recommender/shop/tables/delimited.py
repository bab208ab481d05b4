"""From text to records: which mark parts the cells is judged by the header that it gives."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from recommender.errors import DataError
from recommender.shop.tables.cells import hold_entities, tidy_cell

Records = list[tuple[int, list[str]]]
"""Rows that aren't blank, each with the number of the line on which it begins."""

MARKS: Final = (",", ";", "\t", "|")
HEADER_WITHIN: Final = 10
"""Rows among which the header is looked for: some programs put a title above it."""
_SAMPLE: Final = 100_000
_FIRST_LINE: Final = re.compile(r'\s*"?sep=([^\w\s"]|\t)"?[^\S\r\n]*(?:\r\n|\r|\n)', re.IGNORECASE)


class Start(NamedTuple):
    """How a text begins: the mark that parts its cells, and where the table begins, after a line `sep=;`."""

    mark: str
    skipped: int
    """Lines before the table."""
    place: int
    """Characters before the table."""


def start_of(text: str, wanted: Sequence[str]) -> Start:
    """The mark by which `records_of` cuts `text`, and what stands before the table."""
    marks: tuple[str, ...] = MARKS
    skipped = place = 0
    if first := _FIRST_LINE.match(text):
        place = first.end()
        marks = (first[1],) if _found(_sampled(text[place:], first[1]), wanted) else MARKS
        skipped = len(re.findall("\r\n|\r|\n", first[0]))
    sample = text[place : place + _SAMPLE]
    best = max(marks, key=lambda mark: (_merit(_sampled(sample, mark), wanted), -marks.index(mark)))
    return Start(best, skipped, place)


def records_of(text: str, wanted: Sequence[str], file: str) -> Records:
    """The records of `text`, cut at the mark that finds the most of the columns `wanted`.

    Where two marks find as many, the one that makes fewer rows longer than the header, then the one that makes more
    columns. A first line `sep=;` decides, and is no record. Quotes may follow a space, and be doubled or behind a
    backslash; rows that a spreadsheet saved as one quoted cell each are cut again.

    Raises:
        DataError: with the line, where a quotation mark is not closed or a cell is far too long.
    """
    best, skipped, place = start_of(text, wanted)
    text = text[place:]
    records = _parsed(text, best, skipped, file)
    if not records:
        return records
    if not _found(records, wanted):
        return _unwrapped(records, wanted) or records
    if '\\"' in text and _merit(records, wanted)[1] < 0:
        records = _better(records, text, best, skipped, wanted)
    _unwrap_some(records, best, len(records[header_of(records, wanted)][1]))
    return records


def header_of(records: Records, wanted: Sequence[str]) -> int:
    """The place of the record that has the most of the columns `wanted`, among the first ones; 0 if none has any."""
    places = range(min(HEADER_WITHIN, len(records)))
    return max(places, key=lambda place: (_count(records[place][1], wanted), -place), default=0)


def named(cell: str) -> str:
    """A column's name as it is compared."""
    return tidy_cell(cell).strip("\"'").strip().casefold()


def _count(row: Sequence[str], wanted: Sequence[str]) -> int:
    return len({named(cell) for cell in row} & {name.casefold() for name in wanted})


def _found(records: Records, wanted: Sequence[str]) -> int:
    return _count(records[header_of(records, wanted)][1], wanted) if records else 0


def _merit(records: Records, wanted: Sequence[str]) -> tuple[float, ...]:
    if not records:
        return (0, 0, 0)
    header = records[header_of(records, wanted)][1]
    longer = sum(len(row) > len(header) for _, row in records)
    return (_count(header, wanted), -longer / len(records), len(header))


def _sampled(text: str, mark: str) -> Records:
    try:
        found = _read(text[:_SAMPLE], mark, 0, strict=False)
    except csv.Error:
        return []
    return found[:-1] if len(text) >= _SAMPLE else found


def _parsed(text: str, mark: str, skipped: int, file: str) -> Records:
    if mark == ";" and "&" in text:
        text = hold_entities(text)
    # Strict, because a quote that is never closed would otherwise swallow the rest of the file in silence.
    try:
        return _read(text, mark, skipped)
    except csv.Error as error:
        failed = int(str(error))
    spaced = re.sub(rf'"[ \t]+(?={re.escape(mark)}|[\r\n]|\Z)', '"', text) if mark not in " \t" else text
    for tried, escape in ((spaced, None), (text, "\\"), (spaced, "\\")):
        if escape is None or '\\"' in text:
            try:
                return _read(tried, mark, skipped, escape=escape)
            except csv.Error:
                continue
    raise DataError("not_csv", file=file, line=failed)


def _read(text: str, mark: str, skipped: int, strict: bool = True, escape: str | None = None) -> Records:
    """The records of `text`.

    Raises:
        csv.Error: with the number of the line on which the record begins that can't be read.
    """
    return list(streamed(io.StringIO(text, newline=""), mark, skipped, strict, escape))


def streamed(
    lines: Iterable[str], mark: str, skipped: int, strict: bool = True, escape: str | None = None
) -> Iterator[tuple[int, list[str]]]:
    """The records of `lines` one by one, the first of which is number `skipped` + 1.

    Raises:
        csv.Error: with the number of the line on which the record begins that can't be read.
    """
    reader = csv.reader(lines, delimiter=mark, strict=strict, skipinitialspace=True, escapechar=escape)
    first = 1
    try:
        for row in reader:
            if any(map(str.strip, row)):
                yield first + skipped, row
            first = reader.line_num + 1
    except csv.Error:
        raise csv.Error(str(first + skipped)) from None


def _better(records: Records, text: str, mark: str, skipped: int, wanted: Sequence[str]) -> Records:
    """The records, or those that a backslash before a quotation mark makes, whichever have fewer cells too many."""
    try:
        found = _read(text, mark, skipped, escape="\\")
    except csv.Error:
        return records
    return max(records, found, key=lambda one: _merit(one, wanted))


def _unwrap_some(records: Records, mark: str, width: int) -> None:
    """Cut the rows again that alone are one quoted cell each: a spreadsheet saves those so that hold quotes."""
    held = re.compile(f'"{re.escape(mark)}|{re.escape(mark)}"')
    for place, (number, row) in enumerate(records):
        if width > 1 and len(row) == 1 and '"' in row[0] and held.search(row[0]):
            try:
                cut = next(csv.reader([row[0]], delimiter=mark, strict=True, skipinitialspace=True))
            except csv.Error:
                continue
            if 1 < len(cut) <= width:
                records[place] = (number, cut)


def _unwrapped(records: Records, wanted: Sequence[str]) -> Records | None:
    """Records whose one cell each is a whole line, as a spreadsheet with another list separator saves a CSV file."""
    for mark in MARKS:
        try:
            found = [
                (number, next(csv.reader([mark.join(row)], delimiter=mark, strict=True))) for number, row in records
            ]
        except (csv.Error, StopIteration):
            continue
        if len(found[0][1]) > 1 and _found(found, wanted):
            return found
    return None
