"""Popularity, transitions, co-purchase and EASE on shops by hand."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from recommender.recommenders.sales import popular, together, transitions
from recommender.recommenders.sales.chosen import choose, log_likelihood, log_probabilities
from recommender.recommenders.sales.neighbours import Neighbours
from recommender.recommenders.sales.numbered import Scorer
from recommender.recommenders.sales.popular import Popular
from recommender.shop.sales.events import PURCHASE, RETURN, VIEW
from recommender.shop.sales.history import History, Question
from recommender.shop.sales.sales import Sales
from tests.recommenders.sales.shop import bought, sales_of

SHOP = bought((0, 1), (0, 1), (0, 1, 2), (3, 2), (3, 2), (4, 2))
FITS: dict[str, Callable[[Sales], Scorer]] = {
    "popularity": popular.fit,
    "transitions": lambda sales: transitions.fit(sales, repeats=False),
    "item-knn": together.fit_knn,
    "ease": together.fit_ease,
}


def best(scorer: Scorer, history: History) -> int:
    return int(scorer.scores([history])[0].argmax())


@pytest.mark.parametrize("name", FITS)
def test_every_method_gives_finite_probabilities_to_all_items(name: str) -> None:
    for sales in (SHOP, bought((1,)), sales_of([])):
        scores = FITS[name](sales).scores([History.of_basket((0,)), History(()), History.of_basket((5,))])
        assert scores.shape == (3, 6)
        assert scores.dtype == np.float32
        assert np.exp(scores).sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-4)


@pytest.mark.parametrize("name", FITS)
def test_no_history_at_all_is_no_trouble(name: str) -> None:
    assert FITS[name](SHOP).scores([]).shape == (0, 6)


@pytest.mark.parametrize("name", ["transitions", "item-knn", "ease"])
def test_what_goes_with_the_basket_comes_first(name: str) -> None:
    scorer = FITS[name](SHOP)
    assert best(scorer, History.of_basket((0,))) == 1
    assert best(scorer, History.of_basket((3,))) == 2


def test_late_purchases_may_count_more_than_old_ones() -> None:
    sales = sales_of([(0, 0, PURCHASE, 1), (1, 0, PURCHASE, 1), (2, 100, PURCHASE, 2)])
    assert best(popular.fit(sales), History(())) == 1
    assert best(popular.fit(sales, half_life=0.1), History(())) == 2


def test_a_transition_has_a_direction() -> None:
    scorer = transitions.fit(bought((0, 1), (0, 1)), repeats=False, prior=1.0)
    scores = np.exp(scorer.scores([History.of_basket((1,)), History.of_basket((0,))]))
    assert scores[1, 1] > 2 * scores[0, 0]


def test_with_decay_earlier_items_speak_too() -> None:
    shop = bought((0, 3, 1), (0, 4, 1), (0, 5, 1), (2, 3, 5), (2, 4, 3))
    last_alone, all_of_them = (transitions.fit(shop, repeats=False, decay=decay) for decay in (0.0, 0.9))
    history = History.of_basket((0, 2))
    assert all_of_them.scores([history])[0, 1] > last_alone.scores([history])[0, 1]


def test_a_view_speaks_where_its_weight_says_so() -> None:
    lines = [(who, 0, VIEW, 0) for who in range(3)] + [(who, 1, PURCHASE, 1) for who in range(3)]
    history = [History(((PURCHASE, 5), (VIEW, 0)))]
    deaf, keen = (
        transitions.fit(sales_of(lines), repeats=False, kinds=(weight, 0.0, 0.0, 1.0, 0.0)).scores(history)[0, 1]
        for weight in (0.0, 1.0)
    )
    assert keen > deaf


def test_what_was_given_back_speaks_against_its_neighbours() -> None:
    scorer = together.fit_knn(SHOP, kinds=(0.0, 0.0, 0.0, 1.0, -1.0))
    kept, back = History(((PURCHASE, 3), (PURCHASE, 0))), History(((PURCHASE, 3), (PURCHASE, 0), (RETURN, 0)))
    assert scorer.scores([back])[0, 1] < scorer.scores([kept])[0, 1]


def test_a_return_makes_no_pair() -> None:
    lines = [(0, 0, PURCHASE, 0), (0, 1, PURCHASE, 1), (0, 2, RETURN, 1)]
    assert together.gram(sales_of(lines), (0.0, 0.0, 0.0, 1.0, -1.0))[0, 1] == 0


def test_ease_is_the_closed_form() -> None:
    table = together.fit_ease(SHOP, penalty=0.5).table
    assert isinstance(table, np.ndarray)
    products = together.gram(SHOP)
    penalty = 0.5 * np.diag(products).mean()
    # The best weights of each column: no step away from them, but on the diagonal, makes the penalised error smaller.
    slope = products @ table - products + penalty * table
    assert np.abs(slope[~np.eye(6, dtype=bool)]).max() == pytest.approx(0, abs=1e-5)
    assert np.diag(table).tolist() == [0] * 6


@pytest.mark.parametrize("name", ["transitions", "ease"])
def test_what_is_saved_answers_the_same(name: str) -> None:
    scorer = FITS[name](SHOP)
    assert isinstance(scorer, Neighbours)
    again = Neighbours.from_arrays(scorer.to_arrays())
    assert np.array_equal(again.scores([History.of_basket((0,))]), scorer.scores([History.of_basket((0,))]))
    first = popular.fit(SHOP)
    assert np.array_equal(Popular.from_arrays(first.to_arrays()).prior, first.prior)


def test_log_probabilities_are_of_what_is_on_offer() -> None:
    offer = np.array([[True, True, False]])
    found = log_probabilities(np.array([[1.0, 1.0, 9.0]], np.float32), offer)
    assert found[0].tolist() == pytest.approx([-math.log(2), -math.log(2), -math.inf])
    assert log_likelihood(np.zeros((1, 3), np.float32), np.array([0]), offer) == pytest.approx(-math.log(2))


def test_settings_are_chosen_by_what_was_bought_later() -> None:
    questions = [Question(0, History.of_basket((0,)), 1), Question(1, History.of_basket((3,)), 2)]
    chosen, found = choose(
        lambda prior, decay: transitions.fit(SHOP, repeats=False, prior=prior, decay=decay),
        {"prior": (100.0, 1.0), "decay": (0.0, 0.5)},
        questions,
        6,
        repeats=False,
    )
    assert chosen["prior"] == 1.0
    assert found > -1
    assert choose(transitions.fit, {"prior": (100.0,)}, [], 6, repeats=False) == ({"prior": 100.0}, 0.0)
