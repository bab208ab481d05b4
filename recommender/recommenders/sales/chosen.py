"""Choosing a method's settings by what it says of purchases that it hasn't seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.numbered import Scorer, Scores
from recommender.recommenders.sales.pasts import offered
from recommender.shop.sales.history import Question

Method = TypeVar("Method", bound=Scorer)


def log_probabilities(scores: Scores, offer: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Scores as natural logs of probabilities over what is on offer; -inf for the rest: shape (questions, items)."""
    open_to = np.where(offer, scores.astype(np.float64), -np.inf)
    top = open_to.max(axis=1, keepdims=True, initial=-1e30)
    return np.asarray(open_to - top - np.log(np.exp(open_to - top).sum(axis=1, keepdims=True)), np.float64)


def log_likelihood(scores: Scores, wanted: NDArray[np.int64], offer: NDArray[np.bool_]) -> float:
    """The mean of log p(wanted item) among what is on offer, in nats."""
    return float(log_probabilities(scores, offer)[np.arange(len(wanted)), wanted].mean())


def choose(
    fit: Callable[..., Method],
    grid: Mapping[str, Sequence[Any]],
    questions: Sequence[Question],
    items: int,
    *,
    repeats: bool,
    late: Callable[[], bool] = lambda: False,
) -> tuple[dict[str, Any], float]:
    """The settings with the best log-likelihood of the questions, one after the other, each beside the best so far.

    Each setting begins with the first of its values; of equally good ones the earlier stays. `fit` is called with all
    of them by name, once for each. Once it is `late` no more are tried.

    Returns:
        The settings, and the mean log-likelihood (nats); without a question the first values, and 0.
    """
    settings = {name: values[0] for name, values in grid.items()}
    if not questions:
        return settings, 0.0
    histories = [one.history for one in questions]
    wanted = np.array([one.next for one in questions], np.int64)
    offer = offered(histories, items, repeats=repeats)

    def judged(tried: Mapping[str, Any]) -> float:
        return log_likelihood(fit(**tried).scores(histories), wanted, offer)

    best = judged(settings)
    for name, values in grid.items():
        for value in values:
            if late():
                return settings, best
            if value != settings[name] and (found := judged({**settings, name: value})) > best:
                best, settings = found, {**settings, name: value}
    return settings, best
