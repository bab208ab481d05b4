"""The ASGI middleware before Gradio, `Doorman`: it gives each request an id, and lets it in or says why not.

Who is refused (too large, too many, too late, at an address that this page doesn't have) gets a sentence in a language
of theirs. What that depends on is `Admission`, which the server behind it fills in.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs

from recommender.language.text import shown
from recommender.page.server import metrics, streams
from recommender.page.server.headers import believed, safe
from recommender.page.server.refusals import Refused, busy, instead_of
from recommender.page.server.visits import Visit, logger, preferred_language

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
_NAMED: Final = re.compile(rf"{_API}/call/(?:v2/)?([^/]+)/?")
_ASKED: Final = re.compile(rf"{_API}/call/(?:v2/)?[^/]+/([^/]+)/?")
_STREAM: Final = f"{_API}/queue/data"
# What Gradio serves and this page has no use for: files in, recordings, other hosts, editing, run histories.
_CLOSED: Final = re.compile(
    rf"({_API})?/(upload|stream|process_recording|vibe|proxy|deep_link|run-history|runs|dev|monitoring)(?![a-z]).*",
    re.DOTALL,
)
_READ: Final = ("GET", "HEAD", "OPTIONS")
_HEALTH: Final = ("/healthz", "/readyz")
# These say for themselves what is wrong, in the words of their protocols.
_OWN_WORDS: Final = re.compile(rf"/healthz|/readyz|{_API}/mcp(/.*)?", re.DOTALL)
# Where Gradio makes sense of what was sent: what fails in these doesn't fit.
_READERS: Final = ("construct_args", "get_fn")


@dataclass
class Admission:
    """What decides who is let in: the state of the server behind the doorman, and questions that it can be asked.

    Attributes:
        closing: whether nobody is taken in any more; `loading`, whether nobody is yet.
        hosts: names that a proxy in front may say the page has.
        endpoints: names that programs may ask by; None where they aren't known.
        is_full: whether as many wait as the queue holds; `is_crowded`, whether there are too many connections.
        answers: whether an event's id is one that is being answered, or whose answer waits to be fetched by it.
        reads: whether a page may read all answers of a session of this id.
        left: called when a session's stream has ended, with its id and whether it can't come back.
    """

    closing: bool = False
    loading: bool = False
    hosts: Collection[str] = ()
    endpoints: Collection[str] | None = None
    is_full: Callable[[], bool] = lambda: False
    is_crowded: Callable[[], bool] = lambda: False
    answers: Callable[[str], bool] = lambda event: True
    reads: Callable[[str], bool] = lambda session: True
    left: Callable[[str, bool], None] = lambda session, for_good: None
    fetched: set[str] = field(default_factory=set)
    """Events whose answers are being fetched: a second one who asks would wait for what the first one gets."""


class Doorman:
    """ASGI middleware; see the module."""

    def __init__(self, app: App, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["headers"] = believed(scope["headers"], self._admission.hosts)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        visit = Visit(language=preferred_language(headers))
        scope.setdefault("state", {})["visit"] = visit
        answer = _Answer(send, visit, self._admission, bool(_OWN_WORDS.fullmatch(scope["path"])))
        fetching = None
        try:
            self._check(scope, headers)
            fetching = self._fetching(scope)
            if scope["method"] not in _READ or "content-length" in headers or "transfer-encoding" in headers:
                receive = _replay(await _read(receive, headers), receive)
                headers = {**headers, "content-length": "", "transfer-encoding": ""}
            await self._app(scope, receive, answer.send)
            if answer.withheld:
                raise instead_of(answer.withheld, self._admission.closing, visit.id)
        except Refused as reason:
            await self._refuse(answer, scope, receive, headers, reason)
        except Exception as error:
            unfit = scope["method"] == "POST" and _is_unfit(error)
            logger.log(logging.WARNING if unfit else logging.ERROR, "%s %s", visit.id, whereabouts(error))
            if answer.begun:
                await answer.end()
                return
            refused = Refused(400, "server_unfit") if unfit else Refused(503, "server_failed", {"id": visit.id})
            await self._say(answer, scope, headers, refused)
        finally:
            self._part(scope, fetching)

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        path, admission = scope["path"], self._admission
        if path in _HEALTH:
            return
        if admission.loading:
            raise Refused(503, "server_loading")
        if admission.is_crowded():
            raise Refused(503, "server_busy")
        if _CLOSED.fullmatch(path):
            raise Refused(403, "server_no_files") if "/upload" in path else Refused(404, "server_not_here")
        if scope["method"] in _READ:
            asked = _ASKED.fullmatch(path)
            if asked and (not admission.answers(asked[1]) or asked[1] in admission.fetched):
                raise Refused(404, "server_not_asked")
            if path.rstrip("/") == _STREAM and not all(map(admission.reads, _sessions(scope))):
                raise Refused(404, "server_not_asked")
            return
        if headers.get("content-type", "").lstrip().lower().startswith("multipart/"):
            raise Refused(415, "server_no_files")
        if admission.closing:
            raise Refused(503, "server_closing")
        named = _NAMED.fullmatch(path)
        if named and admission.endpoints is not None and named[1] not in admission.endpoints:
            raise Refused(404, "server_not_here")
        if _ASKS.fullmatch(path) and admission.is_full():
            raise busy(headers.get("user-agent", ""))

    def _fetching(self, scope: Scope) -> str | None:
        """The event whose answer is fetched by this request, noted as being fetched."""
        asked = _ASKED.fullmatch(scope["path"]) if scope["method"] == "GET" else None
        if asked:
            self._admission.fetched.add(asked[1])
        return asked[1] if asked else None

    async def _refuse(
        self, answer: _Answer, scope: Scope, receive: Receive, headers: dict[str, str], reason: Refused
    ) -> None:
        await _drop(receive, headers)
        await self._say(answer, scope, headers, reason)

    async def _say(self, answer: _Answer, scope: Scope, headers: dict[str, str], refused: Refused) -> None:
        visit: Visit = scope["state"]["visit"]
        metrics.refused(refused.key)
        logger.warning("%s %s %s: %s", visit.id, scope["method"], shown(scope["path"], 80), refused.key)
        by_person = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
        body = refused.as_html(visit) if by_person else refused.as_json(visit)
        kind = "text/html" if by_person else "application/json"
        await answer.whole(refused.status, refused.headers(body, kind), body)

    def _part(self, scope: Scope, fetching: str | None) -> None:
        """Tell the server of an ended stream, so that nothing is kept for who has left."""
        parts = scope["path"].removeprefix(_API).strip("/").split("/")
        if fetching is not None:
            self._admission.fetched.discard(fetching)
            self._admission.left(fetching, True)
        elif scope["method"] == "GET" and parts[0] == "heartbeat" and len(parts) > 1:
            self._admission.left(parts[-1], False)


class _Answer:
    """The way out: adds the id and what protects a browser, knows whether an answer has begun, and rewords errors."""

    def __init__(self, send: Send, visit: Visit, admission: Admission, own_words: bool) -> None:
        self.begun = False
        self.withheld = 0
        """Status of an error that is to be said in other words."""
        self._send = send
        self._visit = visit
        self._admission = admission
        self._own_words = own_words
        self._is_stream = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] >= 400 and not self._own_words:
                self.withheld = message["status"]
                return
            await self._begin(message)
        elif not self.withheld:
            if self._is_stream and message.get("body"):
                message["body"] = streams.worded(message["body"], self._visit, self._admission.closing)
            await self._send(message)

    async def end(self) -> None:
        """End a stream that broke off, so that nobody waits for more of it."""
        await self._send({"type": "http.response.body", "body": b""})

    async def whole(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """A complete answer."""
        await self._begin({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    async def _begin(self, message: Message) -> None:
        self.begun = True
        headers = message.get("headers", ())
        self._is_stream = any(value.startswith(b"text/event-stream") for _, value in headers)
        message["headers"] = [*safe(headers), (b"x-request-id", self._visit.id.encode())]
        await self._send(message)


def _sessions(scope: Scope) -> list[str]:
    return parse_qs(scope.get("query_string", b"").decode("latin-1")).get("session_hash", [])


def _is_unfit(error: Exception) -> bool:
    """Whether a request did not fit what it was sent to; everything else that fails is the server's own fault."""
    if not isinstance(error, TypeError | ValueError | LookupError | AttributeError):
        return False
    trace, names = error.__traceback__, set()
    while trace is not None:
        names.add(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    return not names.isdisjoint(_READERS)


def whereabouts(error: BaseException) -> str:
    """Kind and place of an unexpected error. Its text stays out of the log: it may quote what was bought."""
    place, trace = "?", error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"


async def _read(receive: Receive, headers: dict[str, str]) -> bytes:
    """The whole body, before anything is done with it."""
    too_large = Refused(413, "server_too_large", {"limit": MOST_BYTES // 1_000_000})
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
        raise Refused(408, "server_too_slow", {"seconds": int(BODY_SECONDS)}) from None


def _replay(body: bytes, receive: Receive) -> Receive:
    """`receive` once more, from the beginning of a body that was read."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


async def _drop(receive: Receive, headers: dict[str, str]) -> None:
    """Read what is left of a refused body, within bounds, and forget it."""
    # They are empty where the body has been read: then nothing but the end of the connection would come.
    if not headers.get("content-length") and not headers.get("transfer-encoding"):
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
