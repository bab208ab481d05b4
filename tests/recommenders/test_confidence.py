"""How much a ranking knows: hand-made distributions, and what must hold of all of them."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.recommenders import confidence
from recommender.recommenders.confidence import LEVELS, Thresholds, of, spread
from recommender.recommenders.ranking import Ranking
from recommender.shop.items import Item

AT = Thresholds(weak=0.8, clear=1.6, slope=0.1)
scores = st.lists(st.floats(-60, 5) | st.just(-math.inf), min_size=1, max_size=100)


def ranking(found: Sequence[float]) -> Ranking:
    return Ranking.from_scores([Item(f"item-{number}", f"Item {number}") for number in range(len(found))], found)


def chances(*found: float) -> Ranking:
    return ranking([math.log(chance) for chance in found])


@pytest.mark.parametrize(
    ("shares", "level"),
    [
        ((1.0,), "guess"),
        ((0.5, 0.5), "guess"),
        ((0.25, 0.25, 0.25, 0.25), "guess"),
        ((0.4, 0.3, 0.3), "guess"),
        ((0.9, 0.1), "weak"),
        ((0.97, 0.01, 0.01, 0.01), "clear"),
        ((0.49, 0.49, 0.01, 0.01), "clear"),
    ],
)
def test_hand_made_distributions(shares: Sequence[float], level: str) -> None:
    assert of(chances(*shares), AT) == level


def test_the_spread_is_between_the_deviation_and_the_way_from_the_best_to_the_median() -> None:
    assert spread(chances(0.5, 0.5)) == 0.0
    assert math.isclose(spread(chances(0.8, 0.2)), math.log(4) / 2)
    assert math.isclose(spread(chances(0.8, 0.1, 0.1)), (math.log(8) * 2**0.5 / 3 + math.log(8)) / 2)


def test_few_that_fit_among_many_even_ones_are_told_from_a_guess() -> None:
    shop = [0.6, 0.2, 0.1, 0.05, *([0.05 / 30] * 30)]
    assert of(chances(*shop), Thresholds(weak=0.2, clear=0.9, slope=0.9)) == "weak"


def test_a_hundred_candidates_need_more_than_two() -> None:
    two, many = [0.0, 2.0], [0.0, 2.0] * 50
    assert math.isclose(spread(ranking(two)), spread(ranking(many)))
    assert of(ranking(two), AT) == "weak" and of(ranking(many), AT) == "guess"


@given(scores)
def test_it_is_defined_for_any_number_of_candidates(found: list[float]) -> None:
    assert math.isfinite(spread(ranking(found))) and of(ranking(found), AT) in LEVELS


@given(scores, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_means_nothing(found: list[float], random: object) -> None:
    shuffled = sorted(found, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert math.isclose(spread(ranking(found)), spread(ranking(shuffled)), abs_tol=1e-9)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=40), st.floats(1.0, 2.0))
def test_a_sharper_ranking_knows_no_less(found: list[float], sharper: float) -> None:
    after = ranking([sharper * score for score in found])
    assert spread(after) >= spread(ranking(found)) - 1e-9


@given(scores, st.floats(-50, 50))
def test_the_unit_of_the_scores_means_nothing(found: list[float], offset: float) -> None:
    moved = ranking([score + offset for score in found])
    assert math.isclose(spread(moved), spread(ranking(found)), abs_tol=1e-6)


@pytest.mark.parametrize(
    "found", [(0.0, 1.0, 0.0), (2.0, 1.0, 0.0), (1.0, 2.0, -0.1), (1.0, math.inf, 0.0), (math.nan, 1, 0)]
)
def test_thresholds_that_tell_nothing_apart_are_refused(found: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="thresholds"):
        Thresholds(*found)


def test_thresholds_are_read_as_they_were_written() -> None:
    assert Thresholds.from_json(AT.to_json()) == AT
    assert of(chances(0.5, 0.5)) == "guess" and confidence.DEFAULT.weak > 0


@pytest.mark.parametrize(
    "found", [None, [], {}, {"weak": 1}, {"weak": "1", "clear": 2, "slope": 0}, {**AT.to_json(), "more": 1}]
)
def test_what_is_no_thresholds_is_refused(found: object) -> None:
    with pytest.raises(ValueError, match="thresholds"):
        Thresholds.from_json(found)
