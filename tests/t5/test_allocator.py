"""Free memory is given back where the system can, and nothing happens where it can't."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from recommender.t5 import allocator


@pytest.mark.parametrize("error", [OSError, TypeError])
def test_where_there_is_no_glibc_nothing_is_done(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: Any) -> Any:
        raise error

    allocator._malloc_trim.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", missing)
    allocator.trim()
    assert allocator._malloc_trim() is None
    allocator._malloc_trim.cache_clear()


def test_the_allocator_is_asked_to_trim_all(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(allocator, "_malloc_trim", lambda: asked.append)
    allocator.trim()
    assert asked == [0]
