"""The server as visitors and operators meet it: health, crowds, lateness, failures, the end."""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from recommender import page as ui
from recommender.cli import main
from recommender.corpus.pool import training_pool
from recommender.errors import DeviceError, ModelError, RequestError
from recommender.instruments import learned, registry
from recommender.instruments.neighbours.computing import Pool
from recommender.language import sentence
from recommender.page import page
from recommender.page.server import connections, endpoints, guard
from recommender.page.server import starting as ui_server
from recommender.page.server.doorman import Admission
from recommender.page.server.endpoints import MODEL_QUEUE
from recommender.page.server.starting import Server
from recommender.page.view import View
from recommender.page.why import Explorer
from recommender.service import Request, Service
from recommender.service.batching import MOST_ROWS
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from tests.fake_model import FakeModel
from tests.page.serving import GatedModel, Served, free_port, served, small_page
from tests.places import ROOT
from tests.tiny import tiny_checkpoint

SPORTS = Catalogue.load("sports")


@pytest.fixture(scope="module")
def here() -> Iterator[Served]:
    with served() as server:
        yield server


@contextlib.contextmanager
def behind_a_gate(most_waiting: int = 256) -> Iterator[tuple[Served, GatedModel]]:
    """A server whose model is busy with somebody's question until the gate opens."""
    fake = GatedModel()
    with served(fake, most_waiting, warm=False) as server:
        try:
            yield server, fake
        finally:
            fake.gate.set()


# Health


def test_health_goes_from_loading_to_ready_to_closing() -> None:
    with behind_a_gate() as (server, fake):
        assert (server.get("healthz").status_code, server.get("readyz").status_code) == (200, 503)
        assert server.get("readyz").json() == {"status": "loading"}
        fake.gate.set()
        server.server.health.warm_up(server.service)
        assert (server.get("readyz").status_code, server.get("readyz").json()) == (200, {"status": "ready"})
        server.server.admission.closing = True
        assert (server.get("readyz").status_code, server.get("readyz").json()) == (503, {"status": "closing"})
        assert server.get("healthz").json() == {"status": "alive"}


def test_the_port_is_open_and_says_loading_before_the_model_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    port, found = free_port(), {}

    def build(service: Service, settings: Settings) -> Any:
        # The first thing of all that needs the model.
        for path in ("healthz", "readyz", "", "gradio_api/info"):
            answer = httpx.get(f"http://127.0.0.1:{port}/{path}")
            found[path] = answer.status_code, answer.json().get("status") or answer.json()["code"]
        raise ModelError("model_memory")

    monkeypatch.setattr(page, "build", build)
    monkeypatch.setattr(ui.Ending, "listen", lambda ending: None)
    monkeypatch.setattr(ui, "_log_to_stderr", lambda logger: None)  # its handler would stay for all other tests
    try:
        with pytest.raises(ModelError):
            ui.launch(replace(Settings(), host="127.0.0.1", port=port))
    finally:
        gc.unfreeze()
    loading = 503, "server_loading"
    assert found == {"healthz": (200, "alive"), "readyz": (503, "loading"), "": loading, "gradio_api/info": loading}
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/readyz")


def test_a_server_whose_device_broke_answers_and_is_not_ready() -> None:
    fake = FakeModel()
    with served(fake) as server:
        assert server.get("readyz").status_code == 200
        fake.trouble = DeviceError("device_failed", device="cuda")
        answer = server.get("readyz")
        assert answer.status_code == 503 and answer.json()["status"] == "device_failed"
        assert answer.json()["en"] == str(fake.trouble) and "«cuda»" in answer.json()["ar"]
        assert server.ask("recommend", ["Soccer Ball"])["recommendation"]
        assert server.get("healthz").status_code == 200


def test_a_port_that_is_taken_is_a_sentence_and_what_did_not_open_can_be_closed(here: Served) -> None:
    port = here.server.blocks.server_port
    server = Server(small_page(here.service))
    with pytest.raises(RequestError) as caught:
        server.open("127.0.0.1", port, {})
    assert caught.value.key == "page_no_port" and str(port) in caught.value.sentence("ar")
    assert server.close() == 0


@pytest.mark.slow
def test_the_command_line_says_that_a_port_is_taken(here: Served) -> None:
    port = str(here.server.blocks.server_port)
    environment = {**os.environ, "RECOMMENDER_PORT": port, "RECOMMENDER_LANGUAGE": "en"}
    done = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (2, sentence("page_no_port", "en", port=port))


