"""Google's endpoint on loopback, well or ill, and the way for the real client to get there."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from recommender.routes.translators.google import GoogleTranslator
from recommender.routes.translators.limits import Limits
from recommender.routes.translators.simulated import respond

QUICK = Limits(backoff=(0.005, 0.01))
"""For faults that show at once: as patient as in earnest, for the machine may be busy, but without the waits."""
IMPATIENT = Limits(deadline=0.5, attempt=0.1, backoff=(0.005, 0.01))
"""For silence."""


@dataclass(frozen=True)
class Reply:
    """What the server answers; `hang` seconds of silence come first, and `lie` more bytes are announced than sent."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0
    lie: int = 0


Behaviour = Callable[[httpx.QueryParams], Reply]


def well(params: httpx.QueryParams) -> Reply:
    return Reply(body=respond(params))


def saying(text: str) -> Behaviour:
    """Always the translation `text`, in Google's own shape."""
    return lambda params: Reply(body=json.dumps([[[text, params["q"]]], None, "ar"]).encode())


def half(params: httpx.QueryParams) -> Reply:
    """A translation of the first half of the text only."""
    text = params["q"]
    return Reply(body=json.dumps([[["Half of it", text[: len(text) // 2]]], None, "ar"]).encode())


FAULTS: dict[str, tuple[Behaviour, str]] = {
    "429": (lambda _: Reply(429), "translator_refused"),
    "302": (lambda _: Reply(302, headers={"Location": "https://www.google.com/sorry/"}), "translator_refused"),
    "500": (lambda _: Reply(500), "translator_refused"),
    "captcha": (lambda _: Reply(body=b"<!DOCTYPE html><form id='captcha-form'></form>"), "translator_garbled"),
    "[null]": (lambda _: Reply(body=b"[null]"), "translator_garbled"),
    "[]": (lambda _: Reply(body=b"[]"), "translator_garbled"),
    "object": (lambda _: Reply(body=b'{"error": 1}'), "translator_garbled"),
    "list of texts": (lambda _: Reply(body=b'[["Football"]]'), "translator_garbled"),
    "no text": (lambda _: Reply(body=b""), "translator_garbled"),
    "cut JSON": (lambda _: Reply(body=b'[[["Foot'), "translator_garbled"),
    "cut body": (lambda _: Reply(body=b'[[["Football","x"]],', lie=100), "translator_unreachable"),
    "half an answer": (half, "translator_half"),
    "silence": (lambda _: Reply(hang=30.0), "translator_too_slow"),
    "the input": (lambda params: saying(params["q"])(params), "translation_unusable"),
    "wrong script": (saying("Мяч"), "translation_unusable"),
    "empty": (saying("  "), "translation_unusable"),
    "endless": (saying("Ball " * 2000), "translation_unusable"),
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # More callers than wait in line by default would wait a second for the next chance.
    request_queue_size = 128


class FakeGoogle:
    """A server that behaves as told and keeps the texts it was asked for."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = well
        self.texts: list[str] = []
        self.released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(fake: FakeGoogle) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                params = httpx.URL(self.path).params
                fake.texts.append(params["q"])
                reply = fake.behaviour(params)
                if reply.hang:
                    fake.released.wait(reply.hang)
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body) + reply.lie), **reply.headers}.items():
                    self.send_header(name, value)
                # Who waited in vain is gone.
                with suppress(ConnectionError):
                    self.end_headers()
                    self.wfile.write(reply.body)
                self.close_connection = bool(reply.lie or reply.hang)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


class Towards(httpx.AsyncBaseTransport):
    """Sends every request somewhere else than its URL says."""

    def __init__(self, port: int, scheme: str = "http", host: str = "127.0.0.1") -> None:
        # Reading the certificates of the world takes longer than a test.
        self._inner = httpx.AsyncHTTPTransport(verify=False)
        self._elsewhere = {"scheme": scheme, "host": host, "port": port}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "translate.googleapis.com"
        request.url = request.url.copy_with(**self._elsewhere)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


@contextmanager
def translator(
    port: int, limits: Limits = QUICK, scheme: str = "http", clock: Callable[[], float] | None = None
) -> Iterator[GoogleTranslator]:
    """The real client, its requests sent to `port`."""
    more: dict[str, Any] = {} if clock is None else {"clock": clock}
    client = GoogleTranslator(transport=lambda: Towards(port, scheme), limits=limits, **more)
    try:
        yield client
    finally:
        client.close()
