"""How a computation on a GPU becomes a CUDA graph, which is started by a single call.

Where there is no GPU the tests have a stand-in (`tests/t5/recorder.py`), which notes a computation's operations once
and repeats them on the same memory, as a graph does. `captured` compares each graph's first result with the plain
computation's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import torch

WARM_UPS: Final = 2
"""Runs before a capture: in the first ones libraries choose kernels and take memory, which no capture allows."""

Replay = Callable[[], None]


class CaptureError(Exception):
    """A computation that could not be captured, for want of memory too, or a graph that computes something else."""


class Capture(Protocol):
    """Makes computations replayable, one at a time."""

    @property
    def taken(self) -> int:
        """Bytes of the device's memory that all captures so far took, beside what their computations were given."""
        ...

    def __call__(self, function: Callable[[], None]) -> Replay:
        """What repeats the operations of `function`, and keeps all tensors that it refers to.

        `function` reads and writes tensors that stay where they are and leaves nothing else behind: the memory between
        them is used by other replays too. It is called several times.

        Raises:
            RuntimeError: if it can't be captured.
        """
        ...


@dataclass(frozen=True)
class _Graph:
    graph: torch.cuda.CUDAGraph
    function: Callable[[], None]  # held because it holds the tensors: the graph has only their addresses

    def __call__(self) -> None:
        self.graph.replay()


class CudaCapture:
    """CUDA graphs on one device, with one memory for all that is between their inputs and their outputs."""

    def __init__(self, device: torch.device) -> None:
        self.taken = 0
        self._device = device
        # Warm-ups and captures share a stream: cuBLAS takes memory for each new stream, which no capture allows.
        self._stream = torch.cuda.Stream(device)
        self._pool = torch.cuda.graph_pool_handle()

    def __call__(self, function: Callable[[], None]) -> Replay:
        """See `Capture`; a replay runs on its caller's stream."""
        before = torch.cuda.memory_reserved(self._device)
        here, graph = torch.cuda.current_stream(self._device), torch.cuda.CUDAGraph()
        self._stream.wait_stream(here)
        try:
            with torch.cuda.stream(self._stream):
                for _ in range(WARM_UPS):
                    function()
                # Other threads may use the GPU meanwhile: a translator, another model.
                graph.capture_begin(pool=self._pool, capture_error_mode="thread_local")
                try:
                    function()
                finally:
                    graph.capture_end()
        finally:
            here.wait_stream(self._stream)
        self.taken += max(0, torch.cuda.memory_reserved(self._device) - before)
        return _Graph(graph, function)
