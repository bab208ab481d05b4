"""One training in a process of its own: begun, followed line by line, given up; and its death noticed."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import IO, Any, Final, Protocol

from recommender.errors import ModelError, RecommenderError
from recommender.service.own import wire

COMMAND: Final = (sys.executable, "-m", "recommender.service.own.child")
GRACE_SECONDS: Final = 20.0
"""So long a process that is to end may take for it."""
OVERTIME: Final = 2.0
"""One that takes so many times its minutes, and two minutes more, is ended."""
logger = logging.getLogger("recommender")


class Process(Protocol):
    """What is needed of `subprocess.Popen`."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and return its exit status."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


Spawn = Callable[[Sequence[str]], Process]


def spawn(command: Sequence[str]) -> Process:
    """Start a process: what it prints is lost, and a Ctrl-C in the server's terminal isn't for it."""
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )


class Training:
    """One training, from its beginning to its end.

    Attributes:
        told: the fields of the last progress.
        folder: what it has written, once it is done.
        error: why there is none.
        ended: set once it has come to its end, whichever.
    """

    def __init__(self, order: wire.Order, spawn: Spawn = spawn) -> None:
        self.order = order
        self.begun = monotonic()
        self.told: Mapping[str, Any] = MappingProxyType({})
        self.folder: Path | None = None
        self.error: RecommenderError | None = None
        self.ended = threading.Event()
        self.cancelled = False
        self._process = spawn(COMMAND)
        self._ordered = threading.Event()
        self._stopping = threading.Lock()
        self._late = threading.Timer(OVERTIME * 60 * order.minutes + 120, self._overrun)
        self._late.daemon = True
        self._late.start()
        threading.Thread(target=self._follow, daemon=True, name="training").start()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return monotonic() - self.begun

    def cancel(self, why: RecommenderError | None = None) -> None:
        """Give it up: it is asked to end, and made to after `GRACE_SECONDS`. `why` is said in place of that it was."""
        self.cancelled, self.error = True, why
        self._stop()

    def _stop(self) -> None:
        def stop() -> None:
            # Closed in the middle of the order it would wait for the rest.
            self._ordered.wait(GRACE_SECONDS)
            with self._stopping, suppress(OSError, ValueError):
                if self._process.stdin is not None:
                    self._process.stdin.close()
            if not self.ended.wait(GRACE_SECONDS):
                with suppress(OSError):
                    self._process.kill()

        threading.Thread(target=stop, daemon=True, name="end of a training").start()

    def _overrun(self) -> None:
        if not self.ended.is_set():
            self.error = ModelError("own_training_overran")
            self._stop()

    def _follow(self) -> None:
        process, last = self._process, {}
        assert process.stdin is not None and process.stdout is not None
        try:
            try:
                wire.write_order(self.order, process.stdin)
            finally:
                self._ordered.set()
            for line in process.stdout:
                told = dict(wire.read_line(line))
                kind = told.pop("kind", None)
                if kind == "progress":
                    self.told = told
                elif kind in ("done", "failed"):
                    last = told
        except (OSError, ValueError):
            pass  # it died: what it told last is all there is
        status = process.wait()
        self._late.cancel()
        with suppress(OSError, ValueError):
            process.stdin.close()
        process.stdout.close()
        self._conclude(last, status)
        self.ended.set()

    def _conclude(self, last: Mapping[str, Any], status: int) -> None:
        if self.cancelled:
            self.error = self.error or ModelError("own_training_cancelled")
        elif "folder" in last and status == 0:
            self.folder, self.error = Path(last["folder"]), None
        elif self.error is None:
            key, fields = last.get("key"), last.get("fields")
            logger.warning("a shop's training ended with status %d (%s)", status, last.get("of") or key or "no word")
            known = isinstance(key, str) and isinstance(fields, dict)
            self.error = ModelError(str(key), **fields) if known and fields is not None else _death(status)


def _death(status: int) -> ModelError:
    """That it ended without a word; killed (-9), which the system does for want of memory."""
    return ModelError("own_training_memory" if status == -9 else "own_training_died")
