"""Reading CSV that people made, and writing files that are whole or not there."""

from __future__ import annotations

import csv
import errno
import io
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from recommender.errors import DataError
from recommender.strings import sentence
from recommender.text import shown

_REASONS: Final = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EROFS: "no_permission",
    errno.ENOENT: "folder_missing",
    errno.ENOTDIR: "folder_missing",
}


@dataclass(frozen=True)
class Line:
    """One row of a CSV file: the line it begins on, 1 the header's, and its cells by column, absent ones empty."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line of a file: a key of `strings` and its fields."""

    line: int
    key: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """The problem behind its line number, in `language`."""
        return sentence("problem_line", language, line=self.line, problem=sentence(self.key, language, **self.fields))


class BadRowsError(DataError):
    """A file with rows that can't be used: one error for all of them, `problems` in the order of the lines."""

    def __init__(self, path: str | Path, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("bad_rows", file=Path(path).name, count=len({problem.line for problem in problems}))

    def sentence(self, language: str = "en") -> str:
        """The file and the count, and below it a line for each problem, in `language`."""
        return "\n".join([super().sentence(language), *(problem.sentence(language) for problem in self.problems)])


@contextmanager
def atomic_write(path: str | Path, mode: str = "w") -> Iterator[IO[Any]]:
    """A handle (UTF-8 text, or bytes with `mode` `wb`) beside `path` that takes its place once the block ends well.

    After a full disk, an interruption or any other failure the old file is whole and nothing else is left behind.
    Line ends are written as given, and a link is followed.

    Raises:
        DataError: with the reason, if the file can't be written.
    """
    target = Path(os.path.realpath(path))
    try:
        with _beside(target, mode) as handle:
            yield handle
    except OSError as error:
        raise DataError(_REASONS.get(error.errno or 0, "not_writable"), file=str(path)) from error


@contextmanager
def _beside(target: Path, mode: str) -> Iterator[IO[Any]]:
    part = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    text: dict[str, Any] = {} if "b" in mode else {"encoding": "utf-8", "newline": ""}
    try:
        with part.open(mode.replace("w", "x"), **text) as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def read_csv(path: str | Path, required: Sequence[str], optional: Sequence[str] = ()) -> list[Line]:
    """The rows of a CSV file with a header; blank lines and columns that nobody asked for are passed over.

    UTF-8 with or without BOM, any line ends; header names in any case; semicolons or tabs in place of commas where the
    header has no comma. A row that ends early has empty cells.

    Raises:
        DataError: if the file is missing, unreadable, not UTF-8, empty or not CSV, or lacks a column or any row.
        BadRowsError: naming every row with more cells than the header, as an unquoted comma makes.
    """
    path = Path(path)
    records = _records(path, _read_text(path))
    if not records:
        raise DataError("file_empty", file=path.name)
    places = _places(path, records[0][1], required, optional)
    width = len(records[0][1])
    rows = records[1:]
    if not rows:
        raise DataError("file_empty", file=path.name)
    too_long = [(number, len(row)) for number, row in rows if any(cell.strip() for cell in row[width:])]
    if too_long:
        problems = [Problem(number, "row_too_long", {"cells": n, "columns": width}) for number, n in too_long]
        raise BadRowsError(path, problems)
    return [
        Line(number, {name: row[place] if place < len(row) else "" for name, place in places.items()})
        for number, row in rows
    ]


def _places(path: Path, header: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> dict[str, int]:
    """The position of each wanted column that the header has."""
    columns = [name.strip().casefold() for name in header]
    found = shown(", ".join(columns), 120)
    if missing := [name for name in required if name.casefold() not in columns]:
        raise DataError("missing_columns", file=path.name, missing=", ".join(missing), found=found)
    wanted = [name for name in (*required, *optional) if name.casefold() in columns]
    if twice := [name for name in wanted if columns.count(name.casefold()) > 1]:
        raise DataError("column_twice", file=path.name, columns=", ".join(twice))
    return {name: columns.index(name.casefold()) for name in wanted}


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError("file_missing", file=str(path)) from None
    except OSError as error:
        raise DataError("file_unreadable", file=str(path)) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError("not_utf8", file=path.name, line=line) from None


def _records(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The records that aren't blank, the header among them, each with the number of its first line."""
    header = text.lstrip().partition("\n")[0]
    delimiter = next((mark for mark in ",;\t" if mark in header), ",")
    # Strict, because a quote that is never closed would otherwise swallow the rest of the file in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    first = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                records.append((first, row))
            first = reader.line_num + 1
    except csv.Error:
        raise DataError("not_csv", file=path.name, line=first) from None
    return records
