"""Customers of a split of the knowledge base, with the law beside them."""

from __future__ import annotations

import math

from recommender.corpus.world import base
from recommender.training.corpus.customers import ACTIVE, BOUGHT, customers


def test_they_are_of_the_split_and_the_same_for_a_seed() -> None:
    test_needs = {need.id for need in base.load().of_split("test").needs}
    found = customers(BOUGHT, 8, 1)
    assert {one.need for one in found} <= test_needs
    fresh = customers.__wrapped__
    assert [one.session for one in fresh(BOUGHT, 8, 1)] == [one.session for one in found]
    assert [one.session for one in fresh(BOUGHT, 8, 2)] != [one.session for one in found]


def test_the_law_says_how_likely_each_item_on_offer_is() -> None:
    for one in customers(ACTIVE, 8, 1):
        assert math.isclose(sum(one.shares), 1.0)
        law = one.law.next_distribution(one.session, one.offered)
        assert [one.share_of(key) for key in one.offered] == list(law.values())


def test_they_have_bought_something_and_done_more_only_where_that_is_asked() -> None:
    bought, active = customers(BOUGHT, 8, 1), customers(ACTIVE, 8, 1)
    assert all(one.session.basket for one in (*bought, *active))
    assert not any(one.session.viewed or one.session.cart for one in bought)
    assert all(one.session.viewed or one.session.cart for one in active)


def test_a_request_tells_of_views_and_cart_or_does_not() -> None:
    for one in customers(ACTIVE, 8, 1):
        told, untold = one.request("ar", events=True), one.request("ar", events=False)
        assert [item.id for item in told.basket] == list(one.session.basket)
        assert [item.id for item in told.candidates] == list(one.offered)
        assert [item.id for item in (*told.viewed, *told.cart)] == [*one.session.viewed, *one.session.cart]
        assert (untold.basket, untold.candidates, untold.language) == (told.basket, told.candidates, "ar")
        assert not untold.viewed and not untold.cart
