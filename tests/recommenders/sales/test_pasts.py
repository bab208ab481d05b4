"""Histories as arrays."""

import math

import numpy as np
import pytest

from recommender.recommenders.sales.pasts import Pasts, fading, offered, targets
from recommender.shop.sales.events import CART, PURCHASE, RETURN, VIEW
from recommender.shop.sales.history import History
from tests.recommenders.sales.shop import bought, sales_of

KINDS = (0.25, 0.25, 0.5, 1.0, -1.0)


def test_the_last_event_comes_first_and_nothing_is_minus_one() -> None:
    pasts = Pasts.of([History.of_basket((1, 2, 3)), History(((VIEW, 4),)), History(())], longest=2)
    assert pasts.items.tolist() == [[3, 2], [4, -1], [-1, -1]]
    assert pasts.events.tolist() == [[PURCHASE, PURCHASE], [VIEW, -1], [-1, -1]]


def test_a_purchase_that_was_taken_back_counts_as_the_return() -> None:
    history = History(((PURCHASE, 1), (PURCHASE, 2), (PURCHASE, 1), (RETURN, 1), (PURCHASE, 1)))
    assert Pasts.of([history]).events.tolist() == [[PURCHASE, RETURN, RETURN, PURCHASE, PURCHASE]]


def test_two_returns_take_two_purchases_back() -> None:
    history = History(((PURCHASE, 1), (PURCHASE, 1), (RETURN, 1), (RETURN, 1)))
    assert Pasts.of([history]).events.tolist() == [[RETURN] * 4]


def test_a_bag_weighs_kinds_and_how_long_ago_it_was() -> None:
    bag = Pasts.of([History(((PURCHASE, 0), (VIEW, 1), (CART, 2)))]).bag(4, KINDS, 0.5)
    assert bag.tolist() == [[0.25, 0.125, 0.5, 0.0]]


def test_an_event_that_counts_nothing_makes_nothing_older() -> None:
    bag = Pasts.of([History(((PURCHASE, 0), (VIEW, 1)))]).bag(2, (0.0, 0.0, 0.0, 1.0, 0.0), 0.0)
    assert bag.tolist() == [[1.0, 0.0]]


def test_what_was_bought_is_on_offer_only_with_repeats() -> None:
    histories = [History(((PURCHASE, 0), (PURCHASE, 1), (RETURN, 1), (VIEW, 2)))]
    assert offered(histories, 3, repeats=False).tolist() == [[False, True, True]]
    assert offered(histories, 3, repeats=True).all()


def test_what_is_learned_from_has_something_before_it() -> None:
    sales = sales_of(
        [(0, 0, PURCHASE, 1), (0, 1, PURCHASE, 2), (0, 2, PURCHASE, 1), (1, 0, VIEW, 3), (1, 1, PURCHASE, 3)]
    )
    assert targets(sales, repeats=True).tolist() == [1, 2, 4]
    assert targets(sales, repeats=False).tolist() == [1, 4]
    assert not len(targets(sales_of([]), repeats=False))


def test_what_was_long_ago_counts_less() -> None:
    times = np.array([0, 50, 100])
    assert fading(times, 0.5).tolist() == pytest.approx([0.25, 0.5, 1.0])
    assert fading(times, math.inf).tolist() == [1.0, 1.0, 1.0]
    assert bought((1, 2)).times.tolist() == [0, 1]
