"""How the outcome of a row is written: a line of JSON, or the cells of a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from typing import IO, Any, Final

from recommender.errors import RecommenderError
from recommender.language.text import safe_cell
from recommender.service import Answer

COLUMNS: Final = (
    "row", "recommendation_id", "recommendation_en", "recommendation_ar", "probability", "raw_text", "raw_status",
    "raw_how", "error",
)  # fmt: skip

Outcome = Answer | RecommenderError
Put = Callable[[int, Outcome], None]
"""Writes the outcome of the row with this number, the first being 1."""


def jsonl_writer(handle: IO[Any], language: str, top: int | None) -> Put:
    """Writes a JSON document a line, with the best `top` candidates or all of them; errors are in `language`."""

    def put(number: int, outcome: Outcome) -> None:
        if isinstance(outcome, RecommenderError):
            document: dict[str, object] = {"row": number, "error": outcome.sentence(language)}
        else:
            document = {"row": number, **outcome.to_json(top)}
        handle.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")

    return put


def csv_writer(handle: IO[Any], language: str) -> Put:
    """Writes a header now, and then a line for each row; errors are in `language`."""
    # A mark at the beginning: without it spreadsheets take Arabic for another encoding.
    handle.write("\ufeff")
    writer = csv.DictWriter(handle, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()

    def put(number: int, outcome: Outcome) -> None:
        row = {name: safe_cell(cell) for name, cell in cells(outcome, language).items()}
        writer.writerow({"row": number, **row})

    return put


def cells(outcome: Outcome, language: str) -> dict[str, str]:
    """What a row of a table says of an outcome, by column but for the row's number; what is not known is left out."""
    if isinstance(outcome, RecommenderError):
        return {"error": outcome.sentence(language)}
    found: dict[str, str] = {}
    if best := outcome.recommendation:
        found |= {"recommendation_id": best.id, "recommendation_en": best.en, "recommendation_ar": best.ar}
    if outcome.probability is not None:
        found["probability"] = f"{outcome.probability:.6f}"
    if outcome.raw is not None and outcome.match is not None:
        found |= {"raw_text": outcome.raw.text, "raw_status": outcome.match.status, "raw_how": outcome.match.how}
    return found
