"""Other orders of the same question."""

import json
import math
from collections.abc import Sequence
from statistics import median
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import RequestError
from recommender.instruments.orders import MOST
from recommender.instruments.orders.computing import orders, shuffles
from recommender.recommenders.ranking import Ranking
from recommender.shop.items import Item
from recommender.t5 import T5Recommender
from tests.instruments.asking import Stated, catalogue_of

A, B, C, X, Y, Z = catalogue_of("abcxyz")


class First:
    """Recommends whichever candidate stands first."""

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        return Ranking.from_scores(candidates, [1.0, *[0.0] * (len(candidates) - 1)])


@given(st.integers(0, 9), st.integers(1, 60), st.integers(0, 5))
def test_orders_are_all_different_and_none_is_the_given_one(length: int, n: int, seed: int) -> None:
    items = catalogue_of("abcdefghi"[:length])
    found = shuffles(items, n, seed)
    assert len(found) == min(n, math.factorial(length) - 1)
    assert len({tuple(item.id for item in order) for order in found} | {tuple(i.id for i in items)}) == len(found) + 1
    assert all(sorted(item.id for item in order) == sorted(item.id for item in items) for order in found)
    assert found == shuffles(items, n, seed)


def test_another_seed_gives_other_orders() -> None:
    items = catalogue_of("abcdefgh")
    assert shuffles(items, 10, 0) != shuffles(items, 10, 1)


def test_one_that_goes_by_the_order_disagrees_with_itself() -> None:
    found = orders(First(), [A], [X, Y, Z], n=5)
    assert (found.n, found.best, found.of) == (5, X, "candidates")
    # Of the five other orders of three candidates one begins as the given one does.
    assert found.agreement == pytest.approx(1 / 5)
    assert {spread.item.id: spread.share for spread in found.top} == pytest.approx({"x": 0.2, "y": 0.4, "z": 0.4})
    assert [spread.share for spread in found.top] == [0.4, 0.4, 0.2]
    first = found.top[-1]
    assert first.in_order == first.highest > first.median == first.lowest


def test_one_that_does_not_agrees_with_itself() -> None:
    model = Stated(lambda basket, item: 1.0 * (item is Y))
    for of in ("candidates", "basket"):
        found = orders(model, [A, B, C], [X, Y, Z], of=of)
        assert found.agreement == 1.0 and found.best is Y and found.top[0].share == 1.0
        assert all(one.lowest == pytest.approx(one.highest) == pytest.approx(one.in_order) for one in found.top)


def test_only_what_is_asked_for_is_shuffled_and_in_one_batch() -> None:
    for of in ("candidates", "basket"):
        model = Stated(lambda basket, item: 0.0)
        assert orders(model, [A, B, C], [X, Y, Z], of=of, n=20).n == 5
        (batch,) = model.asked
        assert [list(batch[0].basket), list(batch[0].candidates)] == [[A, B, C], [X, Y, Z]]
        kept = [list(one.candidates if of == "basket" else one.basket) for one in batch]
        assert kept == [[X, Y, Z] if of == "basket" else [A, B, C]] * 6


def test_a_single_thing_has_no_other_order() -> None:
    model = Stated(lambda basket, item: 1.0 * (item is Y))
    found = orders(model, [A], [X, Y], of="basket")
    assert (found.n, found.agreement, found.best) == (0, 1.0, Y)
    assert [(one.share, one.lowest == one.highest == one.in_order) for one in found.top] == [(1.0, True), (0.0, True)]


def test_what_can_not_be_asked_is_refused_in_a_sentence() -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"n": 0}, "option_out_of_range"),
        ({"n": MOST + 1}, "option_out_of_range"),
        ({"n": "20"}, "option_out_of_range"),
        ({"n": True}, "option_out_of_range"),
        ({"of": "everything"}, "option_unknown"),
        ({"of": ["basket"]}, "option_unknown"),
    ]
    for wrong, key in refused:
        with pytest.raises(RequestError) as caught:
            orders(First(), [A], [X, Y], **wrong)
        assert caught.value.key == key and caught.value.sentence("ar")
    with pytest.raises(RequestError):
        orders(First(), [A], [])


@pytest.mark.parametrize("of", ["candidates", "basket"])
def test_a_batch_equals_one_question_at_a_time(
    model: T5Recommender, items: list[Item], of: Literal["candidates", "basket"]
) -> None:
    basket, candidates = items[:3], items[3:]
    found = orders(model, basket, candidates, of=of, n=5, seed=3)
    others = shuffles(basket if of == "basket" else candidates, 5, 3)
    alone = [model.rank(order, candidates) if of == "basket" else model.rank(basket, order) for order in others]
    own = model.rank(basket, candidates)
    for one in found.top:
        seen = [next(row.probability for row in ranking if row.item == one.item) for ranking in alone]
        assert (one.lowest, one.median, one.highest) == pytest.approx((min(seen), median(seen), max(seen)), abs=1e-4)
        place = own.rank_of(one.item.id)
        assert place and one.in_order == pytest.approx(own.scored[place - 1].probability, abs=1e-4)
        assert one.share == sum(ranking.best.item == one.item for ranking in alone) / 5
    assert found.agreement == sum(ranking.best.item == own.best.item for ranking in alone) / 5


def test_the_json_has_the_designs_figures() -> None:
    document: dict[str, Any] = orders(First(), [A], [X, Y, Z], n=5).to_json(2)
    assert list(document) == ["of", "n", "agreement", "best", "top"]
    assert len(document["top"]) == 2 and {"id", "share"} <= document["top"][0].keys()
    assert json.loads(json.dumps(document)) == document
