"""Measures of methods for one shop: the rank of what was bought next among what is on offer, all questions at once."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation import metrics
from recommender.evaluation.metrics import Estimate
from recommender.recommenders.sales.numbered import Scores
from recommender.shop.sales.history import Question

LENGTHS: Final = ("1", "2-3", "4+")
"""Of baskets, by the purchases in them; a basket of none counts among the first."""


def ranks(scores: Scores, wanted: NDArray[np.int64], offered: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The place of each wanted item among what is on offer, 1 the best: shape (questions,).

    Of equal scores the first of the catalogue comes first. A wanted item that isn't on offer comes after all.

    Raises:
        ValueError: where the shapes differ.
    """
    if scores.shape != offered.shape or len(wanted) != len(scores):
        raise ValueError(f"scores of shape {scores.shape}, an offer of {offered.shape}, {len(wanted)} questions")
    rows = np.arange(len(wanted))
    own = scores[rows, wanted][:, None]
    earlier = np.arange(scores.shape[1]) < wanted[:, None]
    ahead = offered & ((scores > own) | ((scores == own) & earlier))
    places = 1 + ahead.sum(axis=1)
    return np.asarray(np.where(offered[rows, wanted], places, scores.shape[1] + 1), np.int64)


def measures(placed: Sequence[int] | NDArray[np.int64], customers: Sequence[int]) -> dict[str, Estimate]:
    """hit@1, hit@5, hit@10, mrr and ndcg@10 of ranks, with 95 % intervals over customers.

    Raises:
        ValueError: without a question, or with more or fewer customers than ranks.
    """
    found = [int(rank) for rank in placed]
    hits = {f"hit@{k}": metrics.share([metrics.hit(rank, k) for rank in found], customers) for k in (1, 5, 10)}
    reciprocal = metrics.mean([metrics.reciprocal_rank(rank) for rank in found], customers)
    return {**hits, "mrr": reciprocal, "ndcg@10": metrics.mean([metrics.ndcg(rank) for rank in found], customers)}


def groups(questions: Sequence[Question], cold: Container[int] = ()) -> dict[str, NDArray[np.int64]]:
    """Places of all questions, of those of each length of the basket, and of those whose item never trained.

    Questions of cold items are in none of the lengths, and a group without a question is left out.

    Args:
        questions: what is asked.
        cold: items that no method has seen.
    """
    lengths = np.array([len(one.history.bought) for one in questions], int)
    unseen = np.array([one.next in cold for one in questions], bool)
    bins = (lengths <= 1, (lengths > 1) & (lengths < 4), lengths > 3)
    found = {"all": np.arange(len(questions))}
    found |= {f"basket {name}": np.flatnonzero(mask & ~unseen) for name, mask in zip(LENGTHS, bins, strict=True)}
    found["cold"] = np.flatnonzero(unseen)
    return {name: places for name, places in found.items() if len(places)}


def measured(
    questions: Sequence[Question],
    scores: Mapping[str, Scores],
    offered: NDArray[np.bool_],
    cold: Container[int] = (),
) -> dict[str, dict[str, dict[str, Estimate]]]:
    """By method and by group of questions (see `groups`), the measures.

    Raises:
        ValueError: where scores or the offer aren't of these questions.
    """
    wanted = np.array([one.next for one in questions], np.int64)
    parts = groups(questions, cold)
    found: dict[str, dict[str, dict[str, Estimate]]] = {}
    for method, own in scores.items():
        placed = ranks(own, wanted, offered)
        found[method] = {
            name: measures(placed[places], [questions[place].customer for place in places])
            for name, places in parts.items()
        }
    return found
