"""A training: told line by line, done, refused, given up, dead."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from recommender.service.own import child, training, wire
from recommender.service.own.child import serve
from recommender.service.own.training import Training
from tests.service.own.a_shop import RUNNERS, ThreadProcess, a_shop

SECONDS = 20


def order(output: Path, ends: str = "writes") -> wire.Order:
    return wire.Order(a_shop(), output, 1.0, "auto", 1, f"{RUNNERS}:{ends}")


def ended(one: Training) -> Training:
    assert one.ended.wait(SECONDS)
    return one


def why(one: Training) -> str:
    return one.error.key if one.error else ""


class DeadProcess:
    """One that ends without a word."""

    def __init__(self, status: int, lines: bytes = b"") -> None:
        self.stdin: IO[bytes] | None = io.BytesIO()
        self.stdout: IO[bytes] | None = io.BytesIO(lines)
        self.status = status

    def wait(self, timeout: float | None = None) -> int:
        return self.status

    def kill(self) -> None:
        raise AssertionError("it is dead")


def test_an_order_arrives_as_it_was_sent(tmp_path: Path) -> None:
    pipe = io.BytesIO()
    wire.write_order(order(tmp_path / "out"), pipe)
    pipe.seek(0)
    read = wire.read_order(pipe)
    sent = a_shop()
    assert (read.output, read.minutes, read.repeats, read.threads) == (tmp_path / "out", 1.0, "auto", 1)
    assert read.runner == f"{RUNNERS}:writes" and read.sales.catalogue.items == sent.catalogue.items
    for name in ("customers", "items", "events", "times", "quantities"):
        one, other = getattr(read.sales, name), getattr(sent, name)
        assert np.array_equal(one, other) and one.dtype == other.dtype


def test_a_training_tells_how_far_it_is_and_what_it_wrote(tmp_path: Path) -> None:
    one = ended(Training(order(tmp_path / "out"), ThreadProcess))
    assert one.error is None and one.folder == tmp_path / "out" and one.seconds > 0
    assert (one.told["stage"], one.told["figures"]["t5"]) == ("t5", 0.45)
    assert json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["purchases"] == 4


def test_one_that_is_given_up_says_so(tmp_path: Path) -> None:
    one = Training(order(tmp_path / "out", "waits"), ThreadProcess)
    one.cancel()
    assert ended(one).folder is None and why(one) == "own_training_cancelled"


@pytest.mark.parametrize(
    ("ends", "key"),
    [("refuses", "own_no_sales"), ("breaks", "own_training_failed"), ("starves", "own_training_memory")],
)
def test_one_that_fails_says_why_and_never_in_a_librarys_words(tmp_path: Path, ends: str, key: str) -> None:
    one = ended(Training(order(tmp_path / "out", ends), ThreadProcess))
    assert why(one) == key and one.error is not None and "sells" not in one.error.sentence()


@pytest.mark.parametrize(
    ("status", "key"), [(1, "own_training_died"), (-9, "own_training_memory"), (0, "own_training_died")]
)
def test_a_death_is_noticed(tmp_path: Path, status: int, key: str) -> None:
    lines = b'{"kind": "progress", "loss": 2}\nno line of ours\n[]\n'
    one = ended(Training(order(tmp_path / "out"), lambda command: DeadProcess(status, lines)))
    assert why(one) == key and one.told == {"loss": 2}


def test_one_that_takes_far_longer_than_its_minutes_is_ended(tmp_path: Path) -> None:
    one = Training(order(tmp_path / "out", "waits"), ThreadProcess)
    one._overrun()
    assert why(ended(one)) == "own_training_overran"
    one._overrun()
    assert why(one) == "own_training_overran"


def test_one_that_does_not_end_when_asked_to_is_made_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "GRACE_SECONDS", 0.01)
    killed: list[bool] = []

    class Stubborn(ThreadProcess):
        def kill(self) -> None:
            killed.append(True)

        def _serve(self) -> None:
            while not killed:
                self._orders.read(1)
            self._tells.close()
            self._close()

    one = Training(order(tmp_path / "out"), Stubborn)
    one.cancel()
    assert ended(one).error is not None and killed == [True]


def test_a_child_that_is_sent_nonsense_says_that_it_failed() -> None:
    told = io.BytesIO()
    assert serve(io.BytesIO(b"no order\n"), told) == 1
    assert json.loads(told.getvalue())["key"] == "own_training_failed"


def test_a_child_whose_server_is_gone_ends_without_a_word(tmp_path: Path) -> None:
    class Gone(io.BytesIO):
        def write(self, data: object) -> int:
            raise BrokenPipeError

    orders = io.BytesIO()
    wire.write_order(order(tmp_path / "out"), orders)
    orders.seek(0)
    assert serve(orders, Gone()) == 1


@pytest.mark.slow
def test_in_a_process_of_its_own(tmp_path: Path) -> None:
    commands: list[Sequence[str]] = []

    def spawn(command: Sequence[str]) -> training.Process:
        commands.append(command)
        return training.spawn(command)

    one = Training(order(tmp_path / "out"), spawn)
    assert one.ended.wait(60) and one.error is None and one.folder == tmp_path / "out"
    assert commands == [training.COMMAND] and one.told["loss"] == 1.25


def test_what_a_library_prints_does_not_get_between_the_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def tells(orders: IO[bytes], told: IO[bytes]) -> int:
        sys.stdout.write("a library's own words\n")
        sys.stdout.flush()
        told.write(orders.read() + b" is done")
        told.close()
        return 7

    monkeypatch.setattr(child, "serve", tells)
    monkeypatch.setattr(os, "nice", lambda by: by, raising=False)
    with (tmp_path / "out").open("w") as out, (tmp_path / "errors").open("w") as errors:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", errors)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"an order")))
        assert child.main() == 7
    assert (tmp_path / "out").read_text("utf-8") == "an order is done"
    assert (tmp_path / "errors").read_text("utf-8") == "a library's own words\n"
