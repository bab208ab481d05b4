"""Measures of methods for one shop."""

import math

import numpy as np
import pytest

from recommender.evaluation.shops import groups, measured, measures, ranks
from recommender.shop.sales.history import History, Question


def test_a_rank_counts_what_is_on_offer_and_better() -> None:
    scores = np.array([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0], [1.0, 1.0, 1.0]], np.float32)
    offer = np.array([[True, True, True], [False, True, True], [True, True, True]])
    assert ranks(scores, np.array([2, 2, 1]), offer).tolist() == [3, 2, 2]


def test_what_is_not_on_offer_comes_after_all() -> None:
    assert ranks(np.array([[9.0, 0.0]], np.float32), np.array([0]), np.array([[False, True]])).tolist() == [3]


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="1 questions"):
        ranks(np.zeros((2, 3), np.float32), np.array([0]), np.ones((2, 3), bool))


def test_the_measures_are_those_of_the_rows() -> None:
    found = measures([1, 3, 11], [0, 1, 2])
    assert found["hit@1"].value == pytest.approx(1 / 3)
    assert found["hit@10"].value == pytest.approx(2 / 3)
    assert found["mrr"].value == pytest.approx((1 + 1 / 3 + 1 / 11) / 3)
    assert found["ndcg@10"].value == pytest.approx((1 + 1 / math.log2(4)) / 3)
    assert all(one.low is not None and one.low <= one.value for one in found.values())


def test_questions_fall_apart_by_the_length_of_the_basket_and_cold_items() -> None:
    baskets = [(1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), (1,)]
    questions = [Question(who, History.of_basket(basket), 5) for who, basket in enumerate(baskets)]
    questions[4] = Question(4, History.of_basket((1,)), 6)
    found = {name: places.tolist() for name, places in groups(questions, cold={6}).items()}
    assert found == {"all": [0, 1, 2, 3, 4], "basket 1": [0], "basket 2-3": [1, 2], "basket 4+": [3], "cold": [4]}
    assert "cold" not in groups(questions)


def test_every_method_is_measured_on_every_group() -> None:
    questions = [Question(0, History.of_basket((0,)), 1), Question(1, History.of_basket((0, 1)), 2)]
    scores = {"right": np.array([[0, 9, 0], [0, 0, 9]], np.float32), "wrong": np.zeros((2, 3), np.float32)}
    offer = np.array([[False, True, True], [False, False, True]])
    found = measured(questions, scores, offer)
    assert found["right"]["all"]["hit@1"].value == 1
    assert set(found["wrong"]) == {"all", "basket 1", "basket 2-3"}
