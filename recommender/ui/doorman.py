"""Who comes in: ids for all, a sentence for whoever is too large, too many, too late or at the wrong door."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

from recommender.text import shown
from recommender.ui import metrics
from recommender.ui.visits import Visit, logger, preferred_language, visit_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES: Final = 1_000_000
BODY_SECONDS: Final = 20.0
# So much of a refused body is still read and dropped: who is cut off while sending never sees the reason.
_DROPPED_BYTES: Final = 64 * MOST_BYTES
_API: Final = "/gradio_api"
_ASKS: Final = re.compile(rf"{_API}/(queue/join|call/.+)/?")
_ASKED: Final = re.compile(rf"{_API}/call/(?:v2/)?[^/]+/([^/]+)/?")
# What Gradio serves and this page has no use for: files in, recordings, other hosts, editing, run histories.
_CLOSED: Final = re.compile(
    rf"({_API})?/(upload|stream|process_recording|vibe|proxy|deep_link|run-history|runs|dev|monitoring)(?![a-z]).*",
    re.DOTALL,
)
_READ: Final = ("GET", "HEAD", "OPTIONS")


@dataclass
class House:
    """What the doorman has to know of the server behind it.

    Attributes:
        is_full: whether as many wait as the queue holds.
        knows: whether an event's id is one that is being answered, or whose answer waits to be fetched.
        left: called when a session's stream has ended, with its id and whether it can't come back.
    """

    closing: bool = False
    is_full: Callable[[], bool] = lambda: False
    knows: Callable[[str], bool] = lambda event: True
    left: Callable[[str, bool], None] = lambda session, for_good: None


@dataclass
class _Refused(Exception):
    status: int
    key: str
    fields: dict[str, object] = field(default_factory=dict)


class Doorman:
    """ASGI middleware; see the module."""

    def __init__(self, app: App, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        visit = Visit(language=preferred_language(headers))
        scope.setdefault("state", {})["visit"] = visit
        answer = _Answer(send, visit)
        try:
            self._check(scope, headers)
            if scope["method"] not in _READ or "content-length" in headers or "transfer-encoding" in headers:
                receive = _replay(await _read(receive, headers), receive)
            await self._app(scope, receive, answer.send)
        except _Refused as reason:
            await _drop(receive, headers)
            await self._say(answer, scope, reason)
        except Exception as error:
            # A hand-made body without what belongs there, or with another shape, fails deep inside of Gradio.
            unfit = scope["method"] == "POST"
            logger.log(logging.WARNING if unfit else logging.ERROR, "%s %s", visit.id, whereabouts(error))
            if answer.begun:
                await answer.end()
                return
            refused = _Refused(400, "server_unfit") if unfit else _Refused(500, "server_failed", {"id": visit.id})
            await self._say(answer, scope, refused)
        finally:
            self._part(scope)

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        if _CLOSED.fullmatch(scope["path"]):
            files = "/upload" in scope["path"]
            raise _Refused(403, "server_no_files") if files else _Refused(404, "server_not_here")
        if scope["method"] in _READ:
            asked = _ASKED.fullmatch(scope["path"])
            if asked and not self._house.knows(asked[1]):
                raise _Refused(404, "server_not_asked")
            return
        if headers.get("content-type", "").lstrip().lower().startswith("multipart/"):
            raise _Refused(415, "server_no_files")
        if self._house.closing:
            raise _Refused(503, "server_closing")
        if _ASKS.fullmatch(scope["path"]) and self._house.is_full():
            # Gradio's page shows the sentence of a 429, but one of its own, in English, for a 503.
            raise _Refused(503 if "gradio_client" in headers.get("user-agent", "") else 429, "server_busy")

    async def _say(self, answer: _Answer, scope: Scope, refused: _Refused) -> None:
        visit = visit_of(scope)
        metrics.refused(refused.key)
        logger.warning("%s %s %s: %s", visit.id, scope["method"], shown(scope["path"], 80), refused.key)
        body = {"detail": visit.say(refused.key, **refused.fields), "code": refused.key}
        await answer.whole(refused.status, json.dumps(body, ensure_ascii=False).encode())

    def _part(self, scope: Scope) -> None:
        """Tell the house of an ended stream, so that nothing is kept for who has left."""
        parts = scope["path"].removeprefix(_API).strip("/").split("/")
        if scope["method"] == "GET" and parts[0] in ("call", "heartbeat") and len(parts) > 1:
            self._house.left(parts[-1], parts[0] == "call")


class _Answer:
    """The way out: adds the id, and knows whether an answer has begun."""

    def __init__(self, send: Send, visit: Visit) -> None:
        self.begun = False
        self._send = send
        self._id = (b"x-request-id", visit.id.encode())

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            message["headers"] = [*message.get("headers", ()), self._id]
        await self._send(message)

    async def end(self) -> None:
        """End a stream that broke off, so that nobody waits for more of it."""
        await self._send({"type": "http.response.body", "body": b""})

    async def whole(self, status: int, body: bytes) -> None:
        """A complete answer, after which the connection ends: the rest of a refused body may still be in it."""
        headers = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *([(b"retry-after", b"5")] if status in (429, 503) else []),
        ]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def whereabouts(error: BaseException) -> str:
    """Kind and place of an unexpected error. Its text stays out of the log: it may quote what was bought."""
    place, trace = "?", error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"


async def _read(receive: Receive, headers: dict[str, str]) -> bytes:
    """The whole body, before anything is done with it."""
    too_large = _Refused(413, "server_too_large", {"limit": MOST_BYTES // 1_000_000})
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > MOST_BYTES:
                    raise too_large
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        raise _Refused(408, "server_too_slow", {"seconds": int(BODY_SECONDS)}) from None


def _replay(body: bytes, receive: Receive) -> Receive:
    """`receive` once more, from the beginning of a body that was read."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


async def _drop(receive: Receive, headers: dict[str, str]) -> None:
    """Read what is left of a refused body, within bounds, and forget it."""
    if "content-length" not in headers and "transfer-encoding" not in headers:
        return
    dropped = 0
    try:
        async with asyncio.timeout(BODY_SECONDS / 4):
            while dropped < _DROPPED_BYTES:
                message = await receive()
                dropped += len(message.get("body", b""))
                if not message.get("more_body"):
                    return
    except TimeoutError:
        return
