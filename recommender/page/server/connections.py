"""How many connections this process can have, and how many it lets there be."""

from __future__ import annotations

import contextlib
from typing import Final

ACCEPTED_AT_ONCE: Final = 32
"""New connections that are taken at a stroke, before any of them is looked at."""
_MOST: Final = 65_536
_OTHER_FILES: Final = 96
# Those that were taken and are on their way to be counted, and those that were closed and still have their file.
_ON_THE_WAY: Final = 4 * ACCEPTED_AT_ONCE
_FEWEST: Final = 16


def allow_connections() -> None:
    """Let this process have as many connections as the system grants; the usual 1024 are a classroom or two."""
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def most_connections() -> int:
    """Connections that there may be at a time: with more of them the process could open no file any more."""
    try:
        import resource
    except ImportError:  # Windows
        return _MOST
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = _MOST if soft == resource.RLIM_INFINITY else min(soft, _MOST)
    return max(_FEWEST, limit - _ON_THE_WAY - _OTHER_FILES)
