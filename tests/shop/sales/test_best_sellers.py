"""The sales of the items that most customers bought."""

import numpy as np
import pytest

from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.best_sellers import take_best_sellers
from recommender.shop.sales.events import PURCHASE, VIEW
from recommender.shop.sales.sales import Sales


def sales() -> Sales:
    # Item 0 is bought three times by one customer, 2 by three customers, 1 by two, 3 only looked at.
    lines = [
        (0, 0, PURCHASE), (0, 0, PURCHASE), (0, 0, PURCHASE), (1, 2, PURCHASE), (1, 1, PURCHASE),
        (2, 2, PURCHASE), (2, 3, VIEW), (3, 1, PURCHASE), (3, 2, PURCHASE), (3, 2, VIEW),
    ]  # fmt: skip
    customers, items, events = (np.array(column) for column in zip(*lines, strict=True))
    catalogue = Catalogue("shop", [Item(f"i{number}", f"Item {number}") for number in range(4)])
    count = len(lines)
    return Sales(
        catalogue, customers.astype(np.int32), items.astype(np.int32), events.astype(np.int8),
        np.arange(count, dtype=np.int64), np.ones(count, dtype=np.float32),
    )  # fmt: skip


def test_the_items_with_most_customers_are_kept_in_their_order_and_customers_are_numbered_anew() -> None:
    best = take_best_sellers(sales(), 2)
    assert [item.id for item in best.catalogue] == ["i1", "i2"]
    assert best.items.tolist() == [1, 0, 1, 0, 1]
    assert best.customers.tolist() == [0, 0, 1, 2, 2]
    assert best.times.tolist() == [3, 4, 5, 7, 8]
    assert set(best.events.tolist()) == {PURCHASE}


def test_what_nobody_bought_is_no_best_seller() -> None:
    assert [item.id for item in take_best_sellers(sales(), 9).catalogue] == ["i0", "i1", "i2"]


def test_none_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="best 0"):
        take_best_sellers(sales(), 0)
