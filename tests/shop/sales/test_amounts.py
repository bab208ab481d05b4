"""Quantities and sums as shops write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.shop.sales.amounts import amount_of, amounts_of


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2", 2), ("2.0", 2), ("-1.0", -1), ("+3", 3), ("1,5", 1.5), ("1.5", 1.5), ("1,234", 1234), ("1.234", 1.234),
        ("1,234.50", 1234.5), ("1.234,50", 1234.5), ("1 234", 1234), ("٢", 2), ("١٫٥", 1.5), ("−2", -2), ("3 pcs", 3),
        ("x2", 2), ("$12.50", 12.5), ("-$12.50", -12.5), ("12,50 €", 12.5), ("(4)", -4), ("4-", -4), (".5", 0.5),
    ],
)  # fmt: skip
def test_an_amount_is_read_however_it_is_written(text: str, amount: float) -> None:
    assert amount_of(text) == amount


@pytest.mark.parametrize("text", ["", "two", "1/2", "2-3", "1e3", "nan", "inf", "2024-01-01"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert math.isnan(amount_of(text))


def test_nobody_sells_so_much() -> None:
    assert math.isnan(amounts_of(["9999999999999"])[0])


@given(st.text(max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    amount_of(text)
