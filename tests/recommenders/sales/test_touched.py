"""What becomes of things that a customer had to do with."""

import numpy as np
import pytest

from recommender.recommenders.sales import touched
from recommender.recommenders.sales.pasts import Pasts
from recommender.recommenders.sales.touched import Touched
from recommender.shop.sales.events import CART, PURCHASE, RETURN, VIEW
from recommender.shop.sales.history import History
from tests.recommenders.sales.shop import Line, sales_of

LINES: list[Line] = []
for who in range(40):
    # What is in the cart is bought, what is only looked at is not, and what was given back even less.
    LINES += [(who, 0, VIEW, who % 4), (who, 1, CART, 4 + who % 2), (who, 2, PURCHASE, 4 + who % 2)]


def test_each_kind_of_event_and_age_is_a_state_of_its_own() -> None:
    events = [(PURCHASE, 0), (PURCHASE, 0), (PURCHASE, 1), (RETURN, 2), (CART, 3), (VIEW, 4), (VIEW, 3)]
    (found,) = touched.states(Pasts.of([History(tuple(events))]), 6)
    assert found[5] == 0
    assert found[3] == found[4]
    assert len(set(found.tolist())) == 5
    assert found.max() < touched.STATES


def test_what_is_in_the_cart_is_bought() -> None:
    scorer = touched.fit(sales_of(LINES), repeats=False)
    scores = scorer.scores([History(((VIEW, 0), (CART, 4))), History(((VIEW, 4), (CART, 5)))])
    assert scores.argmax(axis=1).tolist() == [4, 5]
    assert np.exp(scores).sum(axis=1) == pytest.approx([1, 1], abs=1e-4)


def test_repeats_are_as_likely_as_they_were() -> None:
    lines = [(who, day, PURCHASE, item) for who in range(30) for day, item in enumerate((who % 6, who % 6))]
    scorer = touched.fit(sales_of(lines), repeats=True)
    assert int(scorer.scores([History.of_basket((3,))]).argmax()) == 3


def test_no_sales_leave_popularity() -> None:
    scorer = touched.fit(sales_of([]), repeats=True)
    assert scorer.scores([History.of_basket((1,))]).tolist()[0] == pytest.approx([np.log(1 / 6)] * 6)
    assert scorer.scores([]).shape == (0, 6)


def test_the_latest_purchases_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touched, "CELLS", 60)
    scorer = touched.fit(sales_of(LINES), repeats=False)
    assert int(scorer.scores([History(((VIEW, 0), (CART, 4)))]).argmax()) == 4


def test_what_is_saved_answers_the_same() -> None:
    scorer = touched.fit(sales_of(LINES), repeats=False)
    histories = [History(((CART, 4),))]
    assert np.array_equal(Touched.from_arrays(scorer.to_arrays()).scores(histories), scorer.scores(histories))
