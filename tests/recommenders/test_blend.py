"""Blends, and the weight that validation rows choose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import RequestError
from recommender.recommenders.blend import Blend, mix, rank_all, tune_weight
from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue, Item

ITEMS = tuple(Item(letter, en=letter.upper()) for letter in "abcd")
SHOP = Catalogue("letters", ITEMS)


@dataclass
class Fixed:
    """Gives each item its weight, and counts how it is asked."""

    weights: dict[str, float]
    asked: list[int] = field(default_factory=list)

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        self.asked.append(1)
        scores = [math.log(self.weights[one.id]) if self.weights[one.id] else -math.inf for one in candidates]
        return Ranking.from_scores(candidates, scores)


class Batched(Fixed):
    def rank_many(self, requests: list[RankRequest]) -> list[Ranking]:
        rankings = [self.rank(one.basket, one.candidates) for one in requests]
        self.asked = [*self.asked[: -len(requests)], len(requests)]
        return rankings


UP = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}
DOWN = {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1}


def chances(ranking: Ranking) -> dict[str, float]:
    return {row.item.id: row.probability for row in ranking}


def test_a_blend_is_the_weighted_geometric_mean() -> None:
    blend = Blend([("up", Fixed(UP), 3.0), ("down", Fixed(DOWN), 1.0)])
    raw = {letter: UP[letter] ** 0.75 * DOWN[letter] ** 0.25 for letter in UP}
    assert chances(blend.rank([], ITEMS)) == pytest.approx({k: v / sum(raw.values()) for k, v in raw.items()})
    assert blend.weights == {"up": 0.75, "down": 0.25}


def test_an_indifferent_part_leaves_the_order_as_it_is() -> None:
    blend = Blend([("up", Fixed(UP), 0.1), ("flat", Fixed(dict.fromkeys("abcd", 0.25)), 0.9)])
    assert [row.item.id for row in blend.rank([], ITEMS)] == ["d", "c", "b", "a"]


def test_a_part_of_weight_zero_is_not_asked() -> None:
    idle = Fixed(DOWN)
    assert chances(Blend([("up", Fixed(UP), 1.0), ("idle", idle, 0.0)]).rank([], ITEMS)) == pytest.approx(UP)
    assert not idle.asked


def test_what_a_part_rules_out_the_blend_rules_out() -> None:
    blend = Blend([("up", Fixed(UP), 1.0), ("never d", Fixed({**DOWN, "d": 0.0}), 1.0)])
    assert chances(blend.rank([], ITEMS))["d"] == 0.0


@pytest.mark.parametrize("weights", [[-1.0, 2.0], [0.0, 0.0], [math.inf, 1.0], [math.nan, 1.0], []])
def test_impossible_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(RequestError) as failure:
        Blend([(str(place), Fixed(UP), weight) for place, weight in enumerate(weights)])
    assert failure.value.key == "blend_weights"
    assert failure.value.sentence("ar") != failure.value.sentence("en")


def test_rankings_of_different_candidates_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="different candidates"):
        mix([Fixed(UP).rank([], ITEMS), Fixed(UP).rank([], ITEMS[1:])], [0.5, 0.5])


@given(st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4), st.floats(0.0, 1.0))
def test_a_ranking_mixed_with_itself_is_itself(weights: list[float], weight: float) -> None:
    ranking = Fixed(dict(zip("abcd", weights, strict=True))).rank([], ITEMS)
    assert chances(mix([ranking, ranking], [weight, 1 - weight])) == pytest.approx(chances(ranking))


def test_many_requests_go_through_rank_many_where_there_is_one() -> None:
    requests, told = [RankRequest([], ITEMS)] * 40, list[int]()
    batched, single = Batched(UP), Fixed(UP)
    assert rank_all(batched, requests, told.append) == rank_all(single, requests)
    assert batched.asked == told == [32, 8]
    assert len(single.asked) == 40


def rows(*following: str) -> list[Row]:
    return [Row(f"g{place}", "validation", "begun", ("a",), one) for place, one in enumerate(following)]


def test_tuning_finds_the_recommender_that_is_right() -> None:
    tuned = tune_weight(Fixed(UP), Fixed(DOWN), rows("b", "b", "b"), SHOP)
    assert tuned.weight > 0.5
    assert tuned.curve[0] == (0.0, pytest.approx(0.5))
    assert dict(tuned.curve)[tuned.weight] == 1.0
    assert tuned.gain.value == pytest.approx(0.5)


def test_of_equal_weights_the_smallest_is_chosen() -> None:
    tuned = tune_weight(Fixed(UP), Fixed(UP), rows("b", "c"), SHOP)
    assert tuned.weight == 0.0
    assert (tuned.gain.low, tuned.gain.value, tuned.gain.high) == (0.0, 0.0, 0.0)


def test_tuning_ranks_each_row_once() -> None:
    first = Fixed(UP)
    assert len(tune_weight(first, Fixed(DOWN), rows("b", "c"), SHOP, grid=(0.25, 0.75)).curve) == 3
    assert len(first.asked) == 2


def test_tuning_without_rows_is_refused() -> None:
    with pytest.raises(RequestError) as failure:
        tune_weight(Fixed(UP), Fixed(DOWN), [], SHOP)
    assert failure.value.key == "evaluation_no_rows"
