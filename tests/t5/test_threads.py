"""The number of threads is the one that a trial shows to be best."""

import threading

import pytest
import torch

from recommender.t5 import threads
from recommender.t5.threads import choose, use


class Machine:
    """A clock that a trial moves on by what it takes with the threads of the moment."""

    def __init__(self, seconds: dict[int, float]) -> None:
        self.seconds = seconds
        self.now = 0.0
        self.tried: list[int] = []

    def trial(self) -> None:
        self.tried.append(torch.get_num_threads())
        self.now += self.seconds[self.tried[-1]]


@pytest.mark.parametrize(
    ("seconds", "best"),
    [
        ({1: 0.010, 2: 0.0055}, 2),
        ({1: 0.010, 2: 0.100}, 1),
        ({1: 0.010, 2: 0.007}, 1),  # not worth a core
        ({1: 0.010, 2: 0.0055, 4: 0.003, 6: 0.0015}, 6),
        ({1: 0.010, 2: 0.0055, 4: 0.005, 6: 0.03}, 2),
        ({1: 5.0, 2: 2.6}, 2),
    ],
)
def test_the_quickest_number_is_chosen(monkeypatch: pytest.MonkeyPatch, seconds: dict[int, float], best: int) -> None:
    machine = Machine(seconds)
    monkeypatch.setattr(threads, "perf_counter", lambda: machine.now)
    before = torch.get_num_threads()
    assert choose(machine.trial, max(seconds)) == best
    assert set(machine.tried) == set(seconds)
    assert torch.get_num_threads() == before
    assert machine.now <= threads.MOST_SECONDS + 2 * sum(seconds.values())


def test_one_thread_needs_no_trial() -> None:
    assert choose(lambda: pytest.fail("tried"), 1) == 1


def test_a_failure_leaves_the_threads_as_they_were() -> None:
    before = torch.get_num_threads()
    with pytest.raises(RuntimeError), use(before + 1):
        assert torch.get_num_threads() == before + 1
        raise RuntimeError
    assert torch.get_num_threads() == before


def test_a_thread_of_the_program_computes_with_the_number_chosen() -> None:
    found: list[int] = []

    def work() -> None:
        with use(2):
            torch.ones(10) + 1
            found.append(torch.get_num_threads())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [2]
