"""The minutes that the making of a shop's recommender has, and who is told how they go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from recommender.errors import RequestError
from recommender.training.shop.options import ShopProgress, Stage


@dataclass
class Clock:
    """Counts from when it was made.

    Attributes:
        minutes: for all of it.
        told: is told of every stage, and within one as it goes.
        cancelled: whether somebody wants it to end.
        figures: hit@1 by method on the questions that choose, as far as known.
        took: seconds that a piece of work has taken, by its name: as long will it take again.
    """

    minutes: float
    told: Callable[[ShopProgress], None]
    cancelled: Callable[[], bool]
    begun: float = field(default_factory=monotonic)
    figures: dict[str, float] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)

    def share(self, part: float) -> float:
        """Seconds of a part of the minutes, 0 to 1."""
        return 60 * self.minutes * part

    @property
    def spent(self) -> float:
        """Seconds since it began."""
        return monotonic() - self.begun

    @property
    def seconds_left(self) -> float:
        """Of the minutes; never below 0."""
        return max(0.0, 60 * self.minutes - self.spent)

    def until(self, part: float) -> float:
        """Seconds until a part of the minutes, 0 to 1, is over; never below 0."""
        return max(0.0, self.share(part) - self.spent)

    @contextmanager
    def timed(self, work: str) -> Iterator[None]:
        """Note in `took` how long what is done within takes."""
        begun = monotonic()
        yield
        self.took[work] = monotonic() - begun

    def tell(self, stage: Stage, loss: float | None = None, **figures: float) -> None:
        """Say what is being done, and what was found.

        Raises:
            RequestError: if it was cancelled.
        """
        self.figures |= figures
        self.told(ShopProgress(stage, self.seconds_left, loss, dict(self.figures)))
        if self.cancelled():
            raise RequestError("shop_cancelled")
