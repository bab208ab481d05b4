"""The time that a training has, and the rate that fits it: warm-up, a constant stretch, a decay to nothing at the end.

The clock decides, not a number of steps: the machine may be busy with other things. Where nothing gets better any
more it may end sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

WARMUP: Final = 30
"""Steps until the rate is reached."""
STEADY: Final = 0.3
"""The share of the time before the decay."""
SHORT_DECAY: Final = 0.25
"""The share of the time that a decay from the full rate takes where nothing gets better any more."""


class Budget:
    """Seconds from now on, and where in them a training stands."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self.seconds = max(seconds, 1e-3)
        self._clock = clock
        self._begun = clock()
        self._decay_at = STEADY * self.seconds
        self._ends = self.seconds
        self._from = 1.0
        self._early = False

    @property
    def spent(self) -> float:
        """Seconds since it began."""
        return self._clock() - self._begun

    @property
    def left(self) -> float:
        """Seconds until the training ends."""
        return max(0.0, self._ends - self.spent)

    @property
    def share(self) -> float:
        """What share of the time is spent, 0 to 1."""
        return min(1.0, self.spent / self._ends)

    @property
    def decaying(self) -> bool:
        """Whether the last stretch has begun."""
        return self.spent >= self._decay_at

    def rate(self, step: int) -> float:
        """What part of the full rate step `step` (from 0) gets, 0 to 1."""
        spent = self.spent
        rest = (self._ends - spent) / max(self._ends - self._decay_at, 1e-9)
        return min(1.0, (step + 1) / WARMUP) * self._from * min(1.0, max(0.0, rest))

    def finish_early(self) -> None:
        """Let the rate go to nothing soon, from what it is now; a second time changes nothing."""
        if not self._early:
            spent, now = self.spent, self.rate(WARMUP)
            self._early, self._from, self._decay_at = True, now, spent
            self._ends = min(self._ends, spent + SHORT_DECAY * self.seconds * now)
