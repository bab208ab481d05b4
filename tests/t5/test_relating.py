"""How what is on offer lies to a basket: vectors by hand."""

import numpy as np
import pytest

from recommender.t5.relating import relation

EAST, NORTH, WEST = np.eye(3, dtype=np.float32)[0], np.eye(3, dtype=np.float32)[1], -np.eye(3, dtype=np.float32)[0]


def test_near_and_far_are_told_from_the_baskets_mean() -> None:
    found = relation(np.stack([EAST, NORTH]), np.stack([EAST, WEST]))
    assert found.nearest == pytest.approx(0.5**0.5) and found.mean == pytest.approx(0.0, abs=1e-6)
    assert found.cohesion == pytest.approx(0.0, abs=1e-6)


def test_goods_of_one_kind_cohere() -> None:
    assert relation(EAST[None], np.stack([NORTH, NORTH])).cohesion == pytest.approx(1.0)


def test_a_basket_that_points_nowhere_is_near_to_nothing() -> None:
    assert relation(np.stack([EAST, WEST]), EAST[None]).nearest == 0.0
