"""Every purchase after something else is a question."""

import numpy as np
import pytest

from recommender.shop.sales.events import CART, PURCHASE, VIEW
from recommender.shop.sales.history import History
from recommender.training.shop.examples import Examples, offered, request_of, shuffled, some_of, told
from tests.training.shop.conftest import SHOP, sales_of


def test_all_prefixes_are_examples() -> None:
    found = Examples(sales_of([[0, 1, 2], [3], [4, 0, 4]]), repeats=True)
    asked = [([item for _, item in one.history.events], one.next) for one in map(found.__getitem__, range(len(found)))]
    assert asked == [([0], 1), ([0, 1], 2), ([4], 0), ([4, 0], 4)]
    assert found.times.tolist() == [86_400, 172_800, 86_400, 172_800]


def test_without_repeats_what_was_bought_before_is_no_answer() -> None:
    found = Examples(sales_of([[4, 0, 4, 1]]), repeats=False)
    assert [found[number].next for number in range(len(found))] == [0, 1]
    assert found[1].history == History.of_basket((4, 0, 4))


def test_views_are_history_and_no_answers() -> None:
    found = Examples(sales_of([[0, 1, 2]], [[VIEW, PURCHASE, CART]]), repeats=False)
    assert len(found) == 1
    assert found[0].history.viewed == (0,)


def test_no_sales_are_no_examples() -> None:
    assert len(Examples(sales_of([]), repeats=False)) == 0


def test_a_prompt_tells_the_latest() -> None:
    history = History((*((PURCHASE, item % 4) for item in range(40)), (VIEW, 4), (CART, 5)))
    assert told(history, repeats=False) == ([0, 1, 2, 3], [4], [5])
    assert told(history, repeats=True)[0] == [item % 4 for item in range(25, 40)]
    assert told(History.of_basket((1, 2, 1)), repeats=False)[0] == [2, 1]


def test_what_was_bought_is_on_offer_only_where_it_may_be_again() -> None:
    history = History.of_basket((1, 3))
    assert offered(history, 5, repeats=False) == [0, 2, 4]
    assert offered(history, 5, repeats=True) == [0, 1, 2, 3, 4]


def test_a_request_asks_what_was_taught() -> None:
    found = request_of(History(((PURCHASE, 1), (VIEW, 2))), SHOP, "en", repeats=False)
    assert [item.id for item in found.basket] == ["i1"]
    assert [item.id for item in found.viewed] == ["i2"]
    assert [item.id for item in found.candidates] == ["i0", "i2", "i3", "i4", "i5"]


def test_a_short_list_holds_the_answer_in_its_place() -> None:
    rng = np.random.default_rng(0)
    lists = [some_of(range(20), 7, 5, rng) for _ in range(300)]
    assert all(len(set(one)) == 5 and 7 in one and one == sorted(one) for one in lists)
    others = np.bincount([item for one in lists for item in one], minlength=20)
    assert min(np.delete(others, 7)) > 30, "every other item comes as often"
    assert some_of([1, 2], 2, 5, rng) == [1, 2]


@pytest.mark.parametrize("weights", [None, np.array([1.0, 1.0, 1000.0, 1.0])])
def test_an_order_has_all_of_them(weights: np.ndarray | None) -> None:
    orders = [shuffled(4, weights, np.random.default_rng(seed)) for seed in range(50)]
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    first = sum(order[0] == 2 for order in orders)
    assert first > 45 if weights is not None else first < 25
