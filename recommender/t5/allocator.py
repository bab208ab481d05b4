"""Memory that the C allocator keeps after it was freed, returned to the operating system."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable


def trim() -> None:
    """Return free memory between things that live on; takes milliseconds. Does nothing where there is no glibc.

    The allocator keeps freed blocks for what comes next, which is what a computation wants. But prefix trees of many
    sizes, each dropped among what was allocated after it, leave holes that nothing fits into: after a hundred trees
    three times their own size.
    """
    malloc_trim = _malloc_trim()
    if malloc_trim:
        malloc_trim(0)


@functools.cache
def _malloc_trim() -> Callable[[int], int] | None:
    try:
        found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    except (OSError, TypeError):  # Windows has no such library
        return None
    return found
