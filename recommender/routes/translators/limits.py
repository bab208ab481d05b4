"""How long and how often a translator may be tried: the limits, one deadline for a request, and a circuit breaker."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic, perf_counter
from typing import Final

_SPENT: Final[ContextVar[list[float] | None]] = ContextVar("spent", default=None)


@dataclass(frozen=True)
class Limits:
    """How long and how often a translator on the network may try. All times in seconds."""

    deadline: float = 8.0
    """For a whole request, however many texts and calls it has; see `shared_deadline`."""
    attempt: float = 2.5
    backoff: tuple[float, ...] = (0.25, 0.75)
    """The wait before each retry; its length is the number of retries."""
    at_once: int = 8
    failures: int = 5
    """So many failed sendings in a row open the circuit."""
    pause: float = 30.0


PATIENT: Final = Limits()


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


class Circuit:
    """A circuit breaker: closed while all is well; open after `limit` failures in a row; then one probe decides.

    Open for `pause` seconds at first, twice as long after each probe that fails, up to `longest`. Threads share it.
    It is ours because those of libraries pause for one fixed time, and know no try that shows nothing.
    """

    def __init__(
        self, limit: int, pause: float, longest: float = 300.0, clock: Callable[[], float] = monotonic
    ) -> None:
        self._limit = limit
        self._pause = pause
        self._longest = longest
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._openings = 0
        self._opened_until: float | None = None
        self._probing = False

    def wait(self) -> int:
        """Whole seconds until something may be tried, rounded up; 0 if it may be now."""
        with self._lock:
            return self._wait()

    def enter(self) -> int:
        """As `wait`, but 0 is a permit: its holder owes one of `succeeded`, `failed` or `gave_up`."""
        with self._lock:
            seconds = self._wait()
            self._probing = self._probing or (seconds == 0 and self._opened_until is not None)
            return seconds

    def succeeded(self) -> None:
        """What was tried went well: the circuit is closed, whatever it was before."""
        with self._lock:
            self._failures = self._openings = 0
            self._opened_until = None
            self._probing = False

    def failed(self) -> None:
        """What was tried failed: the circuit opens if this was one failure too many, or the probe."""
        with self._lock:
            self._failures += 1
            # A request sent before the circuit opened and failing after it says nothing new.
            if (self._opened_until is None and self._failures >= self._limit) or self._probing:
                self._opened_until = self._clock() + min(self._longest, self._pause * 2**self._openings)
                self._openings += 1
                self._probing = False

    def gave_up(self) -> None:
        """What was tried showed nothing: if it was the probe, another may follow."""
        with self._lock:
            self._probing = False

    def _wait(self) -> int:
        if self._opened_until is None:
            return 0
        left = self._opened_until - self._clock()
        return max(1, math.ceil(left)) if left > 0 or self._probing else 0