# Crowds


def test_everybody_in_a_crowd_gets_the_answer_to_the_own_question_once(here: Served) -> None:
    baskets = [[item.id, other.id] for item in SPORTS for other in SPORTS.items[:3] if item is not other][:60]

    def ask(basket: list[str]) -> Any:
        return here.ask("recommend", basket, "en", None, None, None, 1)

    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(ask, baskets))
    for basket, answer in zip(baskets, answers, strict=True):
        expected = here.service.answer(Request(basket)).to_json(1)
        assert (answer["prompt"], answer["recommendation"]) == (expected["prompt"], expected["recommendation"])


def test_when_the_queue_is_full_the_rest_hears_busy_and_nobody_is_lost() -> None:
    with behind_a_gate(most_waiting=5) as (server, fake):

        def begin(number: int) -> httpx.Response:
            body = {"data": [[SPORTS.items[number].id], "en", None, None, None, 1]}
            return server.post("gradio_api/call/recommend", json=body, headers={"accept-language": "ar"})

        begun = []
        for number in range(34):  # 32 run, the others wait
            begun.append(begin(number))
            if number == 0:
                fake.inside.acquire()
        until_waiting(server, 2)
        begun += [begin(0) for _ in range(3)]
        refused = [begin(0) for _ in range(4)]
        assert [one.status_code for one in begun] == [200] * 37
        assert [one.status_code for one in refused] == [429] * 4
        assert {one.json()["detail"] for one in refused} == {sentence("server_busy", "ar")}
        fake.gate.set()
        kinds = [server.fetch(one.json()["event_id"]) for one in begun]
        assert [kind for kind, _ in kinds] == ["complete"] * 37
        assert begin(0).status_code == 200


def test_in_a_burst_everybody_who_finds_no_room_hears_it_from_us(here: Served) -> None:
    """However many requests are on their way at once, Gradio never comes to refuse one."""
    with behind_a_gate(most_waiting=5) as (server, fake):

        def begin(number: int) -> httpx.Response:
            return server.post("gradio_api/call/recommend", json={"data": [["Soccer Ball"]]})

        with ThreadPoolExecutor(60) as pool:
            found = list(pool.map(begin, range(240)))
        refused = [one for one in found if one.status_code != 200]
        assert refused and {one.status_code for one in refused} == {429}
        assert {one.json()["code"] for one in refused} == {"server_busy"}
        assert all(one.headers["retry-after"] for one in refused)
        fake.gate.set()
        kinds = [server.fetch(one.json()["event_id"])[0] for one in found if one.status_code == 200]
        assert set(kinds) == {"complete"}


def test_explanations_wait_for_each_other_and_leave_room_for_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui_server, "MOST_EXPLAINS", 3)
    monkeypatch.setattr(learned, "_pool", lambda: Pool(training_pool(30), []))
    with behind_a_gate() as (server, fake):
        body = {"items": ["Soccer Ball"], "shuffles": 2}
        begun = [server.post("gradio_api/call/v2/explain", json=body)]
        assert fake.inside.acquire(timeout=30)
        begun += [server.post("gradio_api/call/v2/explain", json=body) for _ in range(endpoints.EXPLAINS - 1)]
        until_waiting(server, 0)
        begun += [server.post("gradio_api/call/v2/explain", json=body) for _ in range(5)]
        assert [one.status_code for one in begun] == [200] * (endpoints.EXPLAINS + 3) + [429] * 2
        # Answers have a queue of their own, and find it empty.
        event = server.begin("recommend", [["Tennis Ball"]])
        until_waiting(server, 3)
        fake.gate.set()
        assert server.fetch(event)[0] == "complete"
        assert {server.fetch(one.json()["event_id"])[0] for one in begun[:-2]} == {"complete"}


@dataclass
class Slow(FakeModel):
    """Tells when it is asked many, and answers once it may."""

    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    may: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    chunks: int = 0

    def rank_many(self, requests: Any) -> Any:
        self.chunks += 1
        self.arrived.release()
        assert self.may.acquire(timeout=30)
        return super().rank_many(requests)


