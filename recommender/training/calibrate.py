"""`python -m recommender.training.calibrate FOLDER`: the thresholds of a checkpoint's confidence, measured and noted.

They are measured on needs of the validation split and on validation rows of sports, strangers and related customers in
equal parts and in every language that the checkpoint reads, and stand in its `recommender.json` afterwards. Judging
data has no part in it. Of a checkpoint with vectors of goods it is also learned what they weigh (`relation`).
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from recommender.corpus.world import base
from recommender.errors import RecommenderError
from recommender.recommenders.confidence import Thresholds, spread
from recommender.recommenders.ranking import Ranking
from recommender.recommenders.relation import Evidence, numbers
from recommender.shop.items import NAMED_IN
from recommender.system.files import atomic_write
from recommender.t5 import load
from recommender.t5.checkpoint import files
from recommender.training.corpus.doubt import Question, questions, sports_questions
from recommender.training.weighing import CLEAR, Weighed, evidence, share_of_related

COUNT: Final = 400
SLOPES: Final = tuple(step / 20 for step in range(25))


@dataclass(frozen=True)
class Seen:
    """What a ranking of `count` candidates spread, and whether something on offer related to the basket."""

    spread: float
    count: int
    related: bool


def seen(question: Question, ranking: Ranking) -> Seen:
    """What calibration needs of an answer."""
    return Seen(spread(ranking), len(ranking), question.related)


def thresholds(answers: Sequence[Seen]) -> Thresholds:
    """Those under which the worse told of the two kinds is told best; related and strangers must both be there.

    Raises:
        ValueError: if one kind is not there, or no spread is above 0.
    """
    best: tuple[float, float, float] | None = None
    for slope in SLOPES:
        strange, related = _levels(answers, slope, related=False), _levels(answers, slope, related=True)
        for level in np.unique(np.concatenate([strange, related])):
            told = min(float((strange < level).mean()), float((related >= level).mean()))
            if level > 0 and (best is None or told > best[0]):
                best = (told, float(level), slope)
    if best is None:
        raise ValueError("every ranking is flat")
    _, weak, slope = best
    strange, related = _levels(answers, slope, related=False), _levels(answers, slope, related=True)
    levels = np.unique(np.concatenate([[weak], strange[strange >= weak], related[related >= weak]]))
    sure = [level for level in levels if share_of_related(related, strange, level) >= CLEAR]
    clear = float(min(sure, default=levels[-1]))
    # Rounded down: a level that was measured reaches the threshold that is it.
    weak, clear = (math.floor(level * 1e4) / 1e4 for level in (weak, clear))
    return Thresholds(max(weak, 1e-4), max(clear, weak, 1e-4), slope)


def note(folder: Path, found: Thresholds, evidence: Evidence | None = None) -> None:
    """Put thresholds, and what evidence weighs, into the notes of a checkpoint, which keep all else.

    Raises:
        DataError: if they can't be written; the old ones then stay whole.
    """
    path = folder / files.NOTES
    notes: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    notes |= {files.CONFIDENCE: found.to_json()}
    if evidence is not None:
        notes |= {files.RELATION: evidence.to_json()}
    with atomic_write(path) as handle:
        handle.write(json.dumps(notes, indent=1, ensure_ascii=False) + "\n")


def _levels(answers: Sequence[Seen], slope: float, *, related: bool) -> Any:
    found = [one.spread - slope * math.log(one.count) for one in answers if one.related == related]
    if not found:
        raise ValueError("strangers and related customers must both be there")
    return np.array(found)


def calibrate(folder: Path, count: int = COUNT) -> Thresholds:
    """Measure the thresholds of the checkpoint in `folder` on `count` strangers and as many related, and note them.

    Raises:
        RecommenderError: if there is no checkpoint, or a file can't be read or written.
    """
    model = load(str(folder))
    kinds = (questions(base.load(), "validation", count), sports_questions(count // 2))
    answers, weighed = [], []
    for language in (one for one in NAMED_IN if model.reads(one)):
        for kind, asked in enumerate(kinds):
            requests = [question.request(language) for question in asked]
            for question, request, ranking in zip(asked, requests, model.rank_many(requests), strict=True):
                answers.append(seen(question, ranking))
                if (relation := model.relation(request)) is not None:
                    group = f"{language}/{kind}/{question.related}"
                    weighed.append(Weighed(numbers(ranking, relation), question.related, group))
    found = thresholds(answers)
    note(folder, found, evidence(weighed) if weighed else None)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Calibrate the checkpoint in a folder; exit status 0, or 2 with one sentence on stderr."""
    parser = argparse.ArgumentParser(prog="python -m recommender.training.calibrate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=COUNT, help="strangers, and as many related customers")
    given = parser.parse_args(arguments)
    try:
        found = calibrate(given.folder, given.count)
    except RecommenderError as error:
        sys.stderr.write(f"{error.sentence()}\n")
        return 2
    print(json.dumps(found.to_json()))  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
