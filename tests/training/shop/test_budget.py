"""The rate follows the clock."""

import pytest

from recommender.training.shop.budget import SHORT_DECAY, STEADY, WARMUP, Budget


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_rate_warms_up_stays_and_decays() -> None:
    clock = Clock()
    budget = Budget(60, clock)
    assert budget.rate(0) == pytest.approx(1 / WARMUP)
    assert budget.rate(WARMUP) == 1.0
    clock.now += 60 * STEADY
    assert budget.decaying
    assert budget.rate(WARMUP) == pytest.approx(1.0)
    clock.now += 60 * (1 - STEADY) / 2
    assert budget.rate(WARMUP) == pytest.approx(0.5)
    clock.now += 60
    assert budget.rate(WARMUP) == 0.0
    assert budget.left == 0.0
    assert budget.share == 1.0


def test_an_early_end_has_a_decay_too() -> None:
    clock = Clock()
    budget = Budget(100, clock)
    clock.now += 10
    budget.finish_early()
    assert budget.left == pytest.approx(100 * SHORT_DECAY)
    assert budget.rate(WARMUP) == pytest.approx(1.0)
    left = budget.left
    budget.finish_early()
    assert budget.left == left, "twice is once"
    clock.now += left / 2
    assert budget.rate(WARMUP) == pytest.approx(0.5)


def test_no_time_is_over_at_once() -> None:
    clock = Clock()
    budget = Budget(0, clock)
    clock.now += 1
    assert budget.left == 0.0


def test_an_early_end_goes_on_from_the_rate_there_is() -> None:
    clock = Clock()
    budget = Budget(100, clock)
    clock.now += 100 * (STEADY + (1 - STEADY) / 2)
    budget.finish_early()
    assert budget.rate(WARMUP) == pytest.approx(0.5)
    assert budget.left == pytest.approx(100 * SHORT_DECAY / 2)
