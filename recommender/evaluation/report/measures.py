"""What the scoreboard measures of a system, in the order in which it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from recommender.evaluation.metrics import ROUGE, Estimate

Measures = Mapping[str, Estimate]


@dataclass(frozen=True)
class Measure:
    """What can be measured of a system.

    Attributes:
        on: what it is measured on, a key of `Scoreboard.data`.
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


def measure_of(key: str) -> Measure:
    """The measure called `key`; the first for any other word."""
    return next((measure for measure in MEASURES if measure.key == key), MEASURES[0])
