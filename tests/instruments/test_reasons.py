"""What each bought item adds: the signs, and that a batch equals one question at a time."""

import json
import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import RequestError
from recommender.instruments.reasons.computing import leave_one_out
from recommender.shop.items import Item
from recommender.t5 import T5Recommender
from tests.instruments.asking import Stated, catalogue_of

A, B, C, D, X, Y = ITEMS = catalogue_of("abcdxy")


def votes(basket: Sequence[Item], candidate: Item) -> float:
    """`a` speaks for `x`, `b` against it, `c` for `y`, `d` for nobody."""
    ids = {item.id for item in basket}
    return {"x": 2.0 * ("a" in ids) - 1.0 * ("b" in ids), "y": 1.0 * ("c" in ids)}.get(candidate.id, 0.0)


def test_an_item_that_speaks_for_it_is_above_zero_and_one_that_speaks_against_below() -> None:
    found = leave_one_out(Stated(votes), [A, B, D], [X, Y])
    for_it, against_it, neutral = found.influences
    assert found.recommendation is X and [one.item for one in found.influences] == [A, B, D]
    assert for_it.nats > 0 and for_it.probability_change > 0
    assert against_it.nats < 0 and against_it.probability_change < 0
    assert neutral.nats == pytest.approx(0) and neutral.probability_change == pytest.approx(0)


def test_the_figures_are_differences_of_the_two_rankings() -> None:
    found = leave_one_out(Stated(votes), [A, B], [X, Y])
    whole, without = math.exp(1) / (1 + math.exp(1)), math.exp(-1) / (1 + math.exp(-1))
    assert found.probability == pytest.approx(whole)
    assert found.log_probability == pytest.approx(math.log(whole))
    assert found.influences[0].nats == pytest.approx(math.log(whole / without))
    assert found.influences[0].probability_change == pytest.approx(whole - without)


def test_against_another_item_an_influence_is_the_change_of_their_log_odds() -> None:
    found = leave_one_out(Stated(votes), [A, B, C, D], [X, Y], against=Y)
    assert [one.contrast for one in found.influences] == pytest.approx([2, -1, -1, 0])
    assert found.against is Y and found.against_probability == pytest.approx(0.5)
    assert all(one.contrast is None for one in leave_one_out(Stated(votes), [A], [X, Y]).influences)


def test_any_candidate_can_be_explained() -> None:
    found = leave_one_out(Stated(votes), [A, C], [X, Y], of=Y)
    assert found.recommendation is Y
    assert found.influences[0].nats < 0 < found.influences[1].nats


def test_all_is_asked_in_one_batch_with_the_same_candidates() -> None:
    model = Stated(votes)
    leave_one_out(model, [A, B, C], [X, Y])
    (batch,) = model.asked
    assert [[item.id for item in one.basket] for one in batch] == [list(ids) for ids in ("abc", "bc", "ac", "ab")]
    assert all(list(one.candidates) == [X, Y] for one in batch)


def test_the_only_item_is_compared_with_an_empty_basket() -> None:
    model = Stated(votes)
    found = leave_one_out(model, [A], [X, Y])
    assert list(model.asked[0][1].basket) == [] and found.from_nothing
    assert found.influences[0].nats > 0
    assert not leave_one_out(model, [A, B], [X, Y]).from_nothing


def test_what_lies_in_the_cart_and_what_was_viewed_is_left_out_likewise() -> None:
    model = Stated(votes)
    found = leave_one_out(model, [A], [X, Y], viewed=[B, C], cart=[D])
    assert [(one.item, one.mark) for one in found.influences] == [
        (A, "bought"), (D, "cart"), (B, "viewed"), (C, "viewed"),
    ]  # fmt: skip
    (batch,) = model.asked
    told = [("".join(item.id for item in items) for items in (one.basket, one.cart, one.viewed)) for one in batch]
    assert ["|".join(one) for one in told] == ["a|d|bc", "|d|bc", "a||bc", "a|d|c", "a|d|b"]
    document = [one.to_json() for one in found.influences]
    assert "mark" not in document[0] and [one.get("mark") for one in document[1:]] == ["cart", "viewed", "viewed"]


def test_the_place_of_what_is_explained_is_told() -> None:
    assert leave_one_out(Stated(votes), [A], [X, Y]).place == 1
    found = leave_one_out(Stated(votes), [A], [X, Y], of=Y, against=X)
    assert (found.place, found.against_place) == (2, 1)


def test_only_what_is_on_offer_can_be_explained_or_held_against_it() -> None:
    refused: tuple[dict[str, Any], ...] = ({"of": A}, {"against": A})
    for wrong in refused:
        with pytest.raises(RequestError) as caught:
            leave_one_out(Stated(votes), [A, B], [X, Y], **wrong)
        assert caught.value.key == "explain_not_on_offer" and "“A”" in caught.value.sentence()
    with pytest.raises(RequestError) as caught:
        leave_one_out(Stated(votes), [A, B], [X, Y], against=X)
    assert caught.value.key == "explain_same_item" and caught.value.sentence("ar")
    with pytest.raises(RequestError):
        leave_one_out(Stated(votes), [A], [])


@given(st.lists(st.floats(-20, 20), min_size=6, max_size=6), st.integers(1, 4))
def test_influences_and_contrast_agree_whatever_the_scores(weights: list[float], bought: int) -> None:
    def score(basket: Sequence[Item], candidate: Item) -> float:
        return sum(weights[ITEMS.index(item)] for item in basket) * (candidate is X) - weights[0] * (candidate is Y)

    found = leave_one_out(Stated(score), ITEMS[:bought], [X, Y], of=X, against=Y)
    for place, one in enumerate(found.influences):
        assert one.contrast == pytest.approx(weights[place], abs=1e-6)
        # Between two candidates, what speaks for the one speaks against the other.
        assert one.contrast is not None and one.nats * one.contrast >= -1e-6
        assert -1 <= one.probability_change <= 1


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("bought", [1, 2, 4])
def test_a_batch_equals_one_question_at_a_time(
    model: T5Recommender, items: list[Item], bought: int, language: str
) -> None:
    basket, candidates = items[:bought], items[bought:]
    found = leave_one_out(model, basket, candidates, language)
    whole = {row.item: row for row in model.rank(basket, candidates, language)}
    best = found.recommendation
    for place, one in enumerate(found.influences):
        reduced = basket[:place] + basket[place + 1 :]
        without = {row.item: row for row in model.rank(reduced, candidates, language)}
        assert one.nats == pytest.approx(whole[best].log_probability - without[best].log_probability, abs=1e-4)
        change = whole[best].probability - without[best].probability
        assert one.probability_change == pytest.approx(change, abs=1e-4)


def test_the_json_has_the_designs_figures(model: T5Recommender, items: list[Item]) -> None:
    document: dict[str, Any] = leave_one_out(model, items[:2], items[2:]).to_json()
    assert list(document) == ["recommendation", "against", "influences"]
    assert [list(one) for one in document["influences"]] == [["id", "nats", "probability_change"]] * 2
    against: dict[str, Any] = leave_one_out(model, items[:2], items[2:], of=items[2], against=items[3]).to_json()
    assert against["against"]["id"] == "item-3" and "contrast" in against["influences"][0]
    assert json.loads(json.dumps(against, allow_nan=False)) == against
