"""Recommenders that know the items of one shop by number and score all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.shop.sales.history import History

Scores = NDArray[np.float32]
"""Shape (histories, items of the catalogue); the natural log of a probability up to an offset a row; finite."""


class Scorer(Protocol):
    """What a method for one shop does. Whoever asks leaves out what is not on offer, and normalises over the rest."""

    def scores(self, histories: Sequence[History]) -> Scores:
        """How likely each item comes next after each history."""
        ...
