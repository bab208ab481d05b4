"""Sales split by time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.events import EVENTS, PURCHASE
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.split import split_by_time

ITEMS = 6
LINES = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 9), st.integers(0, ITEMS - 1), st.integers(0, len(EVENTS) - 1)),
    min_size=1,
    max_size=40,
)


def sales_of(lines: list[tuple[int, int, int, int]]) -> Sales:
    lines = sorted(lines, key=lambda line: line[:2])
    columns = np.array(lines).T
    catalogue = Catalogue("shop", [Item(f"i{number}", f"Item {number}") for number in range(ITEMS)])
    customers = np.unique(columns[0], return_inverse=True)[1].astype(np.int32)
    return Sales(
        catalogue,
        customers,
        columns[2].astype(np.int32),
        columns[3].astype(np.int8),
        columns[1].astype(np.int64),
        np.ones(len(lines), dtype=np.float32),
    )


@given(LINES, st.booleans())
def test_nothing_that_trains_is_as_late_as_anything_that_judges(
    lines: list[tuple[int, int, int, int]], repeats: bool
) -> None:
    split = split_by_time(sales_of(lines), 0.3, repeats=repeats)
    assert (split.before.times < split.moment).all()
    assert len({question.customer for question in split.questions}) == len(split.questions)
    for question in split.questions:
        assert question.history.events
        assert repeats or (PURCHASE, question.next) not in question.history.events


def test_the_question_is_what_a_customer_bought_from_the_moment_on() -> None:
    lines = [(0, day, day % ITEMS, PURCHASE) for day in range(5)] + [(1, 0, 3, PURCHASE)]
    split = split_by_time(sales_of(lines), 0.2, repeats=False)
    (question,) = split.questions
    assert split.moment == 4
    assert (question.next, question.history.bought) == (4, (0, 1, 2, 3))
    assert len(split.before) == 5


def test_a_share_of_nothing_or_all_is_refused() -> None:
    with pytest.raises(ValueError, match="share of 1"):
        split_by_time(sales_of([(0, 0, 0, PURCHASE)]), 1, repeats=True)
