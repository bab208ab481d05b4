"""One deadline for all that a request asks of its translator, however many calls that takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter
from typing import Final

_SPENT: Final[ContextVar[list[float] | None]] = ContextVar("spent", default=None)


@contextmanager
def shared_deadline() -> Iterator[None]:
    """Within this block the calls to a translator have together the time that one call has alone."""
    token = _SPENT.set([])
    try:
        yield
    finally:
        _SPENT.reset(token)


@contextmanager
def spending(seconds: float) -> Iterator[float]:
    """The time left of `seconds` for one call; what the block then takes counts against the next calls."""
    spent = _SPENT.get()
    begun = perf_counter()
    try:
        yield seconds - sum(spent or ())
    finally:
        if spent is not None:
            spent.append(perf_counter() - begun)
