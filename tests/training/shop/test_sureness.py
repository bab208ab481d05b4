"""How sure a shop's recommender may call itself, from answers whose worth is known."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.recommenders.confidence import Thresholds
from recommender.training.shop.sureness import RIGHT, WRONG, calibrated, thresholds


def answers(*groups: tuple[float, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Of each group the spread, how many answers have it, and how many of them are right."""
    levels = [spread + 1e-3 * place for spread, count, _ in groups for place in range(count)]
    right = [np.diff(np.arange(count + 1) * hits // count) > 0 for _, count, hits in groups]
    return np.array(levels), np.concatenate(right)


def test_clear_answers_are_right_half_of_the_time_and_guesses_hardly_ever() -> None:
    levels, right = answers((0.5, 40, 2), (1.5, 40, 12), (3.0, 40, 30))
    found = thresholds(levels, right, known=0.05)
    assert found is not None and found.slope == 0
    clear, guess = levels >= found.clear, levels < found.weak
    assert right[clear].mean() >= RIGHT and right[guess].mean() <= WRONG
    assert clear.sum() >= 30 and guess.sum() >= 30 and (~clear & ~guess).sum() >= 30


def test_where_the_best_seller_is_often_right_more_is_a_guess() -> None:
    levels, right = answers((0.5, 40, 2), (1.5, 40, 12), (3.0, 40, 30))
    modest, proud = thresholds(levels, right, known=0.05), thresholds(levels, right, known=0.25)
    assert modest is not None and proud is not None and proud.weak > modest.weak


def test_a_shop_that_can_not_be_foretold_is_never_clear_and_one_that_can_never_guesses() -> None:
    levels, right = answers((1.0, 50, 5), (2.0, 50, 6))
    dull = thresholds(levels, right, known=0.02)
    assert dull is not None and dull.clear > levels.max()
    levels, right = answers((1.0, 50, 40), (2.0, 50, 45))
    sharp = thresholds(levels, right, known=0.1)
    assert sharp is not None and sharp.weak < levels.min() < sharp.clear < 1.01


@pytest.mark.parametrize("count", [0, 1, 19])
def test_few_answers_calibrate_nothing(count: int) -> None:
    assert thresholds(np.ones(count), np.ones(count, bool), 0.1) is None


def test_a_blend_is_calibrated_by_what_it_says_among_what_is_on_offer() -> None:
    rng = np.random.default_rng(0)
    wanted = rng.integers(0, 5, 60)
    blend = (rng.normal(size=(60, 6)) / 10).astype(np.float32)
    sure = np.arange(60) % 2 == 0
    blend[sure, wanted[sure]] += 4
    blend[:, 5] = 99  # which is not on offer
    offer = np.ones((60, 6), bool)
    offer[:, 5] = False
    found = calibrated(blend, np.zeros((60, 6), np.float32), wanted, offer)
    assert isinstance(found, Thresholds) and 0.1 < found.clear < 3
    none = np.zeros((0, 6), np.float32)
    assert calibrated(none, none, np.zeros(0, np.int64), none.astype(bool)) is None
