"""Results compared as results are: counts and texts exactly, measured numbers within a tolerance."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

ROUNDING = 1e-9
"""What the order of additions may change of a mean or a bound: processors differ by 1e-16 or so, errors by 1e-3."""


def near(value: Any, tolerance: float = ROUNDING) -> Any:
    """Something equal to whatever is as `value` but for rounding; for the right-hand side of `==`.

    Dataclasses, mappings and sequences are gone through; whole numbers, texts and keys must be the same.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _Like(type(value), {name: near(inner, tolerance) for name, inner in _parts(value).items()})
    if isinstance(value, Mapping):
        return {key: near(inner, tolerance) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(near(inner, tolerance) for inner in value)
    return pytest.approx(value, abs=tolerance, rel=tolerance) if isinstance(value, float) else value


def _parts(value: Any) -> dict[str, Any]:
    return {part.name: getattr(value, part.name) for part in dataclasses.fields(value)}


@dataclasses.dataclass(eq=False)
class _Like:
    """A dataclass of numbers that are near; its own class, for the class itself may check what it holds."""

    kind: type
    parts: dict[str, Any]

    def __eq__(self, other: object) -> bool:
        return type(other) is self.kind and _parts(other) == self.parts

    __hash__ = None  # type: ignore[assignment]
