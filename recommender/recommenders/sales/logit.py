"""The conditional logit (McFadden 1973): weights of parts from which item of those on offer was chosen.

The loss is convex and has few weights, so that Newton's method with the weights held at 0 or above needs some ten
steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.numbered import Scores

MOST: Final = 200
"""Items of a question that count: those that the parts together hold for the likeliest."""
STEPS: Final = 50
ENOUGH: Final = 1e-6
"""Nats that a step has to gain."""
ROWS: Final = 256
"""Questions at a time."""


@dataclass(frozen=True)
class Choices:
    """Questions as what each part says of each item on offer.

    Of many items a question holds those that the parts together hold for the likeliest, whichever was chosen, and a
    question whose item is not among them is left out: what is likely among some items is what a logit says of them,
    while an item put among them because it was chosen would be the least likely of all, and teach that nobody is to be
    believed.

    Attributes:
        said: shape (questions, items that count, parts), 0 where there is no item.
        base: shape (questions, items that count): what is added with weight 1; -inf where there is no item.
        right: the place of the chosen item in each question.
        asked: the numbers of the questions that are held, of those that were given.
    """

    said: NDArray[np.float32]
    base: NDArray[np.float32]
    right: NDArray[np.int64]
    asked: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        scores: Sequence[Scores],
        wanted: NDArray[np.int64],
        offer: NDArray[np.bool_],
        base: Scores | None = None,
    ) -> Choices:
        """From each part's scores of shape (questions, items), the chosen items and what was on offer."""
        rows = np.arange(len(wanted))
        total = np.zeros(offer.shape, np.float32) if base is None else base.astype(np.float32)
        if offer.shape[1] > MOST:
            likely = np.where(offer, sum(_centred(one, offer) for one in scores) + total, -np.inf)
            places = np.sort(np.argpartition(-likely, MOST, axis=1)[:, :MOST], axis=1)
        else:
            places = np.tile(np.arange(offer.shape[1]), (len(wanted), 1))
        there = np.take_along_axis(offer, places, axis=1)
        there[places == wanted[:, None]] = True
        said = np.stack([np.take_along_axis(one, places, axis=1) for one in scores], axis=2).astype(np.float32)
        said[~there] = 0
        own = np.where(there, np.take_along_axis(total, places, axis=1), -np.inf).astype(np.float32)
        is_right = places == wanted[:, None]
        return cls(said, own, is_right.argmax(axis=1).astype(np.int64), rows).at(np.flatnonzero(is_right.any(axis=1)))

    @property
    def parts(self) -> int:
        """How many there are."""
        return int(self.said.shape[2])

    def at(self, places: NDArray[np.int64]) -> Choices:
        """Some of the questions."""
        return Choices(self.said[places], self.base[places], self.right[places], self.asked[places])

    def log_likelihoods(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log p(chosen item) of each question by weights of shape (questions, parts)."""
        blend = self.base + np.einsum("qip,qp->qi", self.said, weights.astype(np.float32))
        return np.asarray(blend[np.arange(len(blend)), self.right] - _log_sum(blend), np.float64)


def conditional_logit(
    choices: Choices,
    used: tuple[int, ...] | None = None,
    centre: NDArray[np.float64] | None = None,
    penalty: float = 0.0,
) -> NDArray[np.float64]:
    """The weights, at least 0, with the least mean of -log p(chosen item) + penalty / 2 |weights - centre|^2.

    Args:
        choices: the questions.
        used: the parts whose weights may differ from 0; all of them by default.
        centre: what the weights are drawn towards; 0 by default.
        penalty: how much.

    Returns:
        Shape (parts,).
    """
    used = tuple(range(choices.parts)) if used is None else used
    if len(used) < choices.parts:
        choices = Choices(choices.said[:, :, list(used)], choices.base, choices.right, choices.asked)
        found = np.zeros(max(used) + 1 if centre is None else len(centre))
        inner = None if centre is None else centre[list(used)]
        found[list(used)] = conditional_logit(choices, None, inner, penalty)
        return found
    towards = np.zeros(choices.parts) if centre is None else centre
    weights = np.where(towards > 0, towards, 1 / choices.parts)
    loss, slope, curve = _derivatives(choices, weights, towards, penalty)
    for _ in range(STEPS):
        free = (weights > 0) | (slope < 0)
        if not free.any():
            break
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(curve[np.ix_(free, free)] + 1e-9 * np.eye(int(free.sum())), slope[free])
        before = loss
        for shorter in range(12):
            tried = np.maximum(0, weights - step * 0.5**shorter)
            found_loss, found_slope, found_curve = _derivatives(choices, tried, towards, penalty)
            if found_loss < loss:
                weights, loss, slope, curve = tried, found_loss, found_slope, found_curve
                break
        if before - loss < ENOUGH:
            break
    return weights


def _derivatives(
    choices: Choices, weights: NDArray[np.float64], centre: NDArray[np.float64], penalty: float
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    count, parts = len(choices.right), choices.parts
    loss, slope, curve = 0.0, np.zeros(parts), np.zeros((parts, parts))
    for first in range(0, count, ROWS):
        said, base = choices.said[first : first + ROWS].astype(np.float64), choices.base[first : first + ROWS]
        rows = np.arange(len(said))
        right = choices.right[first : first + ROWS]
        blend = base + said @ weights
        log_sum = _log_sum(blend)
        share = np.exp(blend - log_sum[:, None])
        expected = np.einsum("qi,qip->qp", share, said)
        loss += float((log_sum - blend[rows, right]).sum())
        slope += (expected - said[rows, right]).sum(axis=0)
        flat = said.reshape(-1, parts)
        curve += flat.T @ (flat * share.reshape(-1, 1)) - expected.T @ expected
    away = weights - centre
    penal = penalty * np.eye(parts)
    return loss / count + penalty / 2 * float(away @ away), slope / count + penalty * away, curve / count + penal


def _log_sum(blend: NDArray[np.floating]) -> NDArray[np.float64]:
    top = blend.max(axis=1, keepdims=True)
    return np.asarray(top[:, 0] + np.log(np.exp(blend - top).sum(axis=1)), np.float64)


def _centred(scores: Scores, offer: NDArray[np.bool_]) -> Scores:
    """Scores less the highest on offer: parts of other offsets speak alike."""
    return np.asarray(scores - np.where(offer, scores, -np.inf).max(axis=1, keepdims=True), np.float32)
