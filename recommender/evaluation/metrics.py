"""Measures of a recommender as pure functions, and their 95 % intervals.

Each row has one relevant item, its next one; `rank` is that item's place among the candidates, 1 the best, None if it
is not there. Rows of a group hold the same items, so a group counts as one trial:

* a share of rows (hit@k, raw_*, coherent@1, top1_share) has Wilson's score interval with n = number of groups (Wilson,
  JASA 1927), which stays honest at 0 and 1;
* a mean of graded values (mrr, ndcg, rouge, shuffle_agreement), a paired difference and a ratio of means have the
  percentile bootstrap over groups (Efron & Tibshirani 1993; Field & Welsh, JRSS B 2007), seeded.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.shop.collectors import Labelled, is_collector

Z95: Final = 1.959964
RESAMPLES: Final = 2000
ROUGE: Final = ("rouge1", "rouge2", "rougeL")


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval; both ends are None for a count of this very set, which estimates nothing."""

    value: float
    low: float | None = None
    high: float | None = None

    def to_json(self) -> dict[str, float | None]:
        """As `{"value", "low", "high"}`."""
        return {"value": self.value, "low": self.low, "high": self.high}


Thing = TypeVar("Thing", bound=Labelled)


def hit(rank: int | None, k: int) -> bool:
    """Whether the relevant item is among the `k` best; false if it is no candidate."""
    return rank is not None and rank <= k


def reciprocal_rank(rank: int | None) -> float:
    """1 / rank; 0 if the relevant item is no candidate (Voorhees, TREC-8 1999)."""
    return 0.0 if rank is None else 1.0 / rank


def ndcg(rank: int | None, k: int = 10) -> float:
    """1 / log2(1 + rank) up to rank `k`, else 0; one relevant item makes the ideal 1 (Järvelin & Kekäläinen 2002)."""
    return 1.0 / math.log2(1 + rank) if rank is not None and rank <= k else 0.0


class _Words:
    """Words between white space, in lower case: rouge_score's own tokenizer drops every letter that is not a-z."""

    def tokenize(self, text: str) -> list[str]:
        return text.lower().split()


@functools.cache
def _scorer() -> Any:
    # Here because it imports nltk, which only ROUGE needs.
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(list(ROUGE), tokenizer=_Words())


def rouge(prediction: str, reference: str) -> dict[str, float]:
    """F-measure of rouge1, rouge2 and rougeL over words, in either language (Lin 2004).

    An empty prediction scores 0. A name of one word has no bigram, so its rouge2 is 0 even when it is right.
    """
    return {name: float(score.fmeasure) for name, score in _scorer().score(reference, prediction).items()}


def fitting(basket: Sequence[Labelled], candidates: Sequence[Thing]) -> list[Thing]:
    """The coherent candidates: a collector's of its role, whatever their sport; else those of a sport in the basket.

    Empty where the basket's sports are all unknown or nothing of them is left.
    """
    if is_collector(basket):
        return [item for item in candidates if item.role == basket[0].role]
    sports = {item.sport for item in basket} - {""}
    return [item for item in candidates if item.sport in sports]


def wilson(share: float, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share in `trials` trials; it always holds the share itself."""
    spread = Z95**2 / trials
    centre = (share + spread / 2) / (1 + spread)
    half = Z95 * math.sqrt(share * (1 - share) / trials + spread / trials / 4) / (1 + spread)
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))


def share(values: Sequence[bool], groups: Sequence[Hashable]) -> Estimate:
    """The share of true rows, with Wilson's interval over groups.

    Raises:
        ValueError: without a row, or with more or fewer groups than rows.
    """
    _check(len(values), len(groups))
    value = sum(values) / len(values)
    return Estimate(value, *wilson(value, len(set(groups))))


def mean(values: Sequence[float], groups: Sequence[Hashable], seed: int = 0) -> Estimate:
    """The mean of values between 0 and 1, with the bootstrap's interval over groups.

    Where all groups agree (or there is one) the bootstrap would claim certainty: Wilson's interval takes its place.

    Raises:
        ValueError: without a row, or with more or fewer groups than rows.
    """
    _check(len(values), len(groups))
    value = float(np.mean(values))
    low, high = _bootstrap(values, np.ones(len(values)), groups, seed)
    if math.isclose(low, high):
        low, high = wilson(value, len(set(groups)))
    return Estimate(value, low, high)


def paired_difference(
    first: Sequence[float], second: Sequence[float], groups: Sequence[Hashable], seed: int = 0
) -> Estimate:
    """Mean of `first - second` row by row; the second is beaten where the whole interval is above 0.

    Raises:
        ValueError: without a row, or with lengths that differ.
    """
    _check(len(first), len(second), len(groups))
    difference = np.asarray(first, float) - np.asarray(second, float)
    return Estimate(float(difference.mean()), *_bootstrap(difference, np.ones(len(first)), groups, seed))


def ratio_of_means(
    first: Sequence[float], second: Sequence[float], groups: Sequence[Hashable], seed: int = 0
) -> Estimate:
    """Mean of `first` over mean of `second`, both drawn anew together in each resample.

    Raises:
        ValueError: without a row, with lengths that differ, or if all of `second` is 0.
    """
    _check(len(first), len(second), len(groups))
    if not any(second):
        raise ValueError("a ratio to a mean of 0")
    return Estimate(float(np.sum(first) / np.sum(second)), *_bootstrap(first, second, groups, seed))


def distinct_top1(answers: Sequence[str]) -> Estimate:
    """How many different items come first over all rows: a count of this set, without an interval."""
    return Estimate(len(set(answers)))


def top1_share(answers: Sequence[str], groups: Sequence[Hashable]) -> Estimate:
    """The share of rows whose best item is the commonest best item; 1 is total collapse.

    Raises:
        ValueError: without a row, or with more or fewer groups than rows.
    """
    _check(len(answers), len(groups))
    commonest = Counter(answers).most_common(1)[0][0]
    return share([answer == commonest for answer in answers], groups)


def shuffle_agreement(answer: str, shuffled: Sequence[str]) -> float:
    """The share of `shuffled` orders whose best item is `answer`, the one in catalogue order."""
    return sum(other == answer for other in shuffled) / len(shuffled)


def _check(rows: int, *others: int) -> None:
    if not rows or any(other != rows for other in others):
        raise ValueError(f"{rows} values beside {list(others)}")


def _bootstrap(
    above: Sequence[float] | NDArray[np.float64],
    below: Sequence[float] | NDArray[np.float64],
    groups: Sequence[Hashable],
    seed: int,
) -> tuple[float, float]:
    """2.5 % and 97.5 % points of sum(above) / sum(below) over resamples of whole groups, those of 0/0 left out."""
    places = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    index = [places[group] for group in groups]
    sums = np.zeros((len(places), 2))
    np.add.at(sums, index, np.column_stack([above, below]))
    totals = _resamples(len(places), seed).astype(float) @ sums
    kept = totals[totals[:, 1] > 0]
    low, high = np.percentile(kept[:, 0] / kept[:, 1], [2.5, 97.5])
    return float(low), float(high)


@functools.lru_cache(maxsize=2)
def _resamples(groups: int, seed: int) -> NDArray[np.uint16]:
    """How often each group is drawn, shape (RESAMPLES, groups); kept because all measures of an evaluation need it."""
    rng = np.random.default_rng(seed)
    draws = rng.integers(groups, size=(RESAMPLES, groups))
    return np.stack([np.bincount(draw, minlength=groups).astype(np.uint16) for draw in draws])
