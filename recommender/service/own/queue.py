"""Trainings one at a time: who waits knows the place, and who doesn't come back for it makes room for the next."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final, Literal, Protocol

from recommender.errors import RecommenderError, RequestError
from recommender.service.own.training import Training

MOST_WAITING: Final = 6
LEASE_SECONDS: Final = 180.0
"""A training that nobody has asked after for so long is given up: browsers ask for a hidden tab once a minute."""
_LOOK_SECONDS: Final = 1.0


class Running(Protocol):
    """What is needed of a `training.Training`."""

    ended: threading.Event

    def cancel(self, why: RecommenderError | None = None) -> None:
        """Give it up, because of `why`."""
        ...


@dataclass
class Job:
    """One shop's training: `begin` starts it once it is its turn; what comes of it is in `training`.

    Attributes:
        seen: when anybody last asked after it, in seconds of the queue's clock.
        error: why it could not begin.
        done: called once it has ended, by itself or not.
    """

    key: str
    minutes: float
    begin: Callable[[], Training]
    done: Callable[[Training], None]
    seen: float
    training: Training | None = None
    error: RecommenderError | None = None
    cancelled: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a shop's training stands: how many come before it, and how many minutes they take at most."""

    state: Literal["waiting", "running", "ended"]
    before: int = 0
    minutes: float = 0.0
    job: Job | None = None


class Trainings:
    """The queue. Threads may share it."""

    def __init__(
        self,
        most_waiting: int = MOST_WAITING,
        lease_seconds: float = LEASE_SECONDS,
        clock: Callable[[], float] = monotonic,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        """Let `most_waiting` wait, each as long as somebody asks after it every `lease_seconds`."""
        self._most_waiting = most_waiting
        self._lease = lease_seconds
        self._clock = clock
        self._look = look_seconds
        self._jobs: dict[str, Job] = {}
        """In the order in which they came; one that has ended stays until it is begun anew, or forgotten."""
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        self._now: Job | None = None

    def submit(self, key: str, minutes: float, begin: Callable[[], Training], done: Callable[[Training], None]) -> None:
        """Have a shop trained when it is its turn; nothing happens where it waits or runs already.

        Raises:
            RequestError: if too many wait.
        """
        with self._changed:
            if self._open(self._jobs.get(key)):
                return
            # One of them runs, or is just about to.
            waiting = sum(map(self._open, self._jobs.values())) - 1
            if waiting >= self._most_waiting:
                raise RequestError("own_queue_full", count=waiting)
            self._jobs.pop(key, None)
            self._jobs[key] = Job(key, minutes, begin, done, self._clock())
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, daemon=True, name="trainings")
                self._worker.start()
            self._changed.notify_all()

    def standing(self, key: str) -> Standing | None:
        """Where the training of a shop stands, which keeps its lease; None where none was asked for."""
        with self._changed:
            job = self._jobs.get(key)
            if job is None:
                return None
            job.seen = self._clock()
            if not self._open(job):
                return Standing("ended", job=job)
            if job is self._now:
                return Standing("running", job=job)
            ahead = []
            for other in self._jobs.values():
                if other is job:
                    break
                if self._open(other):
                    ahead.append(other)
            return Standing("waiting", len(ahead), sum(other.minutes for other in ahead), job)

    def cancel(self, key: str) -> None:
        """Give up the training of a shop, waiting or running."""
        with self._changed:
            job = self._jobs.get(key)
            if not self._open(job) or job is None:
                return
            job.cancelled = True
            if job.training is not None:
                job.training.cancel()
            self._changed.notify_all()

    def forget(self, key: str) -> None:
        """Give it up, and remember nothing of it."""
        self.cancel(key)
        with self._changed:
            if self._jobs.get(key) is not self._now:
                self._jobs.pop(key, None)

    def close(self) -> None:
        """Give up all of them."""
        for key in list(self._jobs):
            self.cancel(key)

    def _open(self, job: Job | None) -> bool:
        """Whether it waits or runs."""
        if job is None or job.error is not None:
            return False
        return job is self._now or (job.training is None and not job.cancelled)

    def _work(self) -> None:
        while True:
            with self._changed:
                while (job := self._next()) is None:
                    self._changed.wait(self._look)
                self._now = job
            try:
                self._run(job)
            finally:
                with self._changed:
                    self._now = None
                    self._changed.notify_all()

    def _next(self) -> Job | None:
        for job in list(self._jobs.values()):
            if self._open(job) and self._is_left(job):
                job.cancelled, job.error = True, self._left
        return next((job for job in self._jobs.values() if self._open(job)), None)

    def _run(self, job: Job) -> None:
        try:
            training = job.begin()
        except RecommenderError as error:
            job.error = error
            return
        except OSError:
            job.error = RequestError("own_training_died")
            return
        with self._changed:
            job.training = training
            if job.cancelled:
                training.cancel()
        while not training.ended.wait(self._look):
            if self._is_left(job) and not training.cancelled:
                training.cancel(self._left)
        job.done(training)

    @property
    def _left(self) -> RequestError:
        """That nobody came back for it."""
        return RequestError("own_training_left", minutes=max(1, round(self._lease / 60)))

    def _is_left(self, job: Job) -> bool:
        return self._clock() - job.seen > self._lease
