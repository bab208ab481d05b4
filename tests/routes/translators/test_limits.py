"""One deadline for several calls, and the circuit breaker, on a clock that stands still until told."""

import time

from recommender.routes.translators.limits import Circuit, shared_deadline, spending


def test_calls_of_one_request_share_their_time() -> None:
    with shared_deadline():
        with spending(8.0) as left:
            assert left == 8.0
            time.sleep(0.01)
        with spending(8.0) as left:
            assert left <= 7.99


def test_calls_by_themselves_and_other_requests_have_all_of_it() -> None:
    with spending(8.0):
        time.sleep(0.001)
    for _ in range(2):
        with shared_deadline(), spending(8.0) as left:
            assert left == 8.0
            time.sleep(0.001)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock, **more: float) -> Circuit:
    circuit = Circuit(2, 10.0, clock=clock, **more)
    for _ in range(2):
        assert circuit.enter() == 0
        circuit.failed()
    return circuit


def test_it_opens_after_as_many_failures_in_a_row_as_it_allows() -> None:
    circuit = opened(Clock())
    assert circuit.enter() == circuit.wait() == 10


def test_a_success_between_failures_starts_the_count_anew() -> None:
    circuit = Circuit(2, 10.0, clock=Clock())
    circuit.failed()
    circuit.succeeded()
    circuit.failed()
    assert circuit.wait() == 0


def test_seconds_are_rounded_up_so_that_nobody_comes_back_too_early() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = 0.1
    assert circuit.wait() == 10
    clock.now = 9.99
    assert circuit.wait() == 1


def test_after_the_pause_one_probe_goes_in_and_others_wait() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = 10.0
    assert circuit.enter() == 0
    assert circuit.enter() == 1


def test_a_probe_that_succeeds_closes_it() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = 10.0
    circuit.enter()
    circuit.succeeded()
    assert [circuit.enter(), circuit.enter()] == [0, 0]
    circuit.failed()
    assert circuit.wait() == 0


def test_each_probe_that_fails_doubles_the_pause_up_to_the_longest() -> None:
    clock = Clock()
    circuit = opened(clock, longest=35.0)
    pauses = []
    for _ in range(4):
        clock.now += circuit.wait()
        assert circuit.enter() == 0
        circuit.failed()
        pauses.append(circuit.wait())
    assert pauses == [20, 35, 35, 35]


def test_a_probe_that_showed_nothing_leaves_its_place_to_another() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = 10.0
    circuit.enter()
    circuit.gave_up()
    assert circuit.enter() == 0


def test_a_late_failure_of_an_earlier_request_does_not_lengthen_the_pause() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = 5.0
    circuit.failed()
    assert circuit.wait() == 5
