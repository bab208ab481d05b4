"""What may lie where answers are to be written: nothing, or answers that we wrote before."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Final

from recommender.batch.running import holds_answers
from recommender.errors import RequestError

_BEGINNING: Final = 65_536
"""Bytes of a file that tell whether it holds answers; a first line may be longer than that and then says so itself."""


def check_replaceable(target: str, source: str) -> None:
    """Refuse to write answers over the questions, or over a file that holds anything else than answers.

    Raises:
        RequestError: naming the file, which has not been touched.
    """
    path = Path(target)
    if not path.is_file():
        return
    if Path(source).exists() and os.path.samefile(path, source):
        raise RequestError("output_is_input", file=target)
    if not _holds_answers(path):
        raise RequestError("output_not_ours", file=target)


def _holds_answers(path: Path) -> bool:
    """Whether a file is empty or begins as our answers do, as CSV or as JSON lines; Parquet that has our columns."""
    if path.suffix.casefold() == ".parquet" and path.stat().st_size:
        return holds_answers(path)
    try:
        with path.open("rb") as handle:
            text = handle.read(_BEGINNING).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    first = text.partition("\n")[0]
    cells = next(csv.reader([first]), []) if "\x00" not in first else []
    if cells[:1] == ["row"] and {"recommendation_id", "error"} <= set(cells):
        return True
    return not text or _is_answer(first)


def _is_answer(line: str) -> bool:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        # A long first answer is cut by the reading: its beginning is what we write first.
        return len(line) >= _BEGINNING // 4 and line.startswith('{"row": 1, "recommendation": ')
    return isinstance(found, dict) and "row" in found and ("recommendation" in found or "error" in found)
