"""A log that can't be flooded."""

import logging

import pytest

from recommender.page.server import throttle
from recommender.page.server.throttle import MOST, Throttle


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [0.0]
    monkeypatch.setattr(throttle, "monotonic", lambda: clock[0])
    return clock


def line(text: str = "no %s", level: int = logging.WARNING, place: int = 1, about: str = "room") -> logging.LogRecord:
    return logging.LogRecord("x", level, "file.py", place, text, (about,), None)


def test_of_like_lines_some_are_written_and_then_how_many_were_not(now: list[float]) -> None:
    filtered = Throttle()
    assert [filtered.filter(line(about=str(number))) for number in range(500)] == [True] * MOST + [False] * (500 - MOST)
    now[0] = throttle.SECONDS
    later = line()
    assert filtered.filter(later) and later.getMessage() == f"no room [and {500 - MOST} more like this]"


def test_other_lines_are_written_all_the_same(now: list[float]) -> None:
    filtered = Throttle()
    for _ in range(100):
        filtered.filter(line())
    assert filtered.filter(line(place=2)) and filtered.filter(line("no money")) and filtered.filter(line(level=40))


def test_the_lines_of_answers_are_never_left_out(now: list[float]) -> None:
    filtered = Throttle()
    assert all(filtered.filter(line(level=logging.INFO)) for _ in range(1000))
