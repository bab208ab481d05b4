"""The port: open at once, never closed in between, and nobody can sit on it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from recommender.errors import RequestError
from recommender.page.server import connections, listening
from recommender.page.server.connections import most_connections
from recommender.page.server.listening import Listener


def says(text: bytes) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": text})

    return app


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener("127.0.0.1", 0)
    yield made
    made.close()


@contextlib.contextmanager
def silent(listener: Listener, count: int, first: bytes = b"") -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        made = [stack.enter_context(socket.create_connection(("127.0.0.1", listener.port), 30)) for _ in range(count)]
        for one in made:
            one.sendall(first)
        yield made


def closed(one: socket.socket) -> bool:
    """Whether the server has closed a connection, or does within ten seconds."""
    one.settimeout(10)
    try:
        return one.recv(1000) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_is_taken_is_said_before_anything_is_loaded(host: str, listener: Listener) -> None:
    with pytest.raises(RequestError) as caught:
        Listener(host, listener.port)
    assert caught.value.key == "page_no_port" and str(listener.port) in caught.value.sentence("ar")


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "2001:db8::1"])
def test_an_address_of_another_machine_is_a_sentence(host: str) -> None:
    with pytest.raises(RequestError) as caught:
        Listener(host, 0)
    assert caught.value.key == "page_no_host" and host in caught.value.sentence("en")


def test_the_next_free_port_is_taken_where_none_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as free:
        ports = [taken.getsockname()[1], free.getsockname()[1]]
        free.close()
        monkeypatch.setattr(listening, "PORTS", ports)
        made = Listener("127.0.0.1", None)
        made.close()
        assert made.url == f"http://127.0.0.1:{ports[1]}/"


def test_the_port_is_never_closed_between_waiting_and_serving(listener: Listener) -> None:
    listener.wait_with(says(b"wait"))
    assert httpx.get(listener.url).text == "wait"
    serving = listener.serve(says(b"come in"))
    try:
        assert [httpx.get(listener.url).text for _ in range(20)] == ["come in"] * 20
        assert serving.loop is not None and serving.loop.is_running()
    finally:
        serving.close()


def test_nobody_is_cut_off_when_waiting_becomes_serving() -> None:
    troubles: list[Exception] = []
    for _ in range(8):
        listener, over = Listener("127.0.0.1", 0), threading.Event()
        listener.wait_with(says(b"wait"))

        def visit(url: str = listener.url, over: threading.Event = over) -> None:
            while not over.is_set():
                try:
                    assert httpx.get(url, timeout=30).text in ("wait", "come in")
                except Exception as error:
                    troubles.append(error)

        visitors = [threading.Thread(target=visit) for _ in range(3)]
        for visitor in visitors:
            visitor.start()
        listener.serve(says(b"come in"))
        assert httpx.get(listener.url, timeout=30).text == "come in"
        over.set()
        for visitor in visitors:
            visitor.join()
        listener.close()
    assert not troubles


def test_a_connection_that_waited_is_served_and_its_application_starts_up_and_ends(listener: Listener) -> None:
    told: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await says(scope["state"]["name"])(scope, receive, send)
            return
        for step in ("startup", "shutdown"):
            assert (await receive())["type"] == f"lifespan.{step}"
            scope["state"]["name"] = b"come in"
            told.append(step)
            await send({"type": f"lifespan.{step}.complete"})

    listener.wait_with(says(b"wait"))
    with httpx.Client() as visitor:
        assert visitor.get(listener.url).text == "wait"
        listener.serve(app)
        assert told == ["startup"]
        assert visitor.get(listener.url).text == "come in"
    listener.close()
    assert told == ["startup", "shutdown"]


def test_an_application_that_fails_to_start_up_is_a_sentence_and_the_port_goes_on_waiting(listener: Listener) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no"})

    listener.wait_with(says(b"wait"))
    with pytest.raises(RequestError):
        listener.serve(app)
    assert httpx.get(listener.url).text == "wait"


@pytest.mark.parametrize("first", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX: "])
def test_a_connection_without_a_whole_head_is_closed(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    monkeypatch.setattr(listening, "HEAD_SECONDS", 0.2)
    serving = listener.serve(says(b"here"))
    try:
        with silent(listener, 3, first) as made:
            assert all(map(closed, made))
            assert httpx.get(listener.url).text == "here"
    finally:
        serving.close()


def test_a_head_that_comes_byte_by_byte_is_not_waited_for_without_end(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "HEAD_SECONDS", 0.5)
    serving = listener.serve(says(b"here"))
    try:
        with silent(listener, 1, b"GET / HTTP/1.1\r\n") as (slow,), contextlib.suppress(OSError):
            for _ in range(200):
                slow.sendall(b"X")
                time.sleep(0.02)
            raise AssertionError("it was waited for")
    finally:
        serving.close()


def test_a_second_request_on_a_connection_must_come_whole_too(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "HEAD_SECONDS", 0.3)
    serving = listener.serve(says(b"here"))
    try:
        with silent(listener, 1, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as (kept,):
            answer = b""
            while not answer.endswith(b"here\r\n0\r\n\r\n"):  # it comes in one piece or in several
                answer += kept.recv(1000)
            kept.sendall(b"GET / HT")
            assert closed(kept)
    finally:
        serving.close()


def test_the_silent_make_room_for_those_who_ask(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "most_connections", lambda: 20)
    serving = listener.serve(says(b"here"))
    try:
        with silent(listener, 60) as made:
            assert httpx.get(listener.url).text == "here"
            assert len(serving.server_state.connections) <= 20
            # Those go first that have said nothing for longest.
            assert closed(made[0]) and serving.busy <= 1
    finally:
        serving.close()


def test_connections_stay_below_what_the_process_may_open(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1024, 1024))
    assert 500 < most_connections() < 1024 - 3 * connections.ACCEPTED_AT_ONCE
    monkeypatch.setattr(resource, "getrlimit", lambda which: (64, 64))
    assert most_connections() > 0
    monkeypatch.setattr(resource, "getrlimit", lambda which: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert most_connections() > 10_000
