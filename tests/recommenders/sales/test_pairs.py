"""Who bought these two bought that next."""

import numpy as np
import pytest

from recommender.recommenders.sales import pairs, transitions
from recommender.recommenders.sales.pairs import Pairs
from recommender.shop.sales.events import PURCHASE, VIEW
from recommender.shop.sales.history import History
from tests.recommenders.sales.shop import bought, sales_of

SHOP = bought(*[(0, 1, 2), (3, 1, 4), (0, 1, 2), (3, 1, 4)] * 3)
BELOW = transitions.fit(SHOP, repeats=False)
SCORER = pairs.fit(SHOP, BELOW, repeats=False, prior=1.0)


def test_the_item_before_the_last_decides() -> None:
    scores = SCORER.scores([History.of_basket((0, 1)), History.of_basket((3, 1))])
    assert scores.argmax(axis=1).tolist() == [2, 4]
    assert np.exp(scores).sum(axis=1) == pytest.approx([1, 1], abs=1e-4)


def test_a_pair_that_never_was_is_left_to_what_is_below() -> None:
    histories = [History.of_basket((5, 1)), History.of_basket((1,)), History(())]
    assert SCORER.scores(histories) == pytest.approx(BELOW.scores(histories), abs=1e-3)
    assert SCORER.scores([]).shape == (0, 6)


def test_events_that_count_nothing_stand_between_no_pair() -> None:
    with_view = History(((PURCHASE, 0), (VIEW, 5), (PURCHASE, 1)))
    assert np.array_equal(SCORER.scores([with_view]), SCORER.scores([History.of_basket((0, 1))]))


def test_no_sales_have_no_pairs() -> None:
    nothing = pairs.fit(sales_of([]), transitions.fit(sales_of([]), repeats=False), repeats=False)
    assert len(nothing.keys) == 0
    assert np.isfinite(nothing.scores([History.of_basket((0, 1))])).all()


def test_what_is_saved_answers_the_same() -> None:
    again = Pairs.from_arrays(SCORER.to_arrays(), BELOW)
    histories = [History.of_basket((0, 1))]
    assert np.array_equal(again.scores(histories), SCORER.scores(histories))
