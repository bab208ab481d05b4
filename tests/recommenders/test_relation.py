"""Whether anything on offer relates: the weighing of evidence, by hand."""

import math
from dataclasses import replace

import pytest

from recommender.recommenders import confidence
from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.recommenders.relation import FLOOR, Evidence, Relation, numbers
from recommender.shop.items import Item

WEIGHTS = Evidence(bias=-1.0, deviation=1.0, candidates=-1.0, nearest=4.0, mean=2.0, cohesion=-2.0, weak=0.0, clear=1.0)
NEAR, FAR = Relation(0.9, 0.4, 0.5), Relation(0.1, 0.0, 0.5)
GOODS = [Item(name, name) for name in ("Mug", "Jam", "Pot", "Tea")]


def ranking(*scores: float) -> Ranking:
    return Ranking.from_scores(GOODS[: len(scores)], scores)


def test_the_log_odds_are_the_weighed_sum() -> None:
    one = ranking(math.log(0.8), math.log(0.2))
    deviation, candidates, *cosines = numbers(one, NEAR)
    assert deviation == pytest.approx(math.log(4) / 2) and candidates == pytest.approx(math.log(2))
    assert cosines == [0.9, 0.4, 0.5]
    assert WEIGHTS.log_odds(one, NEAR) == pytest.approx(-1.0 + math.log(2) - math.log(2) + 3.6 + 0.8 - 1.0)


def test_the_same_ranking_is_a_guess_where_nothing_on_offer_is_near() -> None:
    even = ranking(0.0, 0.1, 0.2, 0.3)
    assert confidence.by_relation(even, NEAR, WEIGHTS) == "clear"
    assert confidence.by_relation(even, FAR, WEIGHTS) == "guess"
    assert confidence.by_relation(even, NEAR, replace(WEIGHTS, clear=3.0)) == "weak"


def test_a_single_candidate_is_a_guess_however_near() -> None:
    assert confidence.by_relation(ranking(0.0), NEAR, WEIGHTS) == "guess"


def test_what_is_impossible_counts_no_more_than_the_floor() -> None:
    lowest, floor = (numbers(ranking(0.0, low), NEAR)[0] for low in (-math.inf, FLOOR))
    assert lowest == pytest.approx(floor)


def test_evidence_is_read_as_it_was_written() -> None:
    assert Evidence.from_json(WEIGHTS.to_json()) == WEIGHTS


@pytest.mark.parametrize(
    "found",
    [
        None,
        {},
        {**WEIGHTS.to_json(), "more": 1.0},
        {**WEIGHTS.to_json(), "bias": "1"},
        {**WEIGHTS.to_json(), "weak": 2},
        {**WEIGHTS.to_json(), "mean": math.nan},
    ],
)
def test_what_is_no_evidence_is_refused(found: object) -> None:
    with pytest.raises(ValueError, match="evidence"):
        Evidence.from_json(found)


class Vectored:
    """Says of every request what it was made with."""

    thresholds = confidence.Thresholds(weak=0.2, clear=9.0)

    def __init__(self, evidence: Evidence | None, relation: Relation | None) -> None:
        self.evidence, self._relation = evidence, relation

    def relation(self, request: RankRequest) -> Relation | None:
        return self._relation


def test_who_has_no_vectors_is_judged_by_the_spread_alone() -> None:
    request, wide = RankRequest(GOODS[:1], GOODS[1:]), ranking(0.0, 3.0, 0.1)
    levels = [
        confidence.judged(one, request, wide)
        for one in (object(), Vectored(None, FAR), Vectored(WEIGHTS, None), Vectored(WEIGHTS, FAR))
    ]
    assert levels == [confidence.of(wide), "weak", "weak", "guess"]
