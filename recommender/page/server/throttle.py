"""A log that nobody can flood: of like lines some are written, and then how many were left out."""

from __future__ import annotations

import logging
import threading
from time import monotonic
from typing import Final

MOST: Final = 20
"""Like lines within `SECONDS`."""
SECONDS: Final = 10.0
_KINDS: Final = 500


class Throttle(logging.Filter):
    """Lets `MOST` lines of a kind pass in each `SECONDS`. A kind is a template in one place of the program.

    INFO and below passes: one line for each answer is what the log is for.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._seen: dict[tuple[object, ...], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is written; the first of a new period says how many weren't."""
        if record.levelno <= logging.INFO:
            return True
        kind, now = (record.levelno, str(record.msg)[:60], record.pathname, record.lineno), monotonic()
        with self._lock:
            since, count = self._seen.get(kind, (now, 0))
            left_out = 0
            if now - since >= SECONDS:
                left_out, since, count = max(0, count - MOST), now, 0
            if len(self._seen) >= _KINDS and kind not in self._seen:
                self._seen.clear()
            self._seen[kind] = since, count + 1
        if left_out:
            record.msg, record.args = f"{record.getMessage()} [and {left_out} more like this]", None
        if count >= MOST // 2:
            record.exc_info = record.exc_text = None  # the same stack again tells nothing
        return count < MOST


_throttle: Final = Throttle()


def throttle(*loggers: str) -> None:
    """Keep these loggers from being flooded; each may be named many times."""
    for name in loggers:
        logging.getLogger(name).addFilter(_throttle)
