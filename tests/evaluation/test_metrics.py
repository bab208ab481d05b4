"""Measures and their intervals: each edge case that a docstring names, and figures worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.evaluation import metrics
from recommender.shop.items import Item
from tests.near import near

RANKS = st.one_of(st.none(), st.integers(1, 100))


def item(name: str, sport: str = "", role: str = "") -> Item:
    return Item(name, en=name, sport=sport, role=role)


def test_hit_counts_the_places_up_to_k() -> None:
    assert [metrics.hit(rank, 5) for rank in (1, 5, 6, None)] == [True, True, False, False]


def test_reciprocal_rank_of_an_item_that_is_no_candidate_is_zero() -> None:
    assert [metrics.reciprocal_rank(rank) for rank in (1, 4, None)] == [1.0, 0.25, 0.0]


def test_ndcg_is_one_at_the_top_and_zero_beyond_k() -> None:
    assert metrics.ndcg(1) == 1.0
    assert metrics.ndcg(3) == pytest.approx(1 / math.log2(4))
    assert metrics.ndcg(10) > 0 == metrics.ndcg(11) == metrics.ndcg(None)


@given(RANKS, RANKS)
def test_a_better_rank_is_never_worth_less(first: int | None, second: int | None) -> None:
    better, worse = sorted((first, second), key=lambda rank: math.inf if rank is None else rank)
    assert metrics.hit(better, 5) >= metrics.hit(worse, 5)
    assert metrics.reciprocal_rank(better) >= metrics.reciprocal_rank(worse)
    assert metrics.ndcg(better) >= metrics.ndcg(worse)


def test_rouge_by_hand() -> None:
    scores = metrics.rouge("Soccer Goal Net", "soccer goal post")
    assert scores == pytest.approx({"rouge1": 2 / 3, "rouge2": 1 / 2, "rougeL": 2 / 3})


def test_rouge_reads_arabic_letters() -> None:
    assert metrics.rouge("قميص كرة القدم", "قميص كرة القدم") == {"rouge1": 1.0, "rouge2": 1.0, "rougeL": 1.0}
    assert metrics.rouge("قميص كرة السلة", "قميص كرة القدم")["rouge1"] == pytest.approx(2 / 3)


def test_rouge_of_an_empty_prediction_is_zero() -> None:
    assert set(metrics.rouge("", "Soccer Ball").values()) == {0.0}


def test_rouge2_of_a_name_of_one_word_is_zero_even_when_right() -> None:
    assert metrics.rouge("Basketball", "Basketball") == {"rouge1": 1.0, "rouge2": 0.0, "rougeL": 1.0}


JERSEYS = [item(sport, sport, "top") for sport in ("soccer", "tennis", "hockey")]


def test_only_the_role_fits_a_collector() -> None:
    golf, ball = item("golf", "golf", "top"), item("soccer-ball", "soccer", "ball")
    assert metrics.fitting(JERSEYS, [ball, golf]) == [golf]


def test_what_shares_a_sport_fits_everyone_else() -> None:
    ball, bat = item("soccer-ball", "soccer", "ball"), item("bat", "baseball", "implement")
    assert metrics.fitting(JERSEYS[:2], [bat, ball]) == [ball]


def test_an_unknown_sport_fits_nothing() -> None:
    assert metrics.fitting([item("a")], [item("b")]) == []


def test_wilson_by_hand() -> None:
    assert metrics.wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert metrics.wilson(10 / 21, 21) == pytest.approx((0.2834, 0.6763), abs=1e-4)
    assert metrics.wilson(1.0, 20) == pytest.approx((0.8389, 1.0), abs=1e-4)


@given(st.lists(st.booleans(), min_size=1), st.data())
def test_a_share_lies_in_its_interval(values: list[bool], data: st.DataObject) -> None:
    groups = data.draw(st.lists(st.integers(0, 5), min_size=len(values), max_size=len(values)))
    estimate = metrics.share(values, groups)
    assert estimate.low is not None and estimate.high is not None
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_rows_of_one_group_count_as_one_trial() -> None:
    values = [True, False] * 50
    assert metrics.share(values, [0] * 100).low == metrics.wilson(0.5, 1)[0]
    assert metrics.share(values, range(100)).low == metrics.wilson(0.5, 100)[0]


def test_the_bootstrap_draws_whole_groups() -> None:
    apart = metrics.mean([0.0, 1.0] * 20, range(40))
    together = metrics.mean([0.0, 1.0] * 20, [place % 4 for place in range(40)])
    assert apart.value == together.value == 0.5
    assert together.high is not None and apart.high is not None and together.high > apart.high


def test_the_bootstrap_agrees_with_the_normal_interval_on_many_rows() -> None:
    values = [(place * 37 % 100) / 100 for place in range(1000)]
    estimate = metrics.mean(values, range(1000))
    deviation = (sum((value - estimate.value) ** 2 for value in values) / 1000) ** 0.5
    assert estimate.low == pytest.approx(estimate.value - 1.96 * deviation / 1000**0.5, abs=0.003)
    assert estimate.high == pytest.approx(estimate.value + 1.96 * deviation / 1000**0.5, abs=0.003)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = [(place * 37 % 100) / 100 for place in range(30)]
    assert metrics.mean(values, range(30), seed=3) == near(metrics.mean(values, range(30), seed=3))
    assert metrics.mean(values, range(30), seed=3) != near(metrics.mean(values, range(30), seed=4))


def test_a_mean_on_which_all_groups_agree_has_wilsons_interval() -> None:
    estimate = metrics.mean([1.0] * 30, range(30))
    assert (estimate.low, estimate.high) == pytest.approx(metrics.wilson(1.0, 30))


def test_a_paired_difference_sees_what_two_wide_intervals_hide() -> None:
    first, second = [0.1, 0.5, 0.9, 0.3] * 10, [0.0, 0.4, 0.8, 0.2] * 10
    difference = metrics.paired_difference(first, second, range(40))
    assert difference.low == pytest.approx(0.1) and difference.high == pytest.approx(0.1)


def test_a_ratio_of_means_is_one_for_equal_columns() -> None:
    ratio = metrics.ratio_of_means([0.2, 0.8, 0.4], [0.2, 0.8, 0.4], range(3))
    assert ratio == near(metrics.Estimate(1.0, 1.0, 1.0))


def test_a_ratio_is_of_the_means_and_not_of_the_rows() -> None:
    assert metrics.ratio_of_means([0.0, 1.0], [0.5, 1.0], range(2)).value == pytest.approx(2 / 3)


def test_a_ratio_to_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="mean of 0"):
        metrics.ratio_of_means([1.0], [0.0], [0])


def test_distinct_answers_are_a_count_without_an_interval() -> None:
    assert metrics.distinct_top1(["a", "b", "a"]).to_json() == {"value": 2, "low": None, "high": None}


def test_the_share_of_the_commonest_answer() -> None:
    assert metrics.top1_share(["a", "b", "a", "c"], range(4)).value == 0.5
    assert metrics.top1_share(["a"] * 4, range(4)).value == 1.0


def test_shuffle_agreement_counts_equal_answers() -> None:
    assert metrics.shuffle_agreement("a", ["a", "b", "a", "a"]) == 0.75


@pytest.mark.parametrize("measure", [metrics.share, metrics.mean, metrics.top1_share])
@pytest.mark.parametrize(("values", "groups"), [([], []), ([1], [1, 2])])
def test_no_row_or_groups_that_do_not_match_are_refused(
    measure: Callable[..., object], values: list[int], groups: list[int]
) -> None:
    with pytest.raises(ValueError, match="beside"):
        measure(values, groups)
