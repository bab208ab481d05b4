"""What a basket asks of vectors."""

import numpy as np
import pytest

from recommender.retrieval.content import APART, nearness, queries


def test_a_basket_asks_as_a_whole_and_item_by_item_the_last_first() -> None:
    asked = queries(np.eye(3, dtype=np.float32))
    assert asked.shape == (4, 3)
    assert np.linalg.norm(asked[0]) == pytest.approx(1)
    assert asked[0].argmax() == 2 and asked[0].argmin() == 0
    assert asked[1:].tolist() == np.eye(3)[::-1].tolist()


def test_of_a_long_basket_the_latest_ask_alone() -> None:
    assert len(queries(np.ones((50, 2), np.float32))) == 1 + APART


def test_an_empty_basket_asks_nothing() -> None:
    assert len(queries(np.zeros((0, 3), np.float32))) == 0


def test_opposite_items_still_ask_something() -> None:
    vectors = np.array([[1.0, 0.0], [-0.6, 0.0]], np.float32)
    assert np.isfinite(queries(vectors)).all()


def test_nearness_is_one_for_what_is_all_of_it() -> None:
    near = nearness(np.array([[1.0, 0.0], [1.0, 1.0]], np.float32))
    assert near.tolist() == [1.0, 0.5]
