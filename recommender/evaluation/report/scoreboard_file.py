"""The scoreboard of a checkpoint: results that were measured once, frozen in `scoreboard.json` beside it.

`training.report.scoreboard_measuring` measures and writes them, the page draws them beside those of `article`.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from recommender.errors import DataError
from recommender.evaluation.metrics import ROUGE, Estimate
from recommender.evaluation.report.measures import MEASURES, Measures
from recommender.recommenders import co_purchase, name_overlap, registry
from recommender.recommenders.blend import BLENDED
from recommender.recommenders.blend import NAME as BLEND
from recommender.shop.items import NAMED_IN
from recommender.system import typed

FILE: Final = "scoreboard.json"
SPLITS: Final = ("groups", "rows")
MODELS: Final = ("t5-en", "t5-ar")
"""The model, asked in each of its languages."""
PARTS: Final = (MODELS[0], BLENDED)
"""What the blend is made of."""
JUDGED: Final = ("validation", "test")
"""Where the blend is judged."""

MEMORY: Final = "memory"
"""Learns rows by heart: what a leak is worth to who does."""
TOLD_OF_LEAKS: Final = (MEMORY, co_purchase.NAME, name_overlap.NAME)
"""Whose figures the page's sentence on leaks tells."""
CONTROLS: Final = ("optimum", "uniform")
"""What nobody can beat, and what everybody should, on customers of the stated law."""


@dataclass(frozen=True)
class Sizes:
    """How many rows, and of how many groups: the groups are what the intervals count."""

    rows: int
    groups: int


@dataclass(frozen=True)
class WrongAnswers:
    """What ROUGE-1 gives to answers that are not the next item: `flattery` in the file.

    Attributes:
        rouge1: mean over the `wrong` rows; None where none was wrong.
    """

    rows: int
    wrong: int
    rouge1: Estimate | None


@dataclass(frozen=True)
class WrongExample:
    """A wrong answer and its ROUGE: a name, the name written in its place, and each measure of that."""

    next: str
    written: str
    scores: Mapping[str, float]


@dataclass(frozen=True)
class Compared:
    """NDCG@10 of the blend and of each part on the same rows, and the blend's lead over each, row by row."""

    sizes: Sizes
    ndcg: Measures
    lead: Measures

    def __post_init__(self) -> None:
        """Refuse what can't be drawn.

        Raises:
            ValueError: if a part is missing, or a figure is outside its range.
        """
        _need(self.ndcg, BLEND, *PARTS)
        _need(self.lead, *PARTS)
        _check(self.ndcg)
        _check(self.lead, -1.0)


@dataclass(frozen=True)
class Blended:
    """The T5 in English blended with co-purchase.

    Attributes:
        weight: of co-purchase, the best on the validation rows.
        curve: (weight, NDCG@10 on the validation rows), weights ascending.
        on: by split, `validation` and `test`.
        holds: whether the blend is at least as good as either part on both.
    """

    weight: float
    curve: tuple[tuple[float, float], ...]
    on: Mapping[str, Compared]
    holds: bool

    def __post_init__(self) -> None:
        """Refuse what can't be drawn.

        Raises:
            ValueError: without a curve, or for a weight outside 0 to 1.
        """
        if not self.curve or not all(0 <= weight <= 1 for weight in (self.weight, *(at for at, _ in self.curve))):
            raise ValueError("the blend's weight")


@dataclass(frozen=True)
class Split:
    """The baselines and `memory`, fitted and judged by one way of splitting the same rows.

    Attributes:
        shared: test rows whose very set of items is a training row's too.
        leaked: hit@1 on those, by system; empty where there are none.
        mended: the same once the training rows that they share their items with are taken out.
    """

    train: Sizes
    test: Sizes
    shared: int
    systems: Mapping[str, Measures]
    leaked: Measures
    mended: Measures

    def __post_init__(self) -> None:
        """Refuse what can't be drawn.

        Raises:
            ValueError: if a system or its hit@1 is missing, or a figure is outside its range.
        """
        _need(self.systems, *TOLD_OF_LEAKS)
        for measures in self.systems.values():
            _need(measures, "hit@1")
            _check(measures)
        for measures in (self.leaked, self.mended):
            _need(measures, *(self.systems if self.leaked else ()))
            _check(measures)


@dataclass(frozen=True)
class Scoreboard:
    """All results of one checkpoint.

    Attributes:
        checkpoint: SHA-256 of its `model.safetensors`.
        size: generated customers in the exam.
        commit: of the source that measured; None outside a git checkout.
        date: of the measurement, UTC, as 2026-11-22.
        command: what makes it anew.
        data: rows by what they are for: `train`, `validation`, `test`, `judged` (the test rows that coherence
            judges), `told` (the shop never seen) and `generated`.
        systems: by name, then by measure; what does not apply is missing.
        flattery: by system, on the test rows.
        examples: by language.
        splits: by `SPLITS`.
    """

    model: str
    checkpoint: str
    seed: int
    size: int
    commit: str | None
    date: str
    command: str
    data: Mapping[str, Sizes]
    systems: Mapping[str, Measures]
    flattery: Mapping[str, WrongAnswers]
    examples: Mapping[str, WrongExample]
    blend: Blended
    splits: Mapping[str, Split]

    def __post_init__(self) -> None:
        """Refuse what can't be drawn.

        Raises:
            ValueError: if a part is missing, or a figure is outside its range.
        """
        _need(self.data, *{measure.on for measure in MEASURES}, "train", "validation")
        _need(self.systems, *MODELS, BLEND)
        for name in MODELS:
            _need(self.systems[name], *(measure.key for measure in MEASURES))
        _need(self.examples, *NAMED_IN)
        for example in self.examples.values():
            _need(example.scores, *ROUGE)
        _need(self.splits, *SPLITS)
        judged = {name for split in self.splits.values() for name in split.systems}
        for split in self.splits.values():
            _need(split.systems, *judged)
        _need(self.blend.on, *JUDGED)
        for measures in self.systems.values():
            _check(measures)

    def to_json(self) -> dict[str, Any]:
        """What `load` reads."""
        return dataclasses.asdict(self)


def load(folder: str | Path) -> Scoreboard | None:
    """The scoreboard of a checkpoint folder; None where it has none.

    Raises:
        DataError: if the file is there and can't be used.
    """
    path = Path(folder) / FILE
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataError("file_unreadable", file=path.name) from error
    except UnicodeDecodeError:
        raise DataError("board_damaged", file=path.name) from None
    try:
        board = typed.read(Scoreboard, json.loads(text))
    except (ValueError, RecursionError) as error:
        raise DataError("board_damaged", file=path.name) from error
    return board


def systems() -> tuple[str, ...]:
    """Every system that may have results: the model, the recommenders by name, and the controls."""
    return (*MODELS, *sorted(registry.entries()), *CONTROLS)


def _need(found: Mapping[str, object], *names: str) -> None:
    if missing := set(names) - found.keys():
        raise ValueError(f"without {sorted(missing)}")


def _check(measures: Measures, least: float = 0.0) -> None:
    for name, one in measures.items():
        low, high = (one.value if end is None else end for end in (one.low, one.high))
        if not least <= low <= one.value <= high <= 1:
            raise ValueError(f"{name} of {one}")