def test_what_is_worked_out_for_who_has_left_is_given_up() -> None:
    slow = Slow()
    with served(slow) as server:
        slow.may.release()  # leave-one-out
        event = server.begin("explain", [["Soccer Ball"], "en", None, None, None, None, 200])
        assert slow.arrived.acquire(timeout=30) and slow.arrived.acquire(timeout=30)
        with socket.create_connection(("127.0.0.1", server.server.blocks.server_port)) as leaves:
            leaves.sendall(f"GET /gradio_api/call/explain/{event} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert leaves.recv(100)
        queue = server.server.blocks._queue
        until(lambda: not any(one.alive for one in list(queue.event_ids_to_events.values())))
        slow.may.release()
        until(lambda: not queue.event_ids_to_events)
        # 201 orders are asked in chunks of 32, of which one was under way.
        assert slow.chunks == 2


def test_a_lone_visitor_who_asks_too_much_is_not_told_of_a_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "DEADLINE_S", 1.0)
    slow = Slow()
    with served(slow) as server:
        event = server.begin("explain", [["Soccer Ball"], "en", None, None, None, None, 200])
        slow.may.release()
        assert slow.arrived.acquire(timeout=30) and slow.arrived.acquire(timeout=30)
        time.sleep(1.1)  # the deadline itself
        slow.may.release(10)
        kind, answer = server.fetch(event)
        assert kind == "error" and answer["error"] == sentence("server_long", "en", seconds=1)


def test_the_cost_of_an_explanation_is_bounded_before_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "_pool", lambda: Pool(training_pool(30), []))
    counting = Slow()
    counting.may.release(100)
    with served(counting) as server:
        typed = [f"Extraordinary Interchangeable Contraption {number}" for number in range(100)]
        asked = ["Soccer Ball"], "en", None, None, typed, None
        assert "which is too much at once. Ask at most" in server.refusal("explain", *asked, 200)
        assert counting.chunks == 0
        assert server.ask("explain", *asked, 5)["recommendation"]


def until(happened: Any) -> None:
    for _ in range(3000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def until_waiting(server: Served, count: int) -> None:
    """Wait until Gradio has begun what it lets run, and `count` events wait behind it."""
    for _ in range(1000):
        if len(server.server.blocks._queue) == count:
            return
        time.sleep(0.01)
    raise AssertionError(len(server.server.blocks._queue))


def test_who_waits_past_the_deadline_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "DEADLINE_S", 0.5)
    with behind_a_gate() as (server, fake):
        first = server.begin("recommend", [["Soccer Ball"]])
        assert fake.inside.acquire(timeout=10)
        assert server.refusal("recommend", ["Soccer Ball"], "ar") == sentence("server_late", "ar")
        fake.gate.set()
        assert server.fetch(first)[0] == "complete"


