"""The weight of a blend that validation rows choose."""

import pytest

from recommender.errors import RequestError
from recommender.evaluation.tuning import tune_weight
from recommender.shop.baskets import Row
from tests.recommenders.letters import DOWN, SHOP, UP, Fixed


def rows(*following: str) -> list[Row]:
    return [Row(f"g{place}", "validation", "begun", ("a",), one) for place, one in enumerate(following)]


def test_tuning_finds_the_recommender_that_is_right() -> None:
    tuned = tune_weight(Fixed(UP), Fixed(DOWN), rows("b", "b", "b"), SHOP)
    assert tuned.weight > 0.5
    assert tuned.curve[0] == (0.0, pytest.approx(0.5))
    assert dict(tuned.curve)[tuned.weight] == 1.0


def test_of_equal_weights_the_smallest_is_chosen() -> None:
    tuned = tune_weight(Fixed(UP), Fixed(UP), rows("b", "c"), SHOP)
    assert tuned.weight == 0.0


def test_tuning_ranks_each_row_once() -> None:
    first = Fixed(UP)
    assert len(tune_weight(first, Fixed(DOWN), rows("b", "c"), SHOP, grid=(0.25, 0.75)).curve) == 3
    assert len(first.asked) == 2


def test_tuning_without_rows_is_refused() -> None:
    with pytest.raises(RequestError) as failure:
        tune_weight(Fixed(UP), Fixed(DOWN), [], SHOP)
    assert failure.value.key == "evaluation_no_rows"
