"""Trainings one at a time: places in the queue, cancelling, leases, and none that stops the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import cast

import pytest

from recommender.errors import ModelError, RecommenderError, RequestError
from recommender.service.own.queue import Trainings
from recommender.service.own.training import Training

SECONDS = 20


@dataclass
class Held:
    """A training that goes on until it is let go or cancelled."""

    ended: threading.Event = field(default_factory=threading.Event)
    cancelled: bool = False
    error: RecommenderError | None = None

    def cancel(self, why: RecommenderError | None = None) -> None:
        self.cancelled, self.error = True, why
        self.ended.set()


@dataclass
class Stage:
    queue: Trainings
    now: list[float]
    begun: dict[str, Held] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def submit(self, key: str, minutes: float = 5) -> None:
        def begin() -> Training:
            self.begun[key] = Held()
            return cast(Training, self.begun[key])

        self.queue.submit(key, minutes, begin, lambda training: self.done.append(key))

    def state(self, key: str) -> str | None:
        standing = self.queue.standing(key)
        return standing.state if standing else None


def wait_for(true: Callable[[], object]) -> None:
    until = monotonic() + SECONDS
    while not true():
        assert monotonic() < until
        sleep(0.002)


@pytest.fixture
def stage() -> Iterator[Stage]:
    now = [0.0]
    made = Stage(Trainings(2, 60, lambda: now[0], 0.005), now)
    yield made
    made.queue.close()
    for one in made.begun.values():
        one.ended.set()


def test_one_runs_and_the_others_know_their_places(stage: Stage) -> None:
    for key in "abc":
        stage.submit(key, 3)
    wait_for(lambda: stage.state("a") == "running" and stage.begun)
    b, c = stage.queue.standing("b"), stage.queue.standing("c")
    assert b is not None and (b.state, b.before, b.minutes) == ("waiting", 1, 3)
    assert c is not None and (c.state, c.before, c.minutes) == ("waiting", 2, 6)
    assert stage.queue.standing("d") is None
    with pytest.raises(RequestError, match="2 shops wait"):
        stage.submit("d")
    wait_for(lambda: "a" in stage.begun)
    stage.begun["a"].ended.set()
    wait_for(lambda: stage.state("b") == "running")
    assert stage.state("a") == "ended" and stage.done == ["a"] and "c" not in stage.begun


def test_who_asks_twice_waits_once(stage: Stage) -> None:
    stage.submit("a")
    wait_for(lambda: "a" in stage.begun)
    first = stage.begun["a"]
    stage.submit("a")
    first.ended.set()
    wait_for(lambda: stage.state("a") == "ended")
    assert stage.begun["a"] is first
    stage.submit("a")
    wait_for(lambda: stage.begun["a"] is not first)


def test_what_is_cancelled_ends_waiting_or_running(stage: Stage) -> None:
    stage.submit("a")
    stage.submit("b")
    wait_for(lambda: "a" in stage.begun)
    stage.queue.cancel("b")
    assert stage.state("b") == "ended"
    stage.queue.cancel("a")
    wait_for(lambda: stage.state("a") == "ended")
    assert stage.begun["a"].cancelled and "b" not in stage.begun
    stage.queue.cancel("a")
    stage.queue.cancel("nobody's")
    stage.queue.forget("a")
    assert stage.state("a") is None


def test_who_does_not_come_back_makes_room(stage: Stage) -> None:
    stage.submit("a")
    wait_for(lambda: "a" in stage.begun)
    stage.submit("b")
    stage.now[0] = 61.0
    assert stage.state("b") == "waiting"
    stage.submit("c")
    wait_for(lambda: stage.begun["a"].cancelled)
    wait_for(lambda: "b" in stage.begun)
    stage.now[0] = 130.0
    assert stage.state("b") == "running"
    stage.begun["b"].ended.set()
    wait_for(lambda: stage.done == ["a", "b"])
    wait_for(lambda: stage.queue._jobs["c"].cancelled)
    assert "c" not in stage.begun
    # Whoever comes back later is told why, whether it ran or waited.
    for error in (stage.begun["a"].error, stage.queue._jobs["c"].error):
        assert error is not None and error.key == "own_training_left" and "1 minutes" in error.sentence()


@pytest.mark.parametrize(
    ("error", "key"), [(ModelError("own_training_memory"), "own_training_memory"), (OSError(), "own_training_died")]
)
def test_one_that_can_not_begin_says_why_and_the_next_one_begins(stage: Stage, error: Exception, key: str) -> None:
    def fails() -> Training:
        raise error

    stage.queue.submit("a", 5, fails, lambda training: None)
    wait_for(lambda: stage.state("a") == "ended")
    standing = stage.queue.standing("a")
    assert standing is not None and standing.job is not None and standing.job.error is not None
    assert standing.job.error.key == key
    stage.submit("b")
    wait_for(lambda: "b" in stage.begun)
