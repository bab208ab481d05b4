"""An answer to take away: the design's JSON, or a table that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
import json

from recommender.language.text import safe_cell
from recommender.service import Answer

COLUMNS = ("rank", "id", "en", "ar", "probability")


def as_json(answer: Answer) -> str:
    """The document of `recommend --json`."""
    return json.dumps(answer.to_json(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_csv(answer: Answer) -> str:
    """The ranking, one candidate a row; on the article's route, which ranks nothing, the one item that it named."""
    out = io.StringIO()
    # A mark at the beginning: without it spreadsheets take Arabic for another encoding.
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = [(row.item, f"{row.probability:.6f}") for row in answer.ranking or ()]
    if not rows and answer.recommendation:
        rows = [(answer.recommendation, "")]
    for place, (item, probability) in enumerate(rows, 1):
        writer.writerow([place, *map(safe_cell, (item.id, item.en, item.ar)), probability])
    return out.getvalue()
