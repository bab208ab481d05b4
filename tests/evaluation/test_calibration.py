"""Reliability and the expected calibration error, against figures worked out by hand."""

import pytest

from recommender.evaluation.calibration import Bin, expected_error, reliability


def test_bins_hold_what_lies_in_them() -> None:
    low, high = reliability([0.1, 0.14, 0.9], [0, 1, 1], bins=5)
    assert low.to_json() == {"rows": 2, "probability": pytest.approx(0.12), "right": 0.5}
    assert high == Bin(1, 0.9, 1.0)
    assert reliability([1.0], [1])[0].to_json() == {"rows": 1, "probability": 1.0, "right": 1.0}


def test_the_error_is_the_weighted_distance_from_the_diagonal() -> None:
    assert expected_error([0.75, 0.75, 0.25, 0.25], [1, 1, 0, 0]).value == pytest.approx(0.25)
    exact = expected_error([0.5, 0.5], [0.5, 0.5])
    assert (exact.value, exact.low, exact.high) == (0.0, 0.0, 0.0)


def test_its_interval_holds_it_and_a_seed_repeats_it() -> None:
    chances, right = [number / 50 for number in range(50)], [number % 2 for number in range(50)]
    found = expected_error(chances, right, seed=3)
    assert found.low is not None and found.high is not None and found.low <= found.value <= found.high
    assert expected_error(chances, right, seed=3) == found


@pytest.mark.parametrize(("chances", "right"), [([], []), ([0.5], []), ([1.5], [1]), ([0.5], [float("nan")])])
def test_what_is_no_probability_is_refused(chances: list[float], right: list[float]) -> None:
    with pytest.raises(ValueError, match="probabilities"):
        reliability(chances, right)
