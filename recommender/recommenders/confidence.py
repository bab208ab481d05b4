"""How much a ranking knows: `clear`, `weak`, or no more than a `guess`.

Where something on offer relates to what was bought, a model makes some candidates many times likelier than others; to a
stranger it gives everything much the same chance. So the measure is how far the log-probabilities spread, in nats: the
mean of their standard deviation and of the distance from the best to the median, which neither the order of the
candidates nor the unit of the scores moves. The deviation alone is small where few of many fit and the rest are even,
as in the sports shop. It beats the best probability against an even guess, which a large shop makes large by chance:
the best of a hundred is far above their mean even where nothing is meant. What chance does to the spread grows with the
logarithm of the number of candidates, and so do the thresholds. A single candidate is a guess: nothing could be
compared.

A model that has vectors of names, and says what they weigh, is judged by `relation` instead: its ranking and whether
anything on offer lies near the basket.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, runtime_checkable

from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.recommenders.relation import FLOOR, Evidence, Relation

Confidence = Literal["clear", "weak", "guess"]
LEVELS: Final[tuple[Confidence, ...]] = ("clear", "weak", "guess")


@dataclass(frozen=True)
class Thresholds:
    """The spreads (nats) from which a ranking of n candidates is weak or clear: these plus `slope` * ln(n)."""

    weak: float
    clear: float
    slope: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what would tell nothing apart.

        Raises:
            ValueError: unless 0 < weak <= clear and slope >= 0, all finite.
        """
        if not (0.0 < self.weak <= self.clear < math.inf and 0.0 <= self.slope < math.inf):
            raise ValueError(f"thresholds {self}")

    @classmethod
    def from_json(cls, found: object) -> Thresholds:
        """Those that `to_json` has written.

        Raises:
            ValueError: if it is anything else.
        """
        names = {"weak", "clear", "slope"}
        if (
            not isinstance(found, Mapping)
            or set(found) != names
            or any(type(n) not in (int, float) for n in found.values())
        ):
            raise ValueError(f"thresholds {found}")
        return cls(**{name: float(found[name]) for name in names})

    def to_json(self) -> dict[str, float]:
        """As `{"weak", "clear", "slope"}`."""
        return {"weak": self.weak, "clear": self.clear, "slope": self.slope}


@runtime_checkable
class Relating(Protocol):
    """A recommender that may know whether anything on offer relates to a basket."""

    evidence: Evidence | None

    def relation(self, request: RankRequest) -> Relation | None:
        """How what is on offer lies to what was bought; None where it can't say."""
        ...


DEFAULT: Final = Thresholds(weak=0.1311, clear=0.5086, slope=1.0)
"""For checkpoints that were never calibrated, such as fine-tuned ones: those of the shipped model."""


def spread(ranking: Ranking) -> float:
    """How far the log-probabilities spread, nats; 0 for one candidate, or where all are alike."""
    return spread_of([row.log_probability for row in ranking])


def spread_of(log_probabilities: Sequence[float]) -> float:
    """The same of log-probabilities in any order.

    Raises:
        ValueError: without one.
    """
    found = [max(one, FLOOR) for one in log_probabilities]
    return (statistics.pstdev(found) + max(found) - statistics.median(found)) / 2


def of(ranking: Ranking, thresholds: Thresholds = DEFAULT) -> Confidence:
    """How much a ranking of any number of candidates knows."""
    return _level(spread(ranking) - thresholds.slope * math.log(len(ranking)), thresholds)


def by_relation(ranking: Ranking, relation: Relation, evidence: Evidence) -> Confidence:
    """How much a ranking knows where it is also known how what is on offer lies to the basket."""
    return "guess" if len(ranking) == 1 else _level(evidence.log_odds(ranking, relation), evidence)


def judged(recommender: object, request: RankRequest, ranking: Ranking) -> Confidence:
    """How much `recommender` knows in its `ranking` of a request: by all that it can say itself."""
    if isinstance(recommender, Relating) and recommender.evidence is not None:
        relation = recommender.relation(request)
        if relation is not None:
            return by_relation(ranking, relation, recommender.evidence)
    return of(ranking, getattr(recommender, "thresholds", DEFAULT))


def _level(found: float, levels: Thresholds | Evidence) -> Confidence:
    return "clear" if found >= levels.clear else "weak" if found >= levels.weak else "guess"
