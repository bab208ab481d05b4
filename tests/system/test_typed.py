"""JSON read as dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from recommender.system import typed


@dataclass(frozen=True)
class Inner:
    word: str
    pair: tuple[float, int]


@dataclass(frozen=True)
class Outer:
    share: float
    count: int
    is_so: bool
    perhaps: str | None
    many: tuple[Inner, ...]
    named: Mapping[str, Inner]


INNER = {"word": "x", "pair": [1, 2]}
WHOLE = {"share": 0.5, "count": 3, "is_so": True, "perhaps": None, "many": [INNER], "named": {"a": INNER}}


def test_a_document_becomes_what_its_fields_state() -> None:
    inner = Inner("x", (1.0, 2))
    assert typed.read(Outer, {**WHOLE, "more": 1}) == Outer(0.5, 3, True, None, (inner,), {"a": inner})
    assert isinstance(typed.read(Inner, INNER).pair[0], float)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("share", True), ("share", "0.5"), ("share", float("nan")), ("share", float("inf")), ("share", 10**400),
        ("count", 3.0), ("count", True), ("count", None), ("is_so", 1), ("perhaps", 3), ("many", 3), ("many", [3]),
        ("many", [{"word": "x"}]), ("many", [{"word": "x", "pair": [1]}]), ("named", []), ("named", {"a": None}),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match="no Outer"):
        typed.read(Outer, {**WHOLE, field: value})


@pytest.mark.parametrize("data", [None, 3, "x", [], [WHOLE]])
def test_what_is_no_object_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="no Outer"):
        typed.read(Outer, data)
