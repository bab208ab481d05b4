"""How long a request may still take: set once where it comes in, read wherever it may have to wait."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Final

from recommender.errors import RequestError

_UNTIL: Final[ContextVar[float]] = ContextVar("until", default=math.inf)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Within this block requests have `seconds` together, or what an outer block leaves of its own."""
    token = _UNTIL.set(min(_UNTIL.get(), monotonic() + seconds))
    try:
        yield
    finally:
        _UNTIL.reset(token)


def seconds_left() -> float:
    """Seconds until the deadline, below 0 once it has passed; infinite where none is set."""
    return _UNTIL.get() - monotonic()


def check_time() -> None:
    """Raise once the deadline has passed.

    Raises:
        RequestError: asking to try again.
    """
    if seconds_left() <= 0:
        raise RequestError("server_late")
