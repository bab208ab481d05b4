"""The scoreboard of a checkpoint: results that were measured once, frozen in `scoreboard.json` beside it.

`training.board` measures and writes them, the page draws them. The article's own figures stand here too: no checkpoint
changes those.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from recommender.errors import DataError
from recommender.evaluation.metrics import ROUGE, Estimate, wilson
from recommender.shop.catalogue import NAMED_IN
from recommender.system import typed

FILE: Final = "scoreboard.json"
SPLITS: Final = ("groups", "rows")
PARTS: Final = ("t5-en", "item-knn")
"""What the blend is made of."""
JUDGED: Final = ("validation", "test")
"""Where the blend is judged."""

BY_SPLIT: Final = ("memory", "item-knn", "name-overlap", "popularity", "random")
"""What is judged by both splits: the baselines, and `memory`, which learns rows by heart."""

Measures = Mapping[str, Estimate]


@dataclass(frozen=True)
class Measure:
    """What can be measured of a system.

    Attributes:
        on: what it is measured on, a key of `Board.data`.
        unit: a `share` of the rows, a mean `score` between 0 and 1, or ROUGE's `points`, a mean times 100.
    """

    key: str
    on: str
    unit: Literal["share", "score", "points"]


MEASURES: Final = (
    Measure("hit@1", "test", "share"),
    Measure("hit@5", "test", "share"),
    Measure("hit@10", "test", "share"),
    Measure("mrr", "test", "score"),
    Measure("ndcg@10", "test", "score"),
    *(Measure(name, "test", "points") for name in ROUGE),
    Measure("coherent@1", "judged", "share"),
    Measure("cold_start", "told", "share"),
    Measure("shuffle_agreement", "test", "share"),
    Measure("generated", "generated", "score"),
)
"""Everything that is shown, in order. `cold_start` is coherent@1 on customers of a shop that no training has seen;
`generated` is NDCG@10 on customers of the stated law, the only ones whose optimum is known."""

SYSTEMS: Final = (
    "t5-en", "t5-ar", "blend", "item-knn", "name-overlap", "popularity", "random", "optimum", "uniform",
)  # fmt: skip

ARTICLE_ROWS: Final = 21
ARTICLE_RIGHT: Final = {"article-en": 10, "article-ar": 0}
"""Of the 21, how many next items were named exactly: by T5-large in English, by every AraT5 and mT5 in Arabic."""
ARTICLE_SOURCE: Final = "Using Large Language Models as Recommendation Systems (2023)"
"""The figures are of its notebooks: the evaluation log, and the 21 answers that were saved there."""


def _exact(name: str) -> Estimate:
    share = ARTICLE_RIGHT[name] / ARTICLE_ROWS
    return Estimate(share, *wilson(share, ARTICLE_ROWS))


ARTICLE: Final[Mapping[str, Measures]] = MappingProxyType(
    {
        "article-en": {
            "hit@1": _exact("article-en"),
            "rouge1": Estimate(0.5714),
            "rouge2": Estimate(0.4762),
            "rougeL": Estimate(0.5556),
        },
        "article-ar": {"hit@1": _exact("article-ar")},
    }
)
"""What the article's systems reached on its own 21 rows. It gives ROUGE without an interval and without the rows."""


@dataclass(frozen=True)
class Sizes:
    """How many rows, and of how many groups: the groups are what the intervals count."""

    rows: int
    groups: int


@dataclass(frozen=True)
class Flattery:
    """What ROUGE-1 gives to answers that are not the next item.

    Attributes:
        rouge1: mean over the `wrong` rows; None where none was wrong.
    """

    rows: int
    wrong: int
    rouge1: Estimate | None


@dataclass(frozen=True)
class Example:
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
        _need(self.ndcg, "blend", *PARTS)
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
    """The systems of `BY_SPLIT`, fitted and judged by one way of splitting the same rows.

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
        _need(self.systems, *BY_SPLIT)
        for measures in self.systems.values():
            _need(measures, "hit@1")
            _check(measures)
        for measures in (self.leaked, self.mended):
            _need(measures, *(BY_SPLIT if self.leaked else ()))
            _check(measures)


@dataclass(frozen=True)
class Board:
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
    flattery: Mapping[str, Flattery]
    examples: Mapping[str, Example]
    blend: Blended
    splits: Mapping[str, Split]

    def __post_init__(self) -> None:
        """Refuse what can't be drawn.

        Raises:
            ValueError: if a part is missing, or a figure is outside its range.
        """
        _need(self.data, *{measure.on for measure in MEASURES}, "train", "validation")
        _need(self.systems, "t5-en", "t5-ar", "blend")
        for name in ("t5-en", "t5-ar"):
            _need(self.systems[name], *(measure.key for measure in MEASURES))
        _need(self.examples, *NAMED_IN)
        for example in self.examples.values():
            _need(example.scores, *ROUGE)
        _need(self.splits, *SPLITS)
        _need(self.blend.on, *JUDGED)
        for measures in self.systems.values():
            _check(measures)

    def to_json(self) -> dict[str, Any]:
        """What `load` reads."""
        return dataclasses.asdict(self)


def load(folder: str | Path) -> Board | None:
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
        board = typed.read(Board, json.loads(text))
    except (ValueError, RecursionError) as error:
        raise DataError("board_damaged", file=path.name) from error
    return board


def measure_of(key: str) -> Measure:
    """The measure called `key`; the first for any other word."""
    return next((measure for measure in MEASURES if measure.key == key), MEASURES[0])


def _need(found: Mapping[str, object], *names: str) -> None:
    if missing := set(names) - found.keys():
        raise ValueError(f"without {sorted(missing)}")


def _check(measures: Measures, least: float = 0.0) -> None:
    for name, one in measures.items():
        low, high = (one.value if end is None else end for end in (one.low, one.high))
        if not least <= low <= one.value <= high <= 1:
            raise ValueError(f"{name} of {one}")
