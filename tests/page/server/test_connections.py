"""How many connections there may be, as the system's limits have it, or where it has none."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from recommender.page.server import connections


def limits(soft: int, hard: int) -> SimpleNamespace:
    made = SimpleNamespace(RLIM_INFINITY=-1, RLIMIT_NOFILE=7, asked=[])
    made.getrlimit = lambda kind: (soft, hard)
    made.setrlimit = lambda kind, both: made.asked.append(both)
    return made


def test_where_the_system_states_no_limits_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    connections.allow_connections()
    assert connections.most_connections() == 65_536


@pytest.mark.parametrize(
    ("soft", "hard", "asked"),
    [(1024, 4096, [(4096, 4096)]), (1024, -1, [(65_536, -1)]), (4096, 4096, []), (-1, -1, [])],
)
def test_as_many_are_asked_for_as_the_system_grants(
    soft: int, hard: int, asked: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    system = limits(soft, hard)
    monkeypatch.setitem(sys.modules, "resource", system)
    connections.allow_connections()
    assert system.asked == asked


@pytest.mark.parametrize(("soft", "most"), [(1024, 800), (100, 16), (-1, 65_312), (10**6, 65_312)])
def test_files_for_everything_else_are_left(soft: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", limits(soft, soft))
    assert connections.most_connections() == most


def test_a_system_that_refuses_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    system = limits(10, 20)

    def refuse(kind: int, both: tuple[int, int]) -> None:
        raise ValueError

    system.setrlimit = refuse
    monkeypatch.setitem(sys.modules, "resource", system)
    connections.allow_connections()
