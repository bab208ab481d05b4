"""Many baskets: a file of them in, a file of answers out, row by row; a bad row gets an error in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recommender.batch import rows
from recommender.batch.outcomes import csv_writer, jsonl_writer
from recommender.batch.rows import RequestOf, Row, answers
from recommender.cli.overwriting import check_replaceable
from recommender.errors import DataError, RecommenderError, RequestError
from recommender.language.text import shown
from recommender.service import Request, Service
from recommender.shop.tables import Problem, read_table, read_text
from recommender.system.files import atomic_write

CHUNK: Final = 64
"""Rows answered together: enough to fill batches of like length, few enough for the bar to move."""
_JSONL: Final = (".jsonl", ".ndjson")
_READ: Final = (*_JSONL, ".csv", ".tsv", ".tab", ".xlsx", ".xlsm")
_WRITTEN: Final = (*_JSONL, ".csv")


@dataclass(frozen=True)
class Done:
    """How many rows were read, how many of them got an error in place of an answer, and notes on the reading."""

    rows: int
    failed: int
    notes: tuple[Problem, ...] = ()


@dataclass
class _Rows:
    """What a file asks, row by row, and notes on what was not taken as written."""

    asked: list[Request | RecommenderError]
    notes: list[Problem]

    def take(self, line: int, row: Row) -> None:
        self.asked.append(row.asked)
        self.notes += [Problem(line, "note_item_twice", {"name": shown(name)}) for name in row.twice]


def answer_file(source: str, target: str, service: Service, request_of: RequestOf, top: int | None = None) -> Done:
    """Answer each row of `source` (JSONL, or a table) into `target` (JSONL or CSV), in order, with a progress bar.

    A name that is in a basket twice is taken once, and noted.

    Raises:
        DataError: if `source` as a whole can't be read, or `target` can't be written; an old file then stays whole.
        RequestError: if a file of another kind is asked for, or `target` is a file that holds no answers of ours.
    """
    from tqdm import tqdm

    is_jsonl = _suffix(target, _WRITTEN) in _JSONL
    check_replaceable(target, source)
    is_table = _suffix(source, _READ) not in _JSONL
    found = _read_rows(source, request_of) if is_table else _read_jsonl(source, request_of)
    asked, failed, language = found.asked, 0, service.settings.language
    with atomic_write(target) as handle, tqdm(total=len(asked), unit="row", disable=None) as bar:
        put = jsonl_writer(handle, language, top) if is_jsonl else csv_writer(handle, language)
        for start in range(0, len(asked), CHUNK):
            chunk = asked[start : start + CHUNK]
            for number, outcome in enumerate(answers(chunk, service), start + 1):
                failed += isinstance(outcome, RecommenderError)
                put(number, outcome)
            bar.update(len(chunk))
    return Done(len(asked), failed, tuple(found.notes))


def _suffix(path: str, known: Sequence[str]) -> str:
    suffix = Path(path).suffix.casefold()
    if suffix not in known:
        raise RequestError("cli_file_kind", file=path, known=known)
    return suffix


def _read_rows(path: str, request_of: RequestOf) -> _Rows:
    table = read_table(path, required=("Input",))
    found = _Rows([], list(table.notes))
    for line in table.lines:
        found.take(line.number, rows.of_cell(line.cells["Input"], request_of))
    return found


def _read_jsonl(path: str, request_of: RequestOf) -> _Rows:
    text, notes = read_text(path)
    # Not splitlines(), which also breaks at characters that JSON texts may hold.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise DataError("cli_no_rows", file=Path(path).name)
    found = _Rows([], list(notes))
    for number, line in lines:
        found.take(number, rows.of_json(line, request_of))
    return found
