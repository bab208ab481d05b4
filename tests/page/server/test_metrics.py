"""Figures for Prometheus: there where they are asked for, right, and silent about what people buy."""

from __future__ import annotations

import re
from collections.abc import Iterator

import gradio as gr
import pytest

from recommender.page.server import metrics
from recommender.page.server.gradio_private import Waiting
from recommender.service import Service
from tests.fake_model import FakeModel
from tests.page.serving import Served, served, small_page


class Keeping(FakeModel):
    @property
    def kept_bytes(self) -> dict[str, int]:
        return {"trees": 1000, "answers": 20}


def counting(service: Service) -> gr.Blocks:
    page = small_page(service)
    page.queue()
    metrics.begin(Waiting(page), service)
    return page


@pytest.fixture(scope="module")
def here() -> Iterator[Served]:
    try:
        with served(Keeping(), build=counting) as server:
            yield server
    finally:
        metrics.end()


def figures(here: Served) -> dict[str, float]:
    answer = here.get("metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    rows = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in rows}


def test_events_are_counted_by_outcome_and_their_time_is_told(here: Served) -> None:
    before = figures(here)
    here.ask("recommend", ["Soccer Ball"])
    here.refusal("recommend", ["Nothing Like It"])
    after = figures(here)
    for outcome in ("answered", "failed"):
        name = f'recommender_event_seconds_count{{event="recommend",outcome="{outcome}"}}'
        assert after[name] - before.get(name, 0) == 1
    assert 0 < after['recommender_event_seconds_sum{event="recommend",outcome="answered"}'] < 60


def test_whoever_is_not_let_in_is_counted_by_reason(here: Served) -> None:
    name = 'recommender_refusals_total{reason="server_not_here"}'
    before = figures(here).get(name, 0)
    assert here.get("gradio_api/monitoring").status_code == 404
    assert figures(here)[name] - before == 1


def test_queue_and_memory_are_there(here: Served) -> None:
    found = figures(here)
    assert found["recommender_queue_waiting"] == found["recommender_queue_running"] == 0
    assert found['recommender_kept_bytes{kind="trees",model="compact"}'] == 1000
    assert found['recommender_kept_bytes{kind="answers",model="compact"}'] == 20


def test_nothing_tells_what_was_bought(here: Served) -> None:
    here.ask("recommend", ["Soccer Ball"], "en", None, None, ["Secret Lantern"])
    text = here.get("metrics").text
    assert not re.search("soccer|lantern", text, re.IGNORECASE)


def test_they_are_nowhere_unless_they_are_asked_for() -> None:
    metrics.end()
    with served() as server:
        assert server.get("metrics").status_code == 404
        server.ask("recommend", ["Soccer Ball"])
