"""Figures while it is trained are those of the ranking that is delivered."""

import numpy as np
import pytest

from recommender.training.shop.judging import figures


def test_figures_of_places() -> None:
    found = figures(np.array([1, 2, 11]), np.log([0.5, 0.25, 0.125]))
    assert found.hit == pytest.approx(1 / 3)
    assert found.ndcg == pytest.approx((1 + 1 / np.log2(3)) / 3)
    assert found.questions == 3
    assert found.loss == pytest.approx(2 * np.log(2))


def test_no_questions_are_zero() -> None:
    assert figures(np.array([], np.int64), np.array([])).ndcg == 0.0
