"""`/metrics` for Prometheus: events, refusals, the queue, memory. Off unless `RECOMMENDER_METRICS` is on.

Nothing in it tells what was bought: labels are names of events, keys of sentences and kinds of memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from recommender.service import Service

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

    from recommender.page.server.gradio_private import Waiting

BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds: from an answer that is remembered to the deadline."""


class Metrics:
    """What is counted of one server."""

    def __init__(self, waiting: Waiting, service: Service) -> None:
        # An operator who doesn't ask for it doesn't wait for its import.
        from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

        self._waiting = waiting
        self._service = service
        self.registry = CollectorRegistry()
        self.events = Histogram(
            "recommender_event_seconds",
            "Time from a request's arrival to the end of its event, by event and outcome.",
            ["event", "outcome"],
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.refusals = Counter(
            "recommender_refusals", "Requests that were not let in, by reason.", ["reason"], registry=self.registry
        )
        ProcessCollector(registry=self.registry)
        self.registry.register(self)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What is read when it is asked for; called by the registry."""
        from prometheus_client.core import GaugeMetricFamily

        yield GaugeMetricFamily("recommender_queue_waiting", "Events that wait.", len(self._waiting))
        yield GaugeMetricFamily("recommender_queue_running", "Batches of events that run.", self._waiting.batches())
        memory = GaugeMetricFamily(
            "recommender_kept_bytes", "Memory of what is kept for the next answers.", labels=["model", "kind"]
        )
        for model, kinds in self._service.kept_bytes().items():
            for kind, size in kinds.items():
                memory.add_metric([model, kind], size)
        yield memory

    async def answer(self, request: HttpRequest) -> Response:
        """The figures as Prometheus reads them."""
        from prometheus_client.exposition import choose_encoder

        write, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(write(self.registry), headers={"content-type": kind, "cache-control": "no-store"})


_metrics: Metrics | None = None


def begin(waiting: Waiting, service: Service) -> Metrics:
    """Count from now on. For a call before the server opens, whose routes it adds to."""
    global _metrics
    _metrics = Metrics(waiting, service)
    return _metrics


def end() -> None:
    """Count no more."""
    global _metrics
    _metrics = None


def routes() -> list[Route]:
    """Where they can be read: nowhere, unless they were begun."""
    return [Route("/metrics", _metrics.answer)] if _metrics else []


def event_ended(event: str, outcome: str, seconds: float) -> None:
    """Note an event of the page or of a program: its name, `answered` or `failed`, the time since it came."""
    if _metrics:
        _metrics.events.labels(event, outcome).observe(seconds)


def refused(reason: str) -> None:
    """Note somebody who was not let in, by the key of the sentence."""
    if _metrics:
        _metrics.refusals.labels(reason).inc()
