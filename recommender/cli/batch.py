"""Many baskets: a file of them in, a file of answers out, row by row; a bad row gets an error in its place."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from recommender.errors import DataError, RecommenderError, RequestError
from recommender.files import atomic_write, read_csv
from recommender.service import Answer, Request, Service
from recommender.text import safe_cell, split_names

COLUMNS: Final = (
    "row", "recommendation_id", "recommendation_en", "recommendation_ar", "probability", "raw_text", "raw_status",
    "raw_how", "error",
)  # fmt: skip
CHUNK: Final = 64
"""Rows answered together: enough to fill batches of like length, few enough for the bar to move."""
_JSONL: Final = (".jsonl", ".ndjson")
_SUFFIXES: Final = (*_JSONL, ".csv")

Outcome = Answer | RecommenderError
RequestOf = Callable[[Sequence[str], Sequence[str]], Request]
"""From a row's basket and its new names to what is asked."""


@dataclass(frozen=True)
class Done:
    """How many rows were read, and how many of them got an error in place of an answer."""

    rows: int
    failed: int


def answer_file(source: str, target: str, service: Service, request_of: RequestOf, top: int | None = None) -> Done:
    """Answer each row of `source` (JSONL or CSV) into `target` (JSONL or CSV), in order, with a progress bar.

    Raises:
        DataError: if `source` as a whole can't be read, or `target` can't be written; an old file then stays whole.
    """
    from tqdm import tqdm

    is_jsonl = _suffix(target) in _JSONL
    rows = _read_jsonl(source, request_of) if _suffix(source) in _JSONL else _read_csv(source, request_of)
    failed = 0
    with atomic_write(target) as handle, tqdm(total=len(rows), unit="row", disable=None) as bar:
        put = _jsonl_writer(handle, service, top) if is_jsonl else _csv_writer(handle, service)
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            for number, outcome in enumerate(_answers(chunk, service), start + 1):
                failed += isinstance(outcome, RecommenderError)
                put(number, outcome)
            bar.update(len(chunk))
    return Done(len(rows), failed)


def _answers(rows: Sequence[Request | RecommenderError], service: Service) -> Iterator[Outcome]:
    """One outcome per row, in order; the requests among them answered together."""
    outcomes = iter(service.answer_many([row for row in rows if isinstance(row, Request)]))
    for row in rows:
        yield row if isinstance(row, RecommenderError) else next(outcomes)


def _suffix(path: str) -> str:
    suffix = Path(path).suffix.casefold()
    if suffix not in _SUFFIXES:
        raise RequestError("cli_file_kind", file=path, known=_SUFFIXES)
    return suffix


def _read_csv(path: str, request_of: RequestOf) -> list[Request | RecommenderError]:
    return [_row(split_names(line.cells["Input"]), (), request_of) for line in read_csv(path, required=("Input",))]


def _read_jsonl(path: str, request_of: RequestOf) -> list[Request | RecommenderError]:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError("not_utf8", file=Path(path).name, line=line) from None
    except FileNotFoundError:
        raise DataError("file_missing", file=path) from None
    except OSError as error:
        raise DataError("file_unreadable", file=path) from error
    # Not splitlines(), which also breaks at characters that JSON texts may hold.
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        raise DataError("cli_no_rows", file=Path(path).name)
    return [_json_row(line, request_of) for line in lines]


def _json_row(line: str, request_of: RequestOf) -> Request | RecommenderError:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or "basket" not in row:
        return RequestError("cli_bad_json_row")
    return _row(row["basket"], row.get("new", ()), request_of)


def _row(basket: Any, new: Any, request_of: RequestOf) -> Request | RecommenderError:
    try:
        return request_of(basket, new)
    except RecommenderError as error:
        return error


def _jsonl_writer(handle: IO[Any], service: Service, top: int | None) -> Callable[[int, Outcome], None]:
    def put(number: int, outcome: Outcome) -> None:
        if isinstance(outcome, RecommenderError):
            document: dict[str, object] = {"row": number, "error": outcome.sentence(service.settings.language)}
        else:
            document = {"row": number, **outcome.to_json(top)}
        handle.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")

    return put


def _csv_writer(handle: IO[Any], service: Service) -> Callable[[int, Outcome], None]:
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
