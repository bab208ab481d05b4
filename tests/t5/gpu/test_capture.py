"""The order in which a capture has things done on a GPU, read off a GPU that is not there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch

from recommender.t5.gpu.capture import WARM_UPS, CudaCapture


class Gpu:
    """Notes what is asked of it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.log: list[str] = []
        reserved = iter((100, 350, 350, 300))
        patch.setattr(torch.cuda, "CUDAGraph", self.graph)
        patch.setattr(torch.cuda, "Stream", lambda device: self.queue("side"))
        patch.setattr(torch.cuda, "current_stream", lambda device: self.queue("main"))
        patch.setattr(torch.cuda, "stream", self.on)
        patch.setattr(torch.cuda, "graph_pool_handle", lambda: "pool")
        patch.setattr(torch.cuda, "memory_reserved", lambda device: next(reserved))

    def note(self, name: str) -> Callable[..., None]:
        return lambda **options: self.log.append(" ".join([name, *options.values()]))

    def queue(self, name: str) -> Any:
        queue = type("Queue", (), {"__str__": lambda self: name})()
        queue.wait_stream = lambda other: self.log.append(f"{name} waits for {other}")
        return queue

    def graph(self) -> Any:
        graph = type("Graph", (), {})()
        graph.capture_begin, graph.capture_end, graph.replay = map(self.note, ("begin", "end", "replay"))
        return graph

    @contextmanager
    def on(self, queue: Any) -> Iterator[None]:
        self.log.append(f"on {queue}")
        try:
            yield
        finally:
            self.log.append(f"off {queue}")


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Gpu:
    return Gpu(monkeypatch)


def test_a_capture_comes_after_warm_ups_on_a_side_stream(gpu: Gpu) -> None:
    replay = CudaCapture(torch.device("cuda"))(lambda: gpu.log.append("run"))
    begun = ["side waits for main", "on side", *["run"] * WARM_UPS, "begin pool thread_local", "run", "end"]
    assert gpu.log == [*begun, "off side", "main waits for side"]
    replay()
    assert gpu.log[-1] == "replay"


def test_a_capture_that_fails_is_ended(gpu: Gpu) -> None:
    def function() -> None:
        gpu.log.append("run")
        if gpu.log.count("run") > WARM_UPS:
            raise RuntimeError("not permitted")

    with pytest.raises(RuntimeError, match="not permitted"):
        CudaCapture(torch.device("cuda"))(function)
    assert gpu.log[-3:] == ["end", "off side", "main waits for side"]


def test_what_captures_take_is_added_up_and_never_less_than_nothing(gpu: Gpu) -> None:
    capture = CudaCapture(torch.device("cuda"))
    for _ in range(2):
        capture(lambda: None)
    assert capture.taken == 250


def test_a_graph_keeps_what_its_function_refers_to(gpu: Gpu) -> None:
    tensor = torch.ones(1)
    replay = CudaCapture(torch.device("cuda"))(lambda: tensor.add_(1))  # type: ignore[arg-type]
    assert replay.function.__closure__[0].cell_contents is tensor  # type: ignore[attr-defined]
