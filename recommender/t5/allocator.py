"""Memory that the allocator keeps after it was freed, given back to the system."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable


def give_back() -> None:
    """Give back what is free between things that live on; takes milliseconds. Nothing where there is no glibc.

    It keeps whole blocks for what comes next, which is what a computation wants of it. But trees of many sizes, each
    forgotten among what came after it, leave holes that nothing fits into: three times their own size after a hundred.
    """
    if trim := _trim():
        trim(0)


@functools.cache
def _trim() -> Callable[[int], int] | None:
    try:
        found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    except (OSError, TypeError):  # Windows has no such library
        return None
    return found
