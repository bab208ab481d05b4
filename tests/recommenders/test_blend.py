"""Blends."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import RequestError
from recommender.recommenders import registry
from recommender.recommenders.blend import NAME, Blend, mix
from recommender.recommenders.entry import Material
from recommender.recommenders.ranking import Ranking
from tests.recommenders.letters import DOWN, ITEMS, UP, Fixed


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


def test_the_registrys_blend_is_of_the_model_and_co_purchase() -> None:
    make = registry.entries()[NAME].make
    blend = make(Material(model=Fixed(UP), weight=0.25))
    assert isinstance(blend, Blend)
    assert blend.weights == {"t5": 0.75, "item-knn": 0.25}
    with pytest.raises(ValueError, match="needs a model"):
        make(Material())
