"""How sure a shop's recommender may call itself: thresholds of its confidence, from sales that it hasn't learned from.

The spread of an answer says how much it knows (`recommender.recommenders.confidence`). What a spread is worth differs
from shop to shop: here it is how often answers of about that spread were right on the questions that chose the blend,
which rises with the spread (isotonic regression: Zadrozny & Elkan, KDD 2002). Where that is half of the time an answer
is clear; where it is no more often than the best seller is right, or than one time in ten, it is a guess.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.shops import ranks
from recommender.recommenders.confidence import Thresholds, spread_of
from recommender.recommenders.sales.chosen import log_probabilities
from recommender.recommenders.sales.numbered import Scores

RIGHT: Final = 0.5
"""How often a clear answer is right, at least."""
WRONG: Final = 0.1
"""How often a guess is, at most, where the best seller is right less often."""
FEWEST: Final = 10
"""Answers without which a share says nothing."""
_LEAST: Final = 1e-4


def thresholds(levels: NDArray[np.float64], right: NDArray[np.bool_], known: float) -> Thresholds | None:
    """Those of answers that spread `levels` (nats) and were `right` or not; None for too few answers.

    `known` is how often the best seller is right, which knows nothing of the customer: 0 to 1.
    """
    if len(levels) < 2 * FEWEST:
        return None
    order = np.argsort(levels, kind="stable")
    levels, share = levels[order], _rising(right[order].astype(np.float64))
    sure, poor = np.flatnonzero(share >= RIGHT), np.flatnonzero(share <= max(known, WRONG))
    # Out of reach where no answers are so good; and where none is so poor, none is a guess.
    clear = float(levels[sure[0]]) if len(sure) >= FEWEST else float(levels[-1]) + 1
    weak = float(levels[poor[-1]]) + 2 * _LEAST if len(poor) >= FEWEST else _LEAST
    # Rounded down: a level that was measured reaches the threshold that is it.
    clear, weak = (max(math.floor(one * 1e4) / 1e4, _LEAST) for one in (clear, weak))
    return Thresholds(min(weak, clear), clear)


def _rising(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The nearest values that never fall, by pooling neighbours that do; the same shape."""
    blocks: list[tuple[float, int]] = []
    for value in values.tolist():
        mean, count = value, 1
        while blocks and blocks[-1][0] >= mean:
            before, size = blocks.pop()
            mean, count = (before * size + mean * count) / (size + count), size + count
        blocks.append((mean, count))
    return np.repeat([mean for mean, _ in blocks], [count for _, count in blocks])


def calibrated(
    blend: Scores, popular: Scores, wanted: NDArray[np.int64], offer: NDArray[np.bool_]
) -> Thresholds | None:
    """The thresholds of a blend by what it says of questions, beside what popularity says; None for too few.

    Scores and `offer` are of shape (questions, items), `wanted` the items that were bought.
    """
    chances = log_probabilities(blend, offer)
    levels = [spread_of(row[there].tolist()) for row, there in zip(chances, offer, strict=True)]
    known = float((ranks(popular, wanted, offer) == 1).mean()) if len(wanted) else 0.0
    return thresholds(np.array(levels), ranks(blend, wanted, offer) == 1, known)
