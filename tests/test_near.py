"""What the tests take for the same result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from recommender.evaluation.metrics import Estimate
from tests.near import near
from tests.scoreboards import a_scoreboard

WHOLE = Estimate(0.5, 0.25, None)


def test_the_last_digits_make_no_difference_at_any_depth() -> None:
    for deep in (lambda one: one, lambda one: {"a": [one]}, lambda one: ((one, 3), "x")):
        assert deep(Estimate(0.5 + 1e-15, 0.25 - 1e-16, None)) == near(deep(WHOLE))
    board = a_scoreboard()
    moved = replace(board.systems["t5-en"]["hit@1"], value=board.systems["t5-en"]["hit@1"].value + 1e-14)
    systems = {**board.systems, "t5-en": {**board.systems["t5-en"], "hit@1": moved}}
    assert replace(board, systems=systems) == near(board)


OTHERS = (
    Estimate(0.5 + 1e-6, 0.25),
    Estimate(0.5, None),
    Estimate(0.5, 0.25, 1.0),
    (0.5, 0.25, None),
    {"value": 0.5},
    None,
)


@pytest.mark.parametrize("other", OTHERS)
def test_another_number_a_missing_one_and_another_kind_do(other: Any) -> None:
    assert other != near(WHOLE)
    assert [other] != near([WHOLE])


@pytest.mark.parametrize(("one", "other"), [({"a": 3}, {"a": 4}), ({"a": 3}, {"b": 3}), ("x", "y"), ([1], [1, 2])])
def test_counts_texts_and_keys_are_exact(one: Any, other: Any) -> None:
    assert one != near(other)
    assert near({"a": (3, "x", 0.3)}) == {"a": (3, "x", 0.1 + 0.2)}
