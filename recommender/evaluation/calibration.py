"""Whether a probability means what it says: the reliability of a recommendation's probability, and its error.

Of all recommendations with probability p a share of p should be right. They are put into bins of equal width; the
expected calibration error is the mean distance between a bin's probability and its share of right ones, weighted by
how many lie in it (Naeini, Cooper & Hauskrecht, AAAI 2015). Where the law of the customers is known the chance that
the recommendation is right stands in the place of one draw from it, which would only add noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from recommender.evaluation.metrics import Estimate

BINS: Final = 10
RESAMPLES: Final = 1000


@dataclass(frozen=True)
class Bin:
    """Recommendations of about one probability: how many, their mean probability, and the share that was right."""

    rows: int
    probability: float
    right: float

    def to_json(self) -> dict[str, float]:
        """As `{"rows", "probability", "right"}`."""
        return asdict(self)


def reliability(probabilities: Sequence[float], right: Sequence[float], bins: int = BINS) -> list[Bin]:
    """The bins that are not empty, the least probable first; `right` are shares between 0 and 1.

    Raises:
        ValueError: without a row, if the two lengths differ, or something is not between 0 and 1.
    """
    chances, shares = _checked(probabilities, right)
    places = np.minimum((chances * bins).astype(int), bins - 1)
    return [
        Bin(int(there.sum()), float(chances[there].mean()), float(shares[there].mean()))
        for there in (places == place for place in range(bins))
        if there.any()
    ]


def expected_error(probabilities: Sequence[float], right: Sequence[float], bins: int = BINS, seed: int = 0) -> Estimate:
    """The expected calibration error with the bootstrap's 95 % interval over rows. Raises as `reliability` does."""
    chances, shares = _checked(probabilities, right)
    rng = np.random.default_rng(seed)
    drawn = [rng.integers(len(chances), size=len(chances)) for _ in range(RESAMPLES)]
    value = _error(chances, shares, bins)
    low, high = np.percentile([_error(chances[rows], shares[rows], bins) for rows in drawn], [2.5, 97.5])
    # A resample's own noise adds to its error: the interval lies above the value where that is near 0.
    return Estimate(value, min(value, float(low)), max(value, float(high)))


def _error(chances: np.ndarray, shares: np.ndarray, bins: int) -> float:
    places = np.minimum((chances * bins).astype(int), bins - 1)
    gaps = np.bincount(places, weights=chances - shares, minlength=bins)
    return float(np.abs(gaps).sum() / len(chances))


def _checked(probabilities: Sequence[float], right: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    chances, shares = np.asarray(probabilities, float), np.asarray(right, float)
    within = all(bool(((part >= 0) & (part <= 1)).all()) for part in (chances, shares))
    if not len(chances) or len(chances) != len(shares) or not within:
        raise ValueError(f"{len(chances)} probabilities beside {len(shares)} shares")
    return chances, shares
