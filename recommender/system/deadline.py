"""How long a request may still take: set once where it comes in, read wherever it waits or works for long."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Final

from recommender.errors import RequestError


def _stays() -> bool:
    return False


@dataclass(frozen=True)
class _Limit:
    until: float = math.inf
    seconds: float = math.inf
    has_left: Callable[[], bool] = _stays


_NONE: Final = _Limit()
_LIMIT: Final[ContextVar[_Limit]] = ContextVar("limit", default=_NONE)


@contextmanager
def deadline(seconds: float, has_left: Callable[[], bool] | None = None) -> Iterator[None]:
    """Within this block requests have `seconds` together, or what an outer block leaves of its own.

    `has_left` tells whether whoever asked is gone; then nothing more is worked out for them.
    """
    outer, until = _LIMIT.get(), monotonic() + seconds
    limit = _Limit(min(outer.until, until), min(outer.seconds, seconds), has_left or outer.has_left)
    token = _LIMIT.set(limit)
    try:
        yield
    finally:
        _LIMIT.reset(token)


@contextmanager
def for_others() -> Iterator[None]:
    """Within this block no deadline counts: the result is for others than the request that computes it."""
    token = _LIMIT.set(_NONE)
    try:
        yield
    finally:
        _LIMIT.reset(token)


def seconds_left() -> float:
    """Seconds until the deadline, below 0 once it has passed; infinite where none is set."""
    return _LIMIT.get().until - monotonic()


def check_time() -> None:
    """Raise if waiting longer is useless: the deadline has passed, or whoever asked has left.

    Raises:
        RequestError: asking to try again.
    """
    _check("server_late")


def check_work() -> None:
    """`check_time` between two pieces of a long computation, where it is the request's own size that took the time.

    Raises:
        RequestError: asking for less.
    """
    _check("server_long")


def _check(key: str) -> None:
    limit = _LIMIT.get()
    if limit.has_left():
        raise RequestError("server_gone")
    if limit.until <= monotonic():
        raise RequestError(key) if key == "server_late" else RequestError(key, seconds=round(limit.seconds))
