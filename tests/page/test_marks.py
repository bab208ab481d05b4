"""Bought, in the cart, looked at: what an item was ticked as, and what comes of it."""

from __future__ import annotations

import pytest

from recommender.errors import RequestError
from recommender.page.controls import basket_html
from recommender.page.marks import marks_of
from recommender.page.state import State, read_link
from recommender.page.view import View
from recommender.service import Request, Service
from recommender.settings import Settings
from tests.fake_model import FakeModel

TICKED = ("soccer-ball", "soccer-jersey", "soccer-shin-guards")


@pytest.fixture
def view() -> View:
    return View(Service(Settings(), load=lambda name, device: FakeModel()))


def test_what_is_in_the_cart_or_was_looked_at_is_not_bought(view: View) -> None:
    chosen = view.shop.choose(
        State(items=TICKED, cart=("soccer-jersey", "tennis-racket"), viewed=("Soccer Shin Guards",))
    )
    named = [[item.id for item in items] for items in (chosen.basket, chosen.cart, chosen.viewed, chosen.ticked)]
    assert named == [["soccer-ball"], ["soccer-jersey"], ["soccer-shin-guards"], list(TICKED)]
    assert (chosen.state.cart, chosen.state.viewed) == (("soccer-jersey",), ("soccer-shin-guards",))
    asked = view.request(chosen)
    assert (asked.basket, asked.cart, asked.viewed) == (("soccer-ball",), ("soccer-jersey",), ("soccer-shin-guards",))


def test_what_is_in_the_cart_was_looked_at_anyway(view: View) -> None:
    chosen = view.shop.choose(State(items=TICKED, cart=TICKED[:1], viewed=TICKED[:2]))
    assert chosen.state.cart == TICKED[:1] and chosen.state.viewed == TICKED[1:2]


def test_each_item_has_a_button_that_goes_on_to_the_next_kind(view: View) -> None:
    chosen = view.shop.choose(State(items=TICKED, cart=TICKED[1:2], viewed=TICKED[2:]))
    assert [(mark.kind, mark.next) for mark in marks_of(chosen).values()] == [
        ("bought", "cart"), ("cart", "viewed"), ("viewed", "bought"),
    ]  # fmt: skip
    html = basket_html(chosen)
    assert 'id="mark-soccer-jersey" data-do="mark" data-value="soccer-jersey" data-mark="cart"' in html
    assert "Soccer Jersey: in the cart. Press to say instead: looked at" in html


@pytest.mark.parametrize(
    ("language", "label"), [("en", "ITEMS IN CART: {Soccer Shin Guards}"), ("ar", "عناصر في السلة: {")]
)
def test_the_model_is_told_what_is_in_the_cart_and_still_may_recommend_it(
    view: View, language: str, label: str
) -> None:
    route = "native" if language == "ar" else None
    request = Request(["soccer-ball"], language, route, cart=["soccer-shin-guards"], viewed=["tennis-racket"])
    answer = view._service.answer(request)
    assert label in answer.prompt
    assert answer.ranking is not None and answer.ranking.rank_of("soccer-shin-guards")
    assert answer.ranking.rank_of("soccer-ball") is None


def test_a_cart_alone_is_answered_and_nothing_at_all_is_not(view: View) -> None:
    assert view.see(view.shop.choose(State(items=TICKED[:1], cart=TICKED[:1])).state).answer is not None
    with pytest.raises(RequestError):
        Request([])


def test_a_link_carries_what_was_not_bought() -> None:
    state = State(items=TICKED, cart=TICKED[1:2], viewed=TICKED[2:])
    assert "&viewed=soccer-shin-guards&cart=soccer-jersey" in state.to_link()
    read = State.read(read_link(state.to_link()), State())
    assert (read.items, read.cart, read.viewed) == (TICKED, TICKED[1:2], TICKED[2:])


def test_answers_of_a_batch_are_told_of_the_cart_too(view: View) -> None:
    requests = [Request(["soccer-ball"], cart=["soccer-shin-guards"]), Request(["soccer-ball"])]
    told, plain = view._service.answer_many(requests)
    assert "ITEMS IN CART" in getattr(told, "prompt", "") and "ITEMS IN CART" not in getattr(plain, "prompt", "")
