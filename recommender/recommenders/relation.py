"""Whether anything on offer relates to a basket: evidence from the items' names, weighed with what a ranking says.

A ranking alone can't tell a small shop that has the right thing from one in which something is merely the least odd.
The vectors of names can: what is bought together lies near by cosine. The evidence is weighed to the log of the odds
that something on offer relates, by a logistic regression over customers of whom it is known (`training.calibrate`).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Final

from recommender.recommenders.ranking import Ranking

FLOOR: Final = -25.0
"""Log-probabilities are no lower (nats): what is impossible is no further away than what is next to it."""


@dataclass(frozen=True)
class Relation:
    """How what is on offer lies to a basket, as cosines of names' vectors, -1 to 1.

    Attributes:
        nearest: of the candidate that is nearest to the basket's mean.
        mean: of all candidates to the basket's mean.
        cohesion: length of the candidates' mean vector, 0 to 1: how much of one kind the shop's goods are.
    """

    nearest: float
    mean: float
    cohesion: float


@dataclass(frozen=True)
class Evidence:
    """What the evidence weighs: `bias` and a weight for each, and the log odds from which an answer is weak or clear.

    Attributes:
        deviation: for each nat of the log-probabilities' standard deviation.
        candidates: for each unit of ln(number of candidates).
        nearest, mean, cohesion: for each unit of `Relation`.
    """

    bias: float
    deviation: float
    candidates: float
    nearest: float
    mean: float
    cohesion: float
    weak: float
    clear: float

    def __post_init__(self) -> None:
        """Refuse what would tell nothing apart.

        Raises:
            ValueError: unless all are finite and weak <= clear.
        """
        if not (all(map(math.isfinite, asdict(self).values())) and self.weak <= self.clear):
            raise ValueError(f"evidence {self}")

    @classmethod
    def from_json(cls, found: object) -> Evidence:
        """Those that `to_json` has written.

        Raises:
            ValueError: if it is anything else.
        """
        names = {one.name for one in fields(cls)}
        if (
            not isinstance(found, Mapping)
            or set(found) != names
            or any(type(number) not in (int, float) for number in found.values())
        ):
            raise ValueError(f"evidence {found}")
        return cls(**{name: float(found[name]) for name in names})

    def to_json(self) -> dict[str, float]:
        """The numbers by name."""
        return asdict(self)

    def log_odds(self, ranking: Ranking, relation: Relation) -> float:
        """Of something on offer relating to the basket, natural logarithm."""
        weights = (self.deviation, self.candidates, self.nearest, self.mean, self.cohesion)
        return self.bias + sum(w * n for w, n in zip(weights, numbers(ranking, relation), strict=True))


def numbers(ranking: Ranking, relation: Relation) -> Sequence[float]:
    """What is weighed, in the order of `Evidence`: deviation, ln(candidates), nearest, mean, cohesion."""
    found = [max(row.log_probability, FLOOR) for row in ranking]
    return statistics.pstdev(found), math.log(len(found)), relation.nearest, relation.mean, relation.cohesion
