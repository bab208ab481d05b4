"""What every kind of file is cut into, and what is wrong with one that lacks the column that asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from recommender.batch.rows import RequestOf, Row
from recommender.errors import RequestError
from recommender.language.text import shown


class Cut(NamedTuple):
    """A piece of a file: where it begins and ends, in bytes or rows as the kind of file has it, and its rows."""

    start: int
    end: int
    rows: int


class Cuttable(Protocol):
    """A file of rows."""

    def columns(self) -> str:
        """The columns that ask, with their types as far as they have any."""
        ...

    def cuts(self, most: int) -> Iterator[Cut]:
        """The file in pieces of at most `most` rows, in order."""
        ...

    def rows(self, cut: Cut, request_of: RequestOf) -> Iterator[Row]:
        """The rows of a piece, as many as were counted."""
        ...


class ColumnsError(RequestError):
    """A file that can be read but has no column that asks, which stops a run; a `DataError` costs it a file."""

    def __init__(self, file: str, missing: str, found: Sequence[str]) -> None:
        super().__init__("missing_columns", file=file, missing=(missing,), found=shown(", ".join(found), 120))
