"""A real server on a free port of this machine, with a model that needs no weights."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
import httpx

from recommender.page.server import endpoints
from recommender.page.server.starting import Server
from recommender.page.server.visits import LoggedService
from recommender.recommenders.ranking import GenerationOptions, RankRequest
from recommender.service import Request, Service
from recommender.service.batching import Batched
from recommender.settings import Settings
from tests.fake_model import GREEDY, FakeAnswer, FakeModel


@dataclass
class GatedModel(FakeModel):
    """Answers only while its gate is open."""

    gate: threading.Event = field(default_factory=threading.Event)
    inside: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def answer_many_timed(
        self, requests: Sequence[RankRequest], options: GenerationOptions = GREEDY
    ) -> list[FakeAnswer]:
        self.inside.release()
        assert self.gate.wait(30)
        return super().answer_many_timed(requests, options)


@dataclass
class Served:
    url: str
    server: Server
    service: Service

    def post(self, path: str, **kwargs: Any) -> httpx.Response:
        return httpx.post(self.url + path, timeout=60, **kwargs)

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return httpx.get(self.url + path, timeout=60, **kwargs)

    def begin(self, endpoint: str, data: object, **kwargs: Any) -> str:
        # Written as ASCII, because half a character can't be written otherwise.
        headers = {"content-type": "application/json", **kwargs.pop("headers", {})}
        content = json.dumps({"data": data})
        answer = self.post(f"gradio_api/call/{endpoint}", content=content, headers=headers, **kwargs)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["event_id"])

    def fetch(self, event: str) -> tuple[str, Any]:
        """Kind and data of an event's last message."""
        text = self.get(f"gradio_api/call/any/{event}").text
        kind, _, data = text.strip().split("\n\n")[-1].partition("\n")
        return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    def ask(self, endpoint: str, *data: object, **kwargs: Any) -> Any:
        kind, answer = self.fetch(self.begin(endpoint, list(data), **kwargs))
        assert kind == "complete", answer
        return answer[0]

    def refusal(self, endpoint: str, *data: object, **kwargs: Any) -> str:
        kind, answer = self.fetch(self.begin(endpoint, list(data), **kwargs))
        assert kind == "error", answer
        return str(answer["error"])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def small_page(service: Service) -> gr.Blocks:
    """The least that has what the page has: an event that asks the model, one that breaks, and the endpoints."""
    page = gr.Blocks(title="small", analytics_enabled=False)
    with page:
        text, shown, kept = gr.Textbox(), gr.JSON(), gr.State(0)

        def ask(text: str) -> Any:
            return service.answer(Request([text])).to_json(1)

        def breaks(text: str) -> Any:
            raise KeyError(text)

        def counts(kept: int) -> int:
            return kept + 1

        limits: dict[str, Any] = {"concurrency_id": endpoints.MODEL_QUEUE, "concurrency_limit": 32}
        text.submit(ask, text, shown, **limits)
        text.change(breaks, text, shown, api_name="breaks")
        text.blur(counts, kept, kept, api_name="counts")
        endpoints.register(page, service)
    return page


@contextmanager
def served(
    model: FakeModel | None = None,
    most_waiting: int = 256,
    build: Callable[[Service], gr.Blocks] = small_page,
    warm: bool = True,
) -> Iterator[Served]:
    made = Batched(model or FakeModel())
    service = LoggedService(Settings(), load=lambda name, device: made)
    server = Server(build(service), most_waiting)
    url = server.open("127.0.0.1", free_port(), {})
    try:
        if warm:
            server.health.warm_up(service)
        yield Served(url, server, service)
    finally:
        server.close()
