"""Rows of CSV and JSONL files, in pieces of whole rows that are read one by one, however large the file is.

A piece of a table is read as a table of its own below the file's header, by what reads every table that people bring.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

from recommender.batch import rows
from recommender.batch.cuts import ColumnsError, Cut
from recommender.batch.places import Source, opened
from recommender.batch.rows import RequestOf, Row
from recommender.errors import DataError, RequestError
from recommender.shop.tables import Records, decode, header_of, named, records_of, tidy_cell

COLUMN: Final = "Input"
_MOST_BYTES: Final = 8 << 20
"""Of a piece; a line that is longer than this is no row of anything."""
_HEAD: Final = 256 << 10
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")


class Lines:
    """A JSONL file: a row is a line that isn't blank."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def columns(self) -> str:
        """Nothing: each row says for itself what is in it."""
        return ""

    def cuts(self, most: int) -> Iterator[Cut]:
        """The file in pieces of at most `most` rows, in order.

        Raises:
            DataError: if it can't be read.
        """
        with opened(self._source) as handle:
            start, count = 0, 0
            for end, line in _lines(handle, 0):
                count += bool(line.strip())
                if count == most or end - start >= _MOST_BYTES:
                    yield Cut(start, end, count)
                    start, count = end, 0
            if count:
                yield Cut(start, end, count)

    def rows(self, cut: Cut, request_of: RequestOf) -> Iterator[Row]:
        """The rows of a piece.

        Raises:
            DataError: if it can't be read.
        """
        for line in _piece(self._source, cut).split(b"\n"):
            if line.strip():
                yield _json_row(line, request_of)


class Table:
    """A CSV file with a column `Input`."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._prefix: bytes | None = None

    def columns(self) -> str:
        """The column that asks.

        Raises:
            ColumnsError: if it isn't there.
            DataError: if the file is no table.
        """
        self._header()
        return COLUMN

    def cuts(self, most: int) -> Iterator[Cut]:
        """The file in pieces of at most `most` rows, in order, each of which has been read once.

        Raises:
            DataError: with the line, from the first piece on that is no table.
        """
        start = len(self._header())
        with opened(self._source) as handle:
            count, quotes, end = 0, 0, start
            for end, line in _lines(handle, start):
                count, quotes = count + 1, quotes + line.count(b'"')
                # A line's end within quotation marks is no row's.
                if (quotes % 2 == 0 and count >= most) or end - start >= _MOST_BYTES:
                    yield self._counted(Cut(start, end, 0))
                    start, count, quotes = end, 0, 0
            if end > start:
                yield self._counted(Cut(start, end, 0))

    def rows(self, cut: Cut, request_of: RequestOf) -> Iterator[Row]:
        """The rows of a piece.

        Raises:
            DataError: if it can't be read.
        """
        records, header, place = self._records(cut)
        for row in records:
            if len(row) > len(header) and any(map(str.strip, row[len(header) :])):
                yield Row(DataError("batch_row_too_long", cells=len(row), columns=len(header)))
            else:
                yield rows.of_cell(tidy_cell(row[place]) if place < len(row) else "", request_of)

    def _counted(self, cut: Cut) -> Cut:
        return cut._replace(rows=len(self._records(cut)[0]))

    def _records(self, cut: Cut) -> tuple[list[list[str]], list[str], int]:
        """The cells of each row, those of the header, and the place of the column that asks."""
        records = self._parsed(self._header() + _piece(self._source, cut))
        place = header_of(records, (COLUMN,))
        header = records[place][1]
        names = [named(cell) for cell in header]
        if COLUMN.casefold() not in names:
            raise ColumnsError(self._source.short, COLUMN, names)
        column = names.index(COLUMN.casefold())
        return [row for _, row in records[place + 1 :] if row != header], header, column

    def _header(self) -> bytes:
        """All that stands above the first row."""
        if self._prefix is None:
            with opened(self._source) as handle:
                head = handle.read(_HEAD)
            if head.startswith(_WIDE) or b"\0" in head:
                raise DataError("batch_not_utf8", file=self._source.short)
            if len(head) == _HEAD:  # it may end anywhere
                head = _whole_rows(head)
            records = self._parsed(head) or [(1, [])]
            place = header_of(records, (COLUMN,))
            found = [named(cell) for cell in records[place][1]]
            if found.count(COLUMN.casefold()) != 1:
                raise ColumnsError(self._source.short, COLUMN, found)
            above = records[place + 1][0] - 1 if place + 1 < len(records) else None
            lines = head.splitlines(keepends=True)[:above]
            self._prefix = b"".join(lines) if not lines or lines[-1].endswith((b"\n", b"\r")) else head + b"\n"
        return self._prefix

    def _parsed(self, data: bytes) -> Records:
        return records_of(decode(data, self._source.short).text, (COLUMN,), self._source.short)


def _lines(handle: IO[bytes], start: int) -> Iterator[tuple[int, bytes]]:
    """Each line from `start` on with the place behind it; one that is endless in pieces."""
    handle.seek(start)
    end = start
    while line := handle.readline(_MOST_BYTES):
        end += len(line)
        yield end, line


def _piece(source: Source, cut: Cut) -> bytes:
    with opened(source) as handle:
        handle.seek(cut.start)
        return handle.read(cut.end - cut.start)


def _json_row(line: bytes, request_of: RequestOf) -> Row:
    try:
        return rows.of_json(line.decode("utf-8-sig"), request_of)
    except UnicodeDecodeError:
        return Row(RequestError("cli_bad_json_row"))


def _whole_rows(head: bytes) -> bytes:
    """The beginning of a table up to the last line's end that is not within quotation marks."""
    end = len(head)
    while (end := head.rfind(b"\n", 0, end)) >= 0:
        if head.count(b'"', 0, end) % 2 == 0:
            return head[: end + 1]
    return head
