"""How much of what customers want is still there once a large catalogue is cut down to what a model ranks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Recall:
    """recall@k of a retrieval, measured on purchases that it had not learned from.

    Attributes:
        at: k, how many items were retrieved.
        value: the share of questions whose next item is among those; `low` to `high` is its 95 % interval.
        questions: how many purchases it was measured on, one a customer.
    """

    at: int
    value: float
    low: float
    high: float
    questions: int

    def to_json(self) -> dict[str, Any]:
        """As a JSON document."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: object) -> Recall | None:
        """What `to_json` wrote; None for what wasn't measured.

        Raises:
            ValueError: for anything else.
        """
        if found is None:
            return None
        if not isinstance(found, Mapping):
            raise ValueError("recall")
        try:
            at, questions = int(found["at"]), int(found["questions"])
            shares = [float(found[name]) for name in ("value", "low", "high")]
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError("recall") from error
        if at < 1 or questions < 1 or not all(math.isfinite(one) and 0 <= one <= 1 for one in shares):
            raise ValueError("recall")
        return cls(at, shares[0], shares[1], shares[2], questions)
