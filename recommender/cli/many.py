"""Many baskets: a file of them in, a file of answers out, row by row; a bad row gets an error in its place."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from recommender.cli.overwriting import check_replaceable
from recommender.errors import DataError, RecommenderError, RequestError
from recommender.language.text import match_key, safe_cell, shown
from recommender.service import Answer, Request, Service
from recommender.shop.tables import Problem, names_in, plain_id, read_table, read_text
from recommender.system.files import atomic_write

COLUMNS: Final = (
    "row", "recommendation_id", "recommendation_en", "recommendation_ar", "probability", "raw_text", "raw_status",
    "raw_how", "error",
)  # fmt: skip
CHUNK: Final = 64
"""Rows answered together: enough to fill batches of like length, few enough for the bar to move."""
_JSONL: Final = (".jsonl", ".ndjson")
_READ: Final = (*_JSONL, ".csv", ".tsv", ".tab", ".xlsx", ".xlsm")
_WRITTEN: Final = (*_JSONL, ".csv")

Outcome = Answer | RecommenderError
RequestOf = Callable[[Sequence[str], Sequence[str]], Request]
"""From a row's basket and its new names to what is asked."""


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
    rows, failed = found.asked, 0
    with atomic_write(target) as handle, tqdm(total=len(rows), unit="row", disable=None) as bar:
        put = _jsonl_writer(handle, service, top) if is_jsonl else _csv_writer(handle, service)
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            for number, outcome in enumerate(_answers(chunk, service), start + 1):
                failed += isinstance(outcome, RecommenderError)
                put(number, outcome)
            bar.update(len(chunk))
    return Done(len(rows), failed, tuple(found.notes))


def _answers(rows: Sequence[Request | RecommenderError], service: Service) -> Iterator[Outcome]:
    """One outcome per row, in order; the requests among them answered together."""
    outcomes = iter(service.answer_many([row for row in rows if isinstance(row, Request)]))
    for row in rows:
        yield row if isinstance(row, RecommenderError) else next(outcomes)


def _suffix(path: str, known: Sequence[str]) -> str:
    suffix = Path(path).suffix.casefold()
    if suffix not in known:
        raise RequestError("cli_file_kind", file=path, known=known)
    return suffix


def _read_rows(path: str, request_of: RequestOf) -> _Rows:
    table = read_table(path, required=("Input",))
    found = _Rows([], list(table.notes))
    for line in table.lines:
        try:
            names = names_in(line.cells["Input"])
        except ValueError:
            found.asked.append(DataError("list_unreadable", text=shown(line.cells["Input"])))
            continue
        _take(line.number, names, (), request_of, found)
    return found


def _read_jsonl(path: str, request_of: RequestOf) -> _Rows:
    text, notes = read_text(path)
    # Not splitlines(), which also breaks at characters that JSON texts may hold.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise DataError("cli_no_rows", file=Path(path).name)
    found = _Rows([], list(notes))
    for number, line in lines:
        _take_json(number, line, request_of, found)
    return found


def _take_json(number: int, line: str, request_of: RequestOf, found: _Rows) -> None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or "basket" not in row:
        found.asked.append(RequestError("cli_bad_json_row"))
        return
    basket = row["basket"]
    if isinstance(basket, list):
        basket = [plain_id(str(name)) if type(name) in (int, float) else name for name in basket]
    _take(number, basket, row.get("new", ()), request_of, found)


def _take(line: int, basket: Any, new: Any, request_of: RequestOf, found: _Rows) -> None:
    if isinstance(basket, list) and all(isinstance(name, str) for name in basket):
        basket = _once(line, basket, found)
    try:
        found.asked.append(request_of(basket, new))
    except RecommenderError as error:
        found.asked.append(error)


def _once(line: int, names: Sequence[str], found: _Rows) -> list[str]:
    """The names without those that were there before in some spelling, which are noted."""
    kept: dict[str, str] = {}
    for name in names:
        if (first := kept.setdefault(match_key(name), name)) is not name:
            found.notes.append(Problem(line, "note_item_twice", {"name": shown(first)}))
    return list(kept.values())


def _jsonl_writer(handle: IO[Any], service: Service, top: int | None) -> Callable[[int, Outcome], None]:
    def put(number: int, outcome: Outcome) -> None:
        if isinstance(outcome, RecommenderError):
            document: dict[str, object] = {"row": number, "error": outcome.sentence(service.settings.language)}
        else:
            document = {"row": number, **outcome.to_json(top)}
        handle.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")

    return put


def _csv_writer(handle: IO[Any], service: Service) -> Callable[[int, Outcome], None]:
    # A mark at the beginning: without it spreadsheets take Arabic for another encoding.
    handle.write("\ufeff")
    writer = csv.DictWriter(handle, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()

    def put(number: int, outcome: Outcome) -> None:
        if isinstance(outcome, RecommenderError):
            cells = {"error": outcome.sentence(service.settings.language)}
        else:
            cells = _cells(outcome)
        writer.writerow({"row": number, **{name: safe_cell(cell) for name, cell in cells.items()}})

    return put


def _cells(answer: Answer) -> dict[str, str]:
    cells: dict[str, str] = {}
    if best := answer.recommendation:
        cells |= {"recommendation_id": best.id, "recommendation_en": best.en, "recommendation_ar": best.ar}
    if answer.probability is not None:
        cells["probability"] = f"{answer.probability:.6f}"
    if answer.raw is not None and answer.match is not None:
        cells |= {"raw_text": answer.raw.text, "raw_status": answer.match.status, "raw_how": answer.match.how}
    return cells
