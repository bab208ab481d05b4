"""A small shop with sales, and trainings that run in a thread instead of a process."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import IO

import numpy as np

from recommender.service.own import child
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.sales import Sales

NAMES = ("Tea", "Cup", "Kettle", "Milk jug")
RUNNERS = "tests.service.own.a_runner"
CSV = "customer,time,item\n" + "".join(
    f"c{who},2024-0{1 + who % 8}-1{step},{NAMES[(who + step) % 4]}\n" for who in range(6) for step in range(3)
)


def a_shop() -> Sales:
    catalogue = Catalogue("own", [Item(name.lower().replace(" ", "-"), name) for name in NAMES])
    return Sales(
        catalogue,
        np.array([0, 0, 1, 1], dtype=np.int32),
        np.array([0, 1, 0, 2], dtype=np.int32),
        np.array([3, 3, 3, 0], dtype=np.int8),
        np.array([10, 20, 10, 30], dtype=np.int64),
        np.ones(4, dtype=np.float32),
    )


class ThreadProcess:
    """`subprocess.Popen` for the child's `serve`, in a thread: pipes, but no process."""

    def __init__(self, command: Sequence[str] = ()) -> None:
        reads, writes = os.pipe()
        told, tells = os.pipe()
        self.stdin: IO[bytes] | None = os.fdopen(writes, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(told, "rb")
        self._reads = reads
        self._orders, self._tells = os.fdopen(reads, "rb", closefd=False), os.fdopen(tells, "wb")
        self._status = 1
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        self._status = child.serve(self._orders, self._tells)
        self._tells.close()
        threading.Thread(target=self._close, daemon=True).start()

    def _close(self) -> None:
        while os.read(self._reads, 1 << 16):
            pass
        os.close(self._reads)

    def wait(self, timeout: float | None = None) -> int:
        self._thread.join(timeout)
        return self._status

    def kill(self) -> None:
        """A thread can't be."""
