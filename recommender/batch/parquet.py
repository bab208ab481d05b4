"""Rows of Parquet files, and answers as Parquet. pyarrow is imported only where there is such a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

from recommender.batch import rows
from recommender.batch.cuts import ColumnsError, Cut
from recommender.batch.outcomes import COLUMNS, Outcome, cells
from recommender.batch.places import Source, opened
from recommender.batch.rows import RequestOf, Row
from recommender.errors import DataError, RequestError

if TYPE_CHECKING:
    import pyarrow

LIST: Final = "basket"
CELL: Final = "input"
NEW: Final = "new"
_AT_ONCE: Final = 1024
_BUFFER: Final = 1 << 20


class Parquet:
    """A Parquet file with a column `basket`, lists of names or ids, or `Input`, text as in CSV; `new` is optional.

    Pieces that are read in order are read off one pass over the file, which never holds more than some pages.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._place = 0
        self._passing: Iterator[Row] | None = None
        self._asked_by: RequestOf | None = None

    def columns(self) -> str:
        """The columns that ask, with the kind of each.

        Raises:
            ColumnsError: if there is none.
            DataError: if the file is damaged.
        """
        with opened(self._source) as handle:
            schema = self._file(handle).schema_arrow
        names = self._asking(schema)
        return ", ".join(f"{name}: {_kind(schema.field(name).type)}" for name in names)

    def cuts(self, most: int) -> Iterator[Cut]:
        """Pieces of `most` rows; what is in them is not read.

        Raises:
            DataError: if the file is damaged.
        """
        with opened(self._source) as handle:
            count = self._file(handle).metadata.num_rows
        for start in range(0, count, most):
            end = min(start + most, count)
            yield Cut(start, end, end - start)

    def rows(self, cut: Cut, request_of: RequestOf) -> Iterator[Row]:
        """The rows of a piece; those of a damaged row group are lost, and the next group is read on."""
        if self._passing is None or self._asked_by is not request_of or cut.start < self._place:
            self._passing, self._asked_by, self._place = self._pass(request_of, cut.start), request_of, cut.start
        skipped = cut.start - self._place  # pieces that were answered earlier
        self._place = cut.end
        yield from islice(self._passing, skipped, skipped + cut.rows)

    def _pass(self, request_of: RequestOf, start: int) -> Iterator[Row]:
        """Every row from `start` on."""
        with opened(self._source) as handle:
            file = self._file(handle)
            names = self._asking(file.schema_arrow)
            for number in range(file.num_row_groups):
                left = file.metadata.row_group(number).num_rows
                if start >= left:
                    start -= left
                    continue
                for batch in self._batches(file, number, names):
                    left -= batch.num_rows
                    if start >= batch.num_rows:
                        start -= batch.num_rows
                        continue
                    found = [batch.column(name).to_pylist()[start:] for name in names]
                    start = 0
                    for values in zip(*found, strict=True):
                        yield _row(names, values, request_of)
                for _ in range(left - start):
                    yield Row(DataError("batch_damaged", file=self._source.short), lost=True)
                start = 0

    def _batches(self, file: Any, group: int, names: Sequence[str]) -> Iterator[pyarrow.RecordBatch]:
        """A row group, up to where it is damaged."""
        try:
            yield from file.iter_batches(_AT_ONCE, row_groups=[group], columns=list(names), use_threads=False)
        except (OSError, ValueError):
            return

    def _file(self, handle: IO[bytes]) -> Any:
        parquet = library(self._source.name)
        try:
            return parquet.ParquetFile(handle, buffer_size=_BUFFER, pre_buffer=False)
        except (OSError, ValueError) as error:
            raise DataError("batch_damaged", file=self._source.short) from error

    def _asking(self, schema: Any) -> tuple[str, ...]:
        """The columns that are read: the one with baskets first."""
        names = {name.casefold(): name for name in schema.names}
        main = next((names[name] for name in (LIST, CELL) if name in names), None)
        if main is None or _kind(schema.field(main).type) == "other":
            raise ColumnsError(self._source.short, LIST, schema.names)
        more = [names[NEW]] if NEW in names and _kind(schema.field(names[NEW]).type) == "list" else []
        return (main, *more)


def library(what: str) -> Any:
    """`pyarrow.parquet`.

    Raises:
        RequestError: if it isn't there, naming for `what` it is needed.
    """
    try:
        from pyarrow import parquet
    except ImportError:
        raise RequestError("batch_needs_pyarrow", what=what) from None
    return parquet


class Writer:
    """Collects the outcomes of one block, and writes them as Parquet."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}

    def put(self, number: int, outcome: Outcome) -> None:
        """Add the outcome of a row."""
        found: dict[str, Any] = {**cells(outcome, self._language), "row": number}
        if "probability" in found and not isinstance(outcome, Exception):
            found["probability"] = outcome.probability
        for name, values in self._columns.items():
            values.append(found.get(name))

    def write(self, handle: IO[bytes]) -> None:
        """Write all that was added."""
        import pyarrow

        parquet = library("")
        sink = pyarrow.BufferOutputStream()
        parquet.write_table(pyarrow.table(self._columns, schema=schema()), sink)
        # By Python: Arrow's own words for a full disk say nothing that can be told apart.
        handle.write(sink.getvalue())


def schema() -> pyarrow.Schema:
    """The columns of the answers with their types."""
    import pyarrow

    kinds = {"row": pyarrow.int64(), "probability": pyarrow.float64()}
    return pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in COLUMNS])


def joined(parts: Sequence[str], handle: IO[bytes]) -> None:
    """Write the answers of several files as one, a row group each."""
    parquet = library("")
    with parquet.ParquetWriter(handle, schema()) as writer:
        for part in parts:
            writer.write_table(parquet.read_table(part, partitioning=None))


def _kind(kind: Any) -> str:
    """What a column's values are to us: `list` of names or ids, `text`, or `other`."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return "text"
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        inner = kind.value_type
        return "list" if _kind(inner) == "text" or types.is_integer(inner) else "other"
    return "other"


def _row(names: Sequence[str], values: Sequence[Any], request_of: RequestOf) -> Row:
    basket, new = values[0], (values[1] if len(values) > 1 and values[1] is not None else ())
    if isinstance(basket, str):
        return rows.of_cell(basket, request_of)
    return rows.of_list([] if basket is None else basket, new, request_of)