def test_two_thousand_idle_connections_keep_nobody_out(here: Served) -> None:
    connections.allow_connections()
    host, port = "127.0.0.1", int(here.url.rsplit(":", 1)[1].strip("/"))
    with contextlib.ExitStack() as stack:
        for number in range(2000):
            idle = stack.enter_context(socket.create_connection((host, port), timeout=60))
            if number % 2:
                idle.sendall(b"POST /gradio_api/call/recommend HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        assert here.ask("recommend", ["Soccer Ball"], "en", None, None, None, 1)["recommendation"]
    assert here.get("readyz").status_code == 200


def test_sixty_megabytes_are_refused_and_not_kept(here: Served) -> None:
    def chunks() -> Iterator[bytes]:
        yield from [b" " * 1_000_000] * 60

    for content in (b" " * 60_000_000, chunks()):
        answer = here.post("gradio_api/call/recommend", content=content, headers={"accept-language": "en"})
        assert answer.status_code == 413
        assert answer.json()["detail"] == sentence("server_too_large", "en", limit=1)
    assert here.ask("recommend", ["Soccer Ball"])["recommendation"]


def test_files_are_refused(here: Served) -> None:
    for path in ("gradio_api/upload", "gradio_api/component_server"):
        answer = here.post(path, files={"files": ("x.csv", b"a,b")})
        assert answer.status_code in (403, 415) and answer.json()["code"] == "server_no_files"


def test_the_pages_own_events_keep_to_the_rules() -> None:
    with served(build=page.build) as server:
        blocks, events = server.server.blocks, list(server.server.blocks.fns.values())
        assert {event.api_name for event in events if event.api_visibility == "public"} == {
            "recommend",
            "explain",
            "catalogue",
        }
        assert not any(event.batch for event in events) and not blocks.api_open
        asking = [event for event in events if event.concurrency_id == MODEL_QUEUE]
        assert len(asking) > 1 and {event.concurrency_limit for event in asking} <= {MOST_ROWS, "default"}
        assert blocks._queue.default_concurrency_limit == MOST_ROWS and blocks.max_threads > MOST_ROWS
        assert not any(fn.queue is False for fn in events)


# Failures and the log


def test_an_unexpected_failure_is_a_sentence_with_the_requests_id(
    here: Served, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO, "recommender"):
        said = here.refusal("breaks", "Soccer Ball", headers={"accept-language": "en"})
    found = re.search(r"\(request (\w{12})\)", said)
    assert found and f"{found[1]} KeyError at serving.py:" in caplog.text
    assert "Soccer" not in caplog.text and "Traceback" not in "".join(capfd.readouterr())


def test_a_line_tells_id_time_and_route_but_not_what_was_bought(here: Served, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "recommender"):
        begun = here.post("gradio_api/call/recommend", json={"data": [["Soccer Ball"], "ar", "native"]})
        here.fetch(begun.json()["event_id"])
        here.refusal("recommend", ["Soccer Bicycle"])
    answered, failed = caplog.messages
    assert re.fullmatch(r"\w{12} ar native answered: \d+ ms, \d+ since it came", answered)
    assert answered.startswith(begun.headers["x-request-id"])
    assert "en direct unknown_item" in failed and "Soccer" not in caplog.text


def test_explaining_leaves_one_line_too_whatever_is_explained(
    here: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learned, "_pool", lambda: Pool(training_pool(30), []))
    explorer = Explorer(View(here.service), here.service)
    with caplog.at_level(logging.INFO, "recommender"):
        here.ask("explain", ["Soccer Ball"])
        here.refusal("explain", ["Soccer Bicycle"])
        for instrument in registry.instruments():
            explorer.reply(
                {"instrument": instrument.name, "state": {"items": ["soccer-ball", "soccer-cleats"], "language": "ar"}}
            )
    explained, failed, *seen = (re.sub(r"^\S+ |: \d.*", "", line) for line in caplog.messages)
    assert (explained, failed) == ("en direct explain answered", "en direct explain unknown_item")
    ways = {one.name: "ar catalogue" if one.needs_basket else "- -" for one in registry.instruments()}
    # The model without weights has no vectors of its goods to draw a map of.
    outcomes = dict.fromkeys(ways, "answered") | {"towers": "why_towers_no_vectors"}
    assert seen == [f"{way} {name} {outcomes[name]}" for name, way in ways.items()]
    assert "Soccer" not in caplog.text and "soccer" not in caplog.text


def test_an_error_of_a_visitor_is_shown_in_one_language_or_in_both(here: Served) -> None:
    both = here.refusal("recommend")
    assert both == "\n".join(sentence("server_unfit", language) for language in ("en", "ar"))
    assert here.refusal("recommend", headers={"cookie": "language=ar"}) == sentence("server_unfit", "ar")


# What is kept of visitors


def test_nothing_is_kept_of_programs_that_have_their_answer(here: Served) -> None:
    for item in SPORTS.items[:10]:
        here.ask("recommend", [item.id])
    blocks = here.server.blocks
    for kept in (
        blocks._queue.event_ids_to_events,
        blocks._queue.pending_event_ids_session,
        blocks._queue.pending_messages_per_session,
        blocks.state_holder.session_data,
    ):
        for _ in range(200):  # the last stream's end is seen a moment after its last message
            if not kept:
                break
            time.sleep(0.01)
        assert not kept


def test_an_answer_is_fetched_once(here: Served) -> None:
    event = here.begin("recommend", [["Soccer Ball"]])
    assert here.fetch(event)[0] == "complete"
    for _ in range(200):
        again = here.get(f"gradio_api/call/recommend/{event}")
        if again.status_code == 404:
            break
        time.sleep(0.01)
    assert again.json()["code"] == "server_not_asked"


def test_a_programs_answer_can_be_read_by_its_own_address_only(here: Served) -> None:
    event = here.begin("recommend", [["Soccer Ball"]])
    stolen = here.get("gradio_api/queue/data", params={"session_hash": event})
    assert (stolen.status_code, stolen.json()["code"]) == (404, "server_not_asked")
    number = next(fn._id for fn in here.server.blocks.fns.values() if fn.api_name == "counts")
    joined = here.post("gradio_api/queue/join", json={"data": [None], "fn_index": number, "session_hash": event})
    assert (joined.status_code, joined.json()["code"]) == (400, "server_unfit")
    assert here.fetch(event)[0] == "complete"
    assert here.get(f"gradio_api/call/recommend/{event}").status_code == 404


def test_a_pages_answers_are_not_read_as_a_programs(here: Served) -> None:
    number = next(fn._id for fn in here.server.blocks.fns.values() if fn.api_name == "counts")
    body = {"data": [None], "fn_index": number, "session_hash": "a-page"}
    assert here.post("gradio_api/queue/join", json=body).status_code == 200
    assert here.get("gradio_api/call/counts/a-page").status_code == 404
    text = here.get("gradio_api/queue/data", params={"session_hash": "a-page"}).text
    assert "process_completed" in text


@pytest.mark.parametrize("broken", [OSError("/srv/secret"), RuntimeError("can't start new thread"), KeyError("x")])
def test_what_breaks_in_the_server_is_not_called_unfit(
    here: Served, broken: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: object) -> None:
        raise broken

    monkeypatch.setattr(here.server.blocks._queue, "create_event_queue_for_fn", breaks)
    answer = here.post("gradio_api/call/recommend", json={"data": [["Soccer Ball"]]}, headers={"accept-language": "ar"})
    assert (answer.status_code, answer.json()["code"]) == (503, "server_failed")
    assert answer.headers["retry-after"] and "secret" not in answer.text


def test_nobody_says_to_a_page_where_its_scripts_are(here: Served) -> None:
    for name in ("X-Forwarded-Host", "X-Gradio-Server"):
        text = here.get("", headers={name: "http://evil.example"}).text + here.get("config").text
        assert "evil.example" not in text


def test_a_page_keeps_its_state_between_events(here: Served) -> None:
    def join(session: str) -> Any:
        number = next(fn._id for fn in here.server.blocks.fns.values() if fn.api_name == "counts")
        body = {"data": [None], "fn_index": number, "session_hash": session}
        assert here.post("gradio_api/queue/join", json=body).status_code == 200
        with httpx.stream("GET", f"{here.url}gradio_api/queue/data", params={"session_hash": session}) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line else {}
                if message.get("msg") == "process_completed":
                    return message["success"]

    assert join("one") and join("one") and join("two")
    held = here.server.blocks.state_holder.session_data
    state = next(iter(held["one"].state_data))
    assert (held["one"].state_data[state], held["two"].state_data[state]) == (2, 1)


# The end


def test_who_is_cut_off_gets_a_whole_event_that_says_so() -> None:
    with behind_a_gate() as (server, fake):
        events = [
            server.begin("recommend", [[item.id]], headers={"accept-language": "ar"}) for item in SPORTS.items[:3]
        ]
        assert fake.inside.acquire(timeout=30)
        with ThreadPoolExecutor(3) as pool:
            fetching = [pool.submit(server.fetch, event) for event in events[:2]]
            until(lambda: len(server.server.admission.fetched) == 2)
            assert server.server.close(0.3) == 3
            for one in fetching:
                kind, answer = one.result(20)
                assert (kind, answer["code"], answer["error"]) == (
                    "error",
                    "server_closing",
                    sentence("server_closing", "ar"),
                )


def test_a_page_that_is_cut_off_reads_why() -> None:
    with behind_a_gate() as (server, fake):
        number = next(fn._id for fn in server.server.blocks.fns.values() if fn.api_name == "ask")
        body = {"data": ["Soccer Ball"], "fn_index": number, "session_hash": "page"}
        assert server.post("gradio_api/queue/join", json=body, headers={"cookie": "language=ar"}).status_code == 200
        assert fake.inside.acquire(timeout=30)
        with ThreadPoolExecutor(1) as pool:
            url = f"{server.url}gradio_api/queue/data"
            reading = pool.submit(lambda: httpx.get(url, params={"session_hash": "page"}, timeout=60).text)
            until(lambda: len(server.server.blocks.server.server_state.tasks) >= 1)
            time.sleep(0.2)
            assert server.server.close(0.3) == 1
            last = json.loads(reading.result(20).strip().split("\n\n")[-2].removeprefix("data: "))
        assert last["msg"] == "process_completed" and not last["success"]
        assert last["output"]["error"] == sentence("server_closing", "ar")


def test_nobody_is_cut_off_who_is_answered_in_time() -> None:
    with behind_a_gate() as (server, fake):
        event = server.begin("recommend", [["Soccer Ball"]])
        assert fake.inside.acquire(timeout=30)
        with ThreadPoolExecutor(2) as pool:
            closing = pool.submit(server.server.close, 60)
            until(lambda: server.server.admission.closing)
            assert server.get("readyz").status_code == 503
            fetching = pool.submit(server.fetch, event)
            fake.gate.set()
            assert fetching.result(30)[0] == "complete" and closing.result(30) == 0


def test_readiness_is_gone_as_soon_as_the_end_is_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    ending, admission = ui.Ending(60), Admission()
    ending.of(admission)
    assert not admission.closing
    monkeypatch.setattr(threading, "Timer", lambda *args: threading.Thread())
    ending._told(signal.SIGTERM, None)
    assert admission.closing
    ending.wait()
    late = Admission()
    ending.of(late)
    assert late.closing


def start(folder: Path, *prefix: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
    """`app.py` with a tiny model on a free port, once it is ready."""
    port = free_port()
    environment = {"RECOMMENDER_MODEL": str(folder), "RECOMMENDER_PORT": str(port), **environment}
    process = subprocess.Popen(
        [*prefix, sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}/"
    for _ in range(1200):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url + "readyz").status_code == 200:
                return process, url
        if process.poll() is not None:
            break
        time.sleep(0.1)
    process.kill()
    raise AssertionError(f"it never became ready: {process.communicate()[0]}")


PREFIXES = {
    "as usual": (),
    "as the first process of a container": ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child"),
}


def can_be_first() -> bool:
    prefix = PREFIXES["as the first process of a container"]
    return bool(shutil.which("unshare")) and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0


def in_namespace(process: subprocess.Popen[str]) -> int:
    """The process to tell: the child where `unshare` stands before it."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0]) if process.args[0] == "unshare" else process.pid  # type: ignore[index]


@pytest.mark.slow
@pytest.mark.parametrize("way", PREFIXES)
def test_told_to_end_it_answers_who_is_in_and_ends_well_within_ten_seconds(tmp_path: Path, way: str) -> None:
    if PREFIXES[way] and not can_be_first():
        pytest.skip("this machine lets nobody make a process namespace")
    process, url = start(tiny_checkpoint(tmp_path / "tiny"), *PREFIXES[way])
    # An open page: its stream never ends by itself.
    with process, httpx.Client(timeout=30) as page, page.stream("GET", url + "gradio_api/heartbeat/page"):
        try:
            asked = httpx.post(url + "gradio_api/call/recommend", json={"data": [["Soccer Ball"]]}).json()
            told = time.monotonic()
            os.kill(in_namespace(process), signal.SIGTERM)
            answer = httpx.get(f"{url}gradio_api/call/recommend/{asked['event_id']}", timeout=30).text
            assert "event: complete" in answer
            assert process.wait(20) == 0
            assert time.monotonic() - told < 10
            assert process.stdout and "Traceback" not in process.stdout.read()
        finally:
            process.kill()


@pytest.mark.slow
def test_a_model_that_is_not_there_ends_it_with_a_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "RECOMMENDER_MODEL": str(tmp_path / "none"), "RECOMMENDER_LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "recommender", "demo"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert ModelError("model_no_folder", folder=tmp_path / "none").sentence("en") in done.stderr


def test_mcp_without_its_package_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(ui.Ending, "listen", lambda ending: None)
    with pytest.raises(RequestError) as caught:
        ui.launch(Settings(), mcp=True)
    assert caught.value.key == "server_no_mcp"


@pytest.mark.parametrize("mcp", [False, True])
def test_the_command_line_starts_the_same_server(monkeypatch: pytest.MonkeyPatch, mcp: bool) -> None:
    begun: list[tuple[Settings, bool]] = []
    monkeypatch.setattr(ui, "launch", lambda settings, mcp: begun.append((settings, mcp)) or ui.CUT_OFF)
    assert main(["demo", *["--mcp"] * mcp]) == 3
    assert begun == [(Settings.read(), mcp)]


def test_garbage_is_collected_again_once_the_server_is_ready() -> None:
    with ui._without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled() and gc.get_freeze_count()
    gc.unfreeze()


# The model


def test_a_model_error_while_answering_is_its_own_sentence() -> None:
    class Fails(FakeModel):
        def check(self, request: Any) -> None:
            if request.basket[0].id == "baseball":
                raise ModelError("model_memory")

    with served(Fails()) as server:
        assert server.refusal("recommend", ["Baseball"], "ar") == sentence("model_memory", "ar")
        assert server.ask("recommend", ["Soccer Ball"])["recommendation"]
