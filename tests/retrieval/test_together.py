"""What sales say of pairs."""

import numpy as np
import pytest

from recommender.retrieval import together
from recommender.retrieval.together import DAMPING, DECAY, RECENCY, Together
from tests.retrieval.words import sales_of, shop_of

SHOP = shop_of(6)


def test_a_weight_is_what_the_docstring_says() -> None:
    found = Together.learn(sales_of(SHOP, [[0, 1, 2], [0, 2]]))
    assert found.sold.tolist() == [2, 1, 2, 0, 0, 0]
    scores = found.scores([0])
    assert scores[1] == pytest.approx(1 / np.sqrt((2 + DAMPING) * (1 + DAMPING)), rel=1e-3)
    assert scores[2] == pytest.approx((1 + DECAY) / (2 + DAMPING), rel=1e-3)
    assert scores[[0, 3, 4, 5]].tolist() == [0, 0, 0, 0]


def test_what_was_bought_last_counts_most() -> None:
    found = Together.learn(sales_of(SHOP, [[0, 1], [2, 3]]))
    scores = found.scores([0, 2])
    assert scores[3] > scores[1] > 0
    assert scores[1] == pytest.approx(RECENCY * scores[3], rel=1e-3)


def test_what_sells_of_late_is_told_apart() -> None:
    found = Together.learn(sales_of(SHOP, [[0, 1], [0, 1]]))
    assert found.lately.max() == 1 and found.lately[2] == 0


def test_only_the_largest_weights_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST_WEIGHTS", 3)
    found = Together.learn(sales_of(SHOP, [[0, 1, 2]]))
    assert np.diff(found.starts).tolist() == [1, 1, 0, 0, 0, 0]
    assert found.others.tolist() == [1, 2]


def test_of_too_many_sales_the_latest_are_learned_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST_SALES", 2)
    found = Together.learn(sales_of(SHOP, [[0, 1], [2, 3]]))
    assert found.scores([0]).max() == 0 and found.scores([2])[3] > 0


def test_no_sales_say_nothing() -> None:
    found = Together.learn(sales_of(SHOP, []))
    assert found.scores([0, 1]).tolist() == [0] * 6
