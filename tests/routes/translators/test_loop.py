"""The loop in the background."""

import asyncio
import os
import threading

import pytest

from recommender.routes.translators.loop import Background


async def where() -> str:
    return threading.current_thread().name


def test_work_runs_on_one_thread_of_its_own() -> None:
    background = Background()
    assert {background.run(where(), 5) for _ in range(3)} == {"translator"}
    background.close()


def test_work_that_takes_too_long_is_cancelled() -> None:
    background = Background()
    cancelled = threading.Event()

    async def endless() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with pytest.raises(TimeoutError):
        background.run(endless(), 0.01)
    assert cancelled.wait(5)
    background.close()


def test_it_starts_anew_after_being_closed_and_closing_twice_does_no_harm() -> None:
    background = Background()
    background.run(where(), 5)
    background.close()
    background.close()
    assert background.run(where(), 5) == "translator"
    background.close()


def test_a_forked_process_gets_a_loop_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    background = Background()

    async def loop() -> int:
        return id(asyncio.get_running_loop())

    first = background.run(loop(), 5)
    inherited = background._loop
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert background.run(loop(), 5) != first
    background.close()
    assert inherited is not None
    inherited.call_soon_threadsafe(inherited.stop)
