"""A blend whose weights are learned."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from numpy.typing import NDArray

from recommender.recommenders.sales import stacked
from recommender.recommenders.sales.logit import MOST, Choices, conditional_logit
from recommender.recommenders.sales.stacked import Stacked, fit, fit_cold

QUESTIONS, ITEMS = 400, 8


def some(seed: int, items: int = ITEMS) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(QUESTIONS, items)).astype(np.float32)


def drawn(utility: NDArray[np.float32], seed: int = 9) -> NDArray[np.int64]:
    """Choices with the probabilities of the softmax (Gumbel's trick)."""
    return np.asarray((utility + np.random.default_rng(seed).gumbel(size=utility.shape)).argmax(axis=1), np.int64)


FIRST, SECOND, NOISE = some(0), some(1), some(2)
OFFER = np.ones((QUESTIONS, ITEMS), bool)
LENGTHS = [1] * 200 + [5] * 200


def test_weights_are_found_again() -> None:
    wanted = drawn(2 * FIRST + 0.5 * SECOND)
    found = conditional_logit(Choices.of([FIRST, SECOND, NOISE], wanted, OFFER))
    assert found.tolist() == pytest.approx([2, 0.5, 0], abs=0.25)


def test_no_weight_is_below_nought() -> None:
    wanted = drawn(FIRST - SECOND)
    found = conditional_logit(Choices.of([FIRST, SECOND], wanted, OFFER))
    assert found[0] > 0.5
    assert found[1] == 0


def test_the_slope_is_nought_where_the_weights_are_the_best() -> None:
    wanted = drawn(FIRST)
    choices = Choices.of([FIRST, NOISE], wanted, OFFER)
    best = conditional_logit(choices, penalty=0.01)
    for step in ((0.01, 0.0), (-0.01, 0.0), (0.0, 0.01)):
        away = np.maximum(best + step, 0)
        loss, other = (
            -choices.log_likelihoods(np.tile(one, (QUESTIONS, 1))).mean() + 0.005 * one @ one for one in (best, away)
        )
        assert loss <= other + 1e-9


def test_what_is_not_on_offer_is_no_choice() -> None:
    offer = OFFER.copy()
    offer[:, 1:] = False
    offer[:, 3] = True
    choices = Choices.of([FIRST], np.full(QUESTIONS, 3), offer)
    expected = FIRST[0, 3] - math.log(math.exp(FIRST[0, 0]) + math.exp(FIRST[0, 3]))
    assert choices.log_likelihoods(np.ones((QUESTIONS, 1)))[0] == pytest.approx(expected, abs=1e-5)


def test_of_a_large_shop_the_likely_items_count_and_questions_of_others_do_not() -> None:
    scores = some(3, MOST + 50)
    wanted = np.argmin(scores, axis=1)
    wanted[::2] = np.argmax(scores[::2], axis=1)
    choices = Choices.of([scores], wanted, np.ones(scores.shape, bool))
    assert choices.said.shape == (QUESTIONS // 2, MOST, 1)
    assert choices.asked.tolist() == list(range(0, QUESTIONS, 2))
    assert choices.said[np.arange(QUESTIONS // 2), choices.right, 0].tolist() == scores[::2].max(axis=1).tolist()


def test_the_weights_of_a_large_shop_are_found_again_though_many_bought_what_was_unlikely() -> None:
    first, second = some(4, 4 * MOST), some(5, 4 * MOST)
    offer = np.ones(first.shape, bool)
    wanted = drawn(2 * first + second)
    blend = fit({"first": first, "second": second}, wanted, offer, LENGTHS)
    assert blend.weights[0] == pytest.approx((2, 1), abs=0.4)
    none = fit({"first": first}, np.argmin(first, axis=1), offer, LENGTHS)
    assert none.weights == ((1.0,),)


def test_the_blend_is_better_than_its_parts() -> None:
    blend = fit({"first": FIRST, "second": SECOND}, drawn(FIRST + SECOND), OFFER, LENGTHS)
    assert blend.found is not None
    assert blend.found["fixed"] > max(blend.found["first"], blend.found["second"])
    assert blend.begins == (0,)


def test_where_one_part_is_all_it_stands_alone() -> None:
    blend = fit({"noise": NOISE, "first": FIRST}, drawn(FIRST), OFFER, LENGTHS)
    assert blend.parts == ("first",)


def test_short_and_long_baskets_may_have_weights_of_their_own() -> None:
    utility = np.where(np.array(LENGTHS)[:, None] < 4, 2 * FIRST, 2 * SECOND)
    blend = fit({"first": FIRST, "second": SECOND}, drawn(utility), OFFER, LENGTHS)
    assert blend.begins == stacked.LENGTHS
    short, _, long = blend.weights
    assert short[0] > 3 * short[1]
    assert long[1] > 3 * long[0]
    scores = blend.scores({"first": FIRST, "second": SECOND}, LENGTHS, OFFER)
    assert scores[0] == pytest.approx(short[0] * FIRST[0] + short[1] * SECOND[0], abs=1e-4)
    assert scores[-1] == pytest.approx(long[0] * FIRST[-1] + long[1] * SECOND[-1], abs=1e-4)


def test_without_a_question_all_parts_count_alike() -> None:
    blend = fit({"first": FIRST[:0], "second": SECOND[:0]}, np.zeros(0, np.int64), OFFER[:0], [])
    assert blend.weights == ((0.5, 0.5),)
    with pytest.raises(ValueError, match="nothing"):
        fit({}, np.zeros(0, np.int64), OFFER[:0], [])


def test_one_question_is_enough_for_an_answer() -> None:
    blend = fit({"first": FIRST[:1], "second": SECOND[:1]}, np.array([0]), OFFER[:1], [1])
    assert np.isfinite(blend.scores({"first": FIRST, "second": SECOND}, LENGTHS, OFFER)).all()


COLD = np.arange(ITEMS) == ITEMS - 1
BLEND = Stacked(("counts", "names"), (0,), ((1.0, 1.0),), frozenset({"names"}))


def test_a_cold_item_is_as_likely_as_the_average_but_for_what_names_say() -> None:
    counts = np.zeros((1, ITEMS), np.float32)
    counts[0, -1] = -20
    names = np.zeros((1, ITEMS), np.float32)
    scores = BLEND.scores({"counts": counts, "names": names}, [1], OFFER[:1], COLD)
    assert scores[0, -1] == pytest.approx(scores[0, 0])
    cold = COLD | (np.arange(ITEMS) == 0)
    names[0, 0] = 2
    scores = BLEND.scores({"counts": counts, "names": names}, [1], OFFER[:1], cold)
    assert scores[0].argmax() == 0
    assert scores[0, -1] < scores[0, 1]


def test_the_share_of_cold_items_is_learned() -> None:
    counts, names = FIRST.copy(), SECOND.copy()
    cold = np.arange(ITEMS) >= 5
    counts[:, cold] = -15
    given = {"counts": counts, "names": names}
    truth = Stacked(BLEND.parts, BLEND.begins, BLEND.weights, BLEND.knows, sharpness=2.0, cold=1.0)
    wanted = drawn(truth.scores(given, LENGTHS, OFFER, cold))
    found = fit_cold(BLEND, given, wanted, OFFER, LENGTHS, cold)
    assert found.sharpness == pytest.approx(2, abs=0.5)
    assert found.cold == pytest.approx(1, abs=0.4)
    assert fit_cold(BLEND, given, wanted, OFFER, LENGTHS, np.zeros(ITEMS, bool)) is BLEND


def test_where_all_that_was_bought_is_unlikely_cold_items_stay_as_they_are() -> None:
    counts = some(6, MOST + 50)
    counts[:, -1] = -20
    cold = np.arange(MOST + 50) == MOST + 49
    wanted = np.full(QUESTIONS, MOST + 49)
    given = {"counts": counts, "names": np.where(cold, -40, 0).astype(np.float32) + some(7, MOST + 50)}
    assert fit_cold(BLEND, given, wanted, np.ones(counts.shape, bool), LENGTHS, cold) is BLEND


def test_who_spoke_adds_up_to_one() -> None:
    given = {"counts": FIRST, "names": np.zeros_like(FIRST)}
    (shares, *_) = BLEND.spoke(given, LENGTHS, OFFER)
    assert shares == pytest.approx({"counts": 1, "names": 0})
    both = BLEND.spoke({"counts": FIRST, "names": FIRST}, LENGTHS, OFFER)
    assert all(one == pytest.approx({"counts": 0.5, "names": 0.5}) for one in both)
    silent = BLEND.spoke({"counts": np.zeros_like(FIRST), "names": np.zeros_like(FIRST)}, LENGTHS, OFFER)
    assert silent[0] == {"counts": 0, "names": 0}


def test_what_is_saved_is_the_same() -> None:
    blend = fit({"first": FIRST, "second": SECOND}, drawn(FIRST + SECOND), OFFER, LENGTHS, frozenset({"first"}))
    assert Stacked.from_json(json.loads(json.dumps(blend.to_json()))) == blend
    assert Stacked.from_json(BLEND.to_json()) == BLEND


def test_other_numbers_of_weights_are_refused() -> None:
    data = BLEND.to_json()
    wrongs: list[dict[str, object]] = [{"weights": [[1.0]]}, {"weights": []}, {"begins": [1]}]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="weights for"):
            Stacked.from_json({**data, **wrong})
