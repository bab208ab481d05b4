"""One worker's work: a model that is loaded once, and block after block from its rows to the file of their answers."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import IO, Any, Final, NamedTuple

from recommender.batch import parquet
from recommender.batch.cuts import Cuttable
from recommender.batch.job import Job
from recommender.batch.outcomes import Put, csv_writer, jsonl_writer
from recommender.batch.plan import Block, Broken, reader_of
from recommender.batch.rows import Row, answers
from recommender.batch.stores import store_of
from recommender.errors import DataError, RecommenderError, RequestError
from recommender.service import Service

CHUNK: Final = 256
"""Rows answered together on a processor."""
CHUNK_ON_GPU: Final = 4096
"""The same where a GPU cuts them into batches of its own size."""


class Finished(NamedTuple):
    """A block whose answers are written.

    Attributes:
        failed: rows with an error in place of an answer.
        twice: names that were in one basket twice, of which one was taken.
        broken: why rows of it couldn't be read; None where all could be.
    """

    number: int
    rows: int
    failed: int
    twice: int
    broken: Broken | None = None

    @classmethod
    def of(cls, values: Sequence[Any]) -> Finished:
        """What was written as JSON.

        Raises:
            ValueError: if it is something else.
        """
        number, rows, failed, twice, broken = values
        return cls(int(number), int(rows), int(failed), int(twice), Broken(*broken) if broken else None)


class Answering:
    """Answers blocks of one job."""

    def __init__(self, job: Job, service: Service | None = None) -> None:
        self._job = job
        self._service = service or Service(job.settings)
        self._store = store_of(job.place)
        self._request_of = job.request_of  # one object: a reader goes on where it has stopped for who asks the same
        self._reading: tuple[int, Cuttable] | None = None

    def answer(self, block: Block, progress: Callable[[int], object] = lambda rows: None) -> Finished:
        """Write the answers of a block; `progress` is told the rows that were answered since.

        Raises:
            DataError: if they can't be written.
            RequestError: if the file no longer has the rows that it had.
        """
        counts = _Counts()

        def write(handle: IO[bytes]) -> None:
            nonlocal counts
            counts = self._fill(block, handle, progress)

        self._store.put(self._job.part(block.number), write)
        return Finished(block.number, block.cut.rows, counts.failed, counts.twice, counts.broken)

    def _fill(self, block: Block, handle: IO[bytes], progress: Callable[[int], object]) -> _Counts:
        language, counts = self._service.settings.language, _Counts()
        if self._job.form == "parquet":
            table = parquet.Writer(language)
            self._answer_into(block, table.put, counts, progress)
            table.write(handle)
            return counts
        text = io.TextIOWrapper(handle, encoding="utf-8", newline="", write_through=False)
        try:
            is_csv = self._job.form == "csv"
            put = csv_writer(text, language) if is_csv else jsonl_writer(text, language, self._job.top)
            self._answer_into(block, put, counts, progress)
            text.flush()
        finally:
            text.detach()
        return counts

    def _answer_into(self, block: Block, put: Put, counts: _Counts, progress: Callable[[int], object]) -> None:
        number, rows = block.first, self._rows(block, counts)
        size = CHUNK if block.broken or self._service.model().device == "cpu" else CHUNK_ON_GPU
        while chunk := list(islice(rows, size)):
            for outcome in answers([row.asked for row in chunk], self._service):
                counts.failed += isinstance(outcome, RecommenderError)
                put(number, outcome)
                number += 1
            counts.twice += sum(len(row.twice) for row in chunk)
            progress(len(chunk))

    def _rows(self, block: Block, counts: _Counts) -> Iterator[Row]:
        """As many rows as the block has; an error for each that can't be read."""
        left = block.cut.rows
        if block.broken is None:
            try:
                for row in islice(self._reader(block.source).rows(block.cut, self._request_of), left):
                    left -= 1
                    if row.lost and isinstance(row.asked, DataError):
                        counts.broken = Broken.of(row.asked)
                    yield row
                if left:
                    raise RequestError("batch_changed", file=self._job.sources[block.source].name)
            except DataError as error:
                counts.broken = Broken.of(error)
        else:
            counts.broken = block.broken
        for _ in range(left):
            assert counts.broken
            yield Row(counts.broken.error())

    def _reader(self, source: int) -> Cuttable:
        """What reads a file; kept from block to block."""
        if self._reading is None or self._reading[0] != source:
            self._reading = source, reader_of(self._job.sources[source])
        return self._reading[1]


class _Counts:
    """What is counted while a block is written."""

    def __init__(self) -> None:
        self.failed = 0
        self.twice = 0
        self.broken: Broken | None = None
