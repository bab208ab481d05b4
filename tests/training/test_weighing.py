"""What evidence weighs, from answers that are known."""

import math
import random

import numpy as np
import pytest

from recommender.training.weighing import Weighed, evidence, share_of_related


def answers(seed: int, count: int = 400) -> list[Weighed]:
    """Related where the third number is high, by a logistic law; the others mean nothing."""
    rng = random.Random(seed)
    found = []
    for number in range(count):
        row = [rng.gauss(0, 1) for _ in range(5)]
        chance = 1 / (1 + math.exp(-4 * row[2]))
        found.append(Weighed(row, rng.random() < chance, f"group {number % 2}"))
    return found


def test_what_tells_them_apart_weighs_most() -> None:
    found = evidence(answers(1))
    assert found.nearest > 2.0
    assert max(abs(found.deviation), abs(found.candidates), abs(found.mean), abs(found.cohesion)) < 1.0
    assert found.weak <= found.clear


def test_the_weak_level_tells_either_kind_as_well() -> None:
    told = answers(2)
    found = evidence(told)
    odds = [found.bias + found.nearest * one.numbers[2] for one in told]
    known = [odd >= found.weak for odd, one in zip(odds, told, strict=True) if one.related]
    strange = [odd < found.weak for odd, one in zip(odds, told, strict=True) if not one.related]
    assert abs(sum(known) / len(known) - sum(strange) / len(strange)) < 0.1
    assert min(sum(known) / len(known), sum(strange) / len(strange)) > 0.75


def test_one_kind_alone_weighs_nothing() -> None:
    with pytest.raises(ValueError, match="both"):
        evidence([Weighed([0.0] * 5, True, "a")])


def test_kinds_of_unequal_number_count_as_many() -> None:
    assert share_of_related(np.array([1.0, 2.0]), np.array([0.0, 1.0]), 1.0) == pytest.approx(2 / 3)
    assert share_of_related(np.array([1.0]), np.array([1.0]), 5.0) == 1.0
