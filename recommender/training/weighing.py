"""What evidence weighs when a model says how much it knows: a logistic regression, and levels of its log odds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from recommender.recommenders.relation import Evidence

CLEAR: Final = 0.88
"""Of the clear answers this share is to related customers; strangers are as many as they."""
SURE: Final = 0.97
"""The same where evidence is weighed, which tells the two kinds apart much better."""
NEWTON_STEPS: Final = 30
RIDGE: Final = 1e-4


@dataclass(frozen=True)
class Weighed:
    """The `relation.numbers` of an answer, whether something related, and the group, all of which weigh the same."""

    numbers: Sequence[float]
    related: bool
    group: str


def evidence(answers: Sequence[Weighed]) -> Evidence:
    """What the evidence weighs, by logistic regression, with levels as `thresholds` finds them.

    Raises:
        ValueError: unless related and strangers are both there.
    """
    rows = np.array([one.numbers for one in answers])
    related = np.array([one.related for one in answers])
    if related.all() or not related.any():
        raise ValueError("strangers and related customers must both be there")
    members = Counter(one.group for one in answers)
    weights = _logistic(rows, related, np.array([1 / members[one.group] for one in answers]))
    odds = rows @ weights[1:] + weights[0]
    strange, known = odds[~related], odds[related]
    weak = max(np.unique(odds), key=lambda level: min((strange < level).mean(), (known >= level).mean()))
    sure = [level for level in np.unique(odds[odds >= weak]) if share_of_related(known, strange, level) >= SURE]
    clear = min(sure, default=odds.max())
    # Rounded down: a level that was measured reaches the threshold that is it.
    levels = [math.floor(level * 1e4) / 1e4 for level in (weak, clear)]
    return Evidence(*(round(float(weight), 6) for weight in weights), *levels)


def _logistic(rows: Any, right: Any, weights: Any) -> Any:
    """Bias and weights of a logistic regression with a whiff of ridge, by Newton's method on standardised columns."""
    mean, scale = rows.mean(0), np.maximum(rows.std(0), 1e-9)
    design = np.column_stack([np.ones(len(rows)), (rows - mean) / scale])
    share = weights / weights.sum()
    found = np.zeros(design.shape[1])
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        gradient = design.T @ (share * (chance - right)) + RIDGE * found
        curvature = (design.T * (share * chance * (1 - chance))) @ design + RIDGE * np.eye(len(found))
        found -= np.linalg.solve(curvature, gradient)
    found[1:] /= scale
    found[0] -= found[1:] @ mean
    return found


def share_of_related(related: Any, strange: Any, level: float) -> float:
    """The share of related customers among those at `level` or above, were there as many of either kind."""
    one, other = float((related >= level).mean()), float((strange >= level).mean())
    return one / (one + other) if one + other else 1.0
