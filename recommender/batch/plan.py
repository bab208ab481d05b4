"""What a run consists of: blocks of rows, in the order of the files and of their rows, the same at every start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from recommender.batch.cuts import ColumnsError, Cut, Cuttable
from recommender.batch.parquet import Parquet
from recommender.batch.places import JSONL, PARQUET, Source
from recommender.batch.text import Lines, Table
from recommender.errors import DataError, RequestError

BLOCK_ROWS: Final = 4096
"""Rows of a block, which is what a run that was killed has to answer again: some ten seconds of two cores."""


class Broken(NamedTuple):
    """Why a piece of a file can't be read: an error's key and fields."""

    key: str
    fields: Mapping[str, object]

    @classmethod
    def of(cls, error: DataError) -> Broken:
        """What there is to say of `error`, as it can be kept in a file."""
        kept = {name: value if isinstance(value, int) else str(value) for name, value in error.fields.items()}
        return cls(error.key, kept)

    def error(self) -> DataError:
        """The error again."""
        return DataError(self.key, **self.fields)


class Block(NamedTuple):
    """Rows that are answered into one file.

    Attributes:
        number: its place in the run, the first being 0.
        source: the number of its file.
        first: the number of its first row in the run, the first being 1.
        broken: why there is one row, an error, in place of a file or of the rest of one; None where all is well.
    """

    number: int
    source: int
    cut: Cut
    first: int
    broken: Broken | None = None


def reader_of(source: Source) -> Cuttable:
    """What reads a file of its kind."""
    if source.suffix in PARQUET:
        return Parquet(source)
    return Lines(source) if source.suffix in JSONL else Table(source)


def plan(sources: Sequence[Source], most: int = BLOCK_ROWS) -> list[Block]:
    """The blocks, of at most `most` rows; none holds rows of two files.

    Every file is looked at, tables and lines are read once; nothing is kept of them but where rows begin.

    Raises:
        ColumnsError: if the first file of a kind has no column that asks.
        RequestError: if another one has not the same such columns.
        DataError: if there is no row at all.
    """
    blocks: list[Block] = []
    first = 1
    asking: dict[type, tuple[str, str]] = {}
    for number, source in enumerate(sources):
        reader = reader_of(source)
        cut = Cut(0, 0, 0)
        try:
            _check_columns(reader, source, asking)
            for cut in reader.cuts(most):
                if cut.rows:
                    blocks.append(Block(len(blocks), number, cut, first))
                    first += cut.rows
        except DataError as error:
            blocks.append(Block(len(blocks), number, Cut(cut.end, cut.end, 1), first, Broken.of(error)))
            first += 1
    if not blocks:
        raise DataError("batch_no_rows", file=sources[0].short)
    return blocks


def _check_columns(reader: Cuttable, source: Source, asking: dict[type, tuple[str, str]]) -> None:
    """Hold a file's columns to those of the first file of its kind."""
    before = asking.get(type(reader))
    try:
        columns = reader.columns()
    except ColumnsError as error:
        if before is None:
            raise
        columns = str(error.fields["found"])
    if before is None:
        asking[type(reader)] = columns, source.short
    elif columns != before[0]:
        fields = {"file": source.short, "found": columns, "first": before[1], "expected": before[0]}
        raise RequestError("batch_columns_change", **fields)
