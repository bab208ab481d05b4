"""Deadlines: where a request may stop, and what is said then."""

import pytest

from recommender.errors import RequestError
from recommender.system.deadline import check_time, check_work, deadline, for_others, seconds_left


def key_of(check: object) -> tuple[str, object]:
    with pytest.raises(RequestError) as caught:
        check()  # type: ignore[operator]
    return caught.value.key, caught.value.fields.get("seconds")


def test_without_a_deadline_there_is_time_without_end() -> None:
    check_time()
    check_work()
    assert seconds_left() == float("inf")


def test_who_waited_too_long_is_told_something_else_than_who_asked_too_much() -> None:
    with deadline(0):
        assert key_of(check_time) == ("server_late", None)
    with deadline(30), deadline(0):
        assert key_of(check_work) == ("server_long", 0)


def test_an_inner_deadline_gives_no_more_time() -> None:
    with deadline(0), deadline(100):
        assert key_of(check_time)[0] == "server_late"


def test_nothing_is_worked_out_for_who_has_left() -> None:
    left: list[float] = []
    with deadline(100, lambda: bool(left)):
        check_work()
        left.append(True)
        for check in (check_time, check_work):
            assert key_of(check)[0] == "server_gone"
        with deadline(50):
            assert key_of(check_work)[0] == "server_gone"


def test_what_is_worked_out_for_others_keeps_to_nobodys_deadline() -> None:
    with deadline(0, lambda: True):
        with for_others():
            check_time()
            check_work()
        assert key_of(check_time)[0] == "server_gone"
