"""A fair lock: nobody is passed over."""

import threading
from types import SimpleNamespace

import pytest

from recommender.t5 import fair_lock
from recommender.t5.fair_lock import FairLock


def test_who_gives_it_back_waits_behind_those_who_came_before() -> None:
    lock, order = FairLock(), []
    inside, go = threading.Event(), threading.Event()

    def greedy() -> None:
        for number in range(3):
            with lock:
                if number == 0:
                    inside.set()
                    assert go.wait(10)
                order.append("greedy")

    def other() -> None:
        with lock:
            order.append("other")

    first, second = threading.Thread(target=greedy), threading.Thread(target=other)
    first.start()
    assert inside.wait(10)
    second.start()
    while not lock._waiting:
        pass
    go.set()
    first.join(10)
    second.join(10)
    assert order == ["greedy", "other", "greedy", "greedy"]


def test_one_thread_at_a_time_has_it() -> None:
    lock, inside, most = FairLock(), [0], [0]

    def work() -> None:
        for _ in range(200):
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == [1] and not lock._taken


def test_an_error_inside_gives_it_back() -> None:
    lock = FairLock()
    try:
        with lock:
            raise KeyError
    except KeyError:
        pass
    with lock:
        assert lock._taken


class Interrupted(threading.Event):
    """Ctrl-C while one waits; `handed_over` does first what happens just before it."""

    handed_over = staticmethod(lambda: None)

    def wait(self, timeout: float | None = None) -> bool:
        self.handed_over()
        raise KeyboardInterrupt


@pytest.mark.parametrize("when", ["while it waits", "just as its turn comes"])
def test_who_is_interrupted_keeps_nobody_waiting(when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = FairLock()
    monkeypatch.setattr(fair_lock, "threading", SimpleNamespace(Event=Interrupted))
    lock.__enter__()
    if when == "just as its turn comes":
        monkeypatch.setattr(Interrupted, "handed_over", staticmethod(lambda: lock.__exit__(None, None, None)))
    with pytest.raises(KeyboardInterrupt):
        lock.__enter__()
    assert not lock._waiting
    if when == "while it waits":
        assert lock._taken
        lock.__exit__(None, None, None)
    assert not lock._taken
