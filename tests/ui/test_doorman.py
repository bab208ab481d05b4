"""The doorman by himself, without a network: what he lets in, and what he says to the others."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from recommender.strings import LANGUAGES, sentence
from recommender.ui import doorman
from recommender.ui.doorman import MOST_BYTES, Doorman, House
from recommender.ui.visits import preferred_language

JOIN = "/gradio_api/queue/join"
Answer = tuple[int, dict[str, str], bytes]


class Inner:
    """The application behind the doorman; `fails` is raised once the body is read."""

    def __init__(self, fails: Exception | None = None, begins: bool = False) -> None:
        self.bodies: list[bytes] = []
        self.fails = fails
        self.begins = begins

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", scope["type"] == "http"
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.bodies.append(body)
        if self.begins:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        if self.fails:
            raise self.fails
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"let in"})


def knock(
    door: Doorman, path: str = JOIN, chunks: tuple[bytes, ...] = (b"{}",), method: str = "POST", **headers: str
) -> Answer:
    """What somebody gets who sends these chunks; a None chunk never comes."""
    headers = {"content-length": str(sum(map(len, chunks))), **headers} if method == "POST" else headers
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items() if value]
    waiting, sent = list(chunks), []

    async def receive() -> Any:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}
        await asyncio.sleep(3600)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(door({"type": "http", "method": method, "path": path, "headers": named}, receive, send))
    assert [message["type"] for message in sent[:1]] == ["http.response.start"]
    given = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], given, b"".join(message["body"] for message in sent[1:])


def key_of(answer: Answer) -> tuple[int, str]:
    """Status and key of a refusal, after checking that it is one in words."""
    status, headers, body = answer
    document = json.loads(body)
    assert set(document) == {"detail", "code"}
    assert "\n" in document["detail"] and "Traceback" not in document["detail"]
    assert headers["content-type"] == "application/json; charset=utf-8" and headers["connection"] == "close"
    assert int(headers["content-length"]) == len(body)
    return status, document["code"]


def test_a_fitting_request_passes_untouched_and_gets_an_id() -> None:
    inner = Inner()
    status, headers, body = knock(Doorman(inner, House()), chunks=(b'{"a":', b"1}"))
    assert (status, body, inner.bodies) == (200, b"let in", [b'{"a":1}'])
    assert len(headers["x-request-id"]) == 12


def test_ids_differ() -> None:
    door = Doorman(Inner(), House())
    assert len({knock(door)[1]["x-request-id"] for _ in range(20)}) == 20


def test_the_largest_body_passes_and_one_byte_more_does_not() -> None:
    inner = Inner()
    assert knock(Doorman(inner, House()), chunks=(b"x" * MOST_BYTES,))[0] == 200
    assert key_of(knock(Doorman(inner, House()), chunks=(b"x" * (MOST_BYTES + 1),))) == (413, "server_too_large")
    assert len(inner.bodies) == 1


def test_a_body_that_hides_its_length_is_counted() -> None:
    chunks = (b"x" * 600_000,) * 3
    inner = Inner()
    answer = knock(Doorman(inner, House()), chunks=chunks, content_length="", transfer_encoding="chunked")
    assert key_of(answer) == (413, "server_too_large") and not inner.bodies


@pytest.mark.parametrize("length", ["-1", "1e3", "many", "1" * 30])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    assert key_of(knock(Doorman(Inner(), House()), content_length=length)) == (413, "server_too_large")


def test_a_body_that_never_comes_whole_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorman, "BODY_SECONDS", 0.05)
    assert key_of(knock(Doorman(Inner(), House()), chunks=(), content_length="9"))[1] == "server_too_slow"


def test_a_get_with_a_large_body_is_refused_too() -> None:
    answer = knock(Doorman(Inner(), House()), "/", (b"x" * 2 * MOST_BYTES,), "GET", content_length=str(2 * MOST_BYTES))
    assert key_of(answer) == (413, "server_too_large")


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/upload", "/gradio_api/upload_progress"])
def test_uploads_are_refused(path: str) -> None:
    assert key_of(knock(Doorman(Inner(), House()), path)) == (403, "server_no_files")


def test_files_are_refused_at_every_address() -> None:
    answer = knock(Doorman(Inner(), House()), "/gradio_api/component_server", content_type="Multipart/Form-Data; b=x")
    assert key_of(answer) == (415, "server_no_files")


@pytest.mark.parametrize(
    "path", ["/gradio_api/stream/x", "/gradio_api/process_recording", "/gradio_api/vibe-edit/", "/monitoring/key",
             "/gradio_api/proxy=http://example.org", "/gradio_api/run-history/records", "/gradio_api/deep_link"],
)  # fmt: skip
def test_what_the_page_does_not_need_is_closed(path: str) -> None:
    for method in ("GET", "POST"):
        assert key_of(knock(Doorman(Inner(), House()), path, method=method)) == (404, "server_not_here")


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info", "/gradio_api/heartbeat/x", "/assets/upload.js"])
def test_what_the_page_needs_is_open(path: str) -> None:
    assert knock(Doorman(Inner(), House()), path, method="GET")[0] == 200


def test_a_full_house_says_busy_and_when_to_come_back() -> None:
    door = Doorman(Inner(), House(is_full=lambda: True))
    for path in (JOIN, "/gradio_api/call/recommend", "/gradio_api/call/v2/recommend"):
        answer = knock(door, path)
        assert key_of(answer) == (429, "server_busy") and answer[1]["retry-after"]
    # The Python client has a sentence of its own for a 503, and none for a 429.
    assert key_of(knock(door, user_agent="gradio_client/2.7")) == (503, "server_busy")
    assert knock(door, "/", method="GET")[0] == 200


def test_a_closing_house_takes_nobody_in_but_lets_answers_be_fetched() -> None:
    door = Doorman(Inner(), House(closing=True))
    assert key_of(knock(door)) == (503, "server_closing")
    assert knock(door, "/gradio_api/call/recommend/abc", method="GET")[0] == 200


def test_an_unknown_event_is_refused() -> None:
    door = Doorman(Inner(), House(knows=lambda event: event == "mine"))
    assert knock(door, "/gradio_api/call/recommend/mine", method="GET")[0] == 200
    for path in ("/gradio_api/call/recommend/yours", "/gradio_api/call/v2/recommend/yours"):
        assert key_of(knock(door, path, method="GET")) == (404, "server_not_asked")


@pytest.mark.parametrize(("method", "expected"), [("POST", (400, "server_unfit")), ("GET", (500, "server_failed"))])
def test_a_failure_becomes_a_sentence_and_its_text_stays_here(
    method: str, expected: tuple[int, str], caplog: pytest.LogCaptureFixture
) -> None:
    door = Doorman(Inner(KeyError("Soccer Ball")), House())
    with caplog.at_level(logging.INFO, "recommender"):
        answer = knock(door, "/gradio_api/anything", method=method)
    assert key_of(answer) == expected and b"Soccer" not in answer[2]
    assert "KeyError at test_doorman.py:" in caplog.text and "Soccer" not in caplog.text
    assert answer[1]["x-request-id"] in caplog.text


def test_a_stream_that_breaks_off_is_ended() -> None:
    door = Doorman(Inner(ValueError("x"), begins=True), House())
    assert knock(door, "/gradio_api/queue/data", method="GET")[2] == b""


def test_the_house_hears_who_has_left() -> None:
    left = []
    door = Doorman(Inner(), House(left=lambda session, for_good: left.append((session, for_good))))
    knock(door, "/gradio_api/call/recommend/abc", method="GET")
    knock(door, "/gradio_api/heartbeat/def", method="GET")
    knock(door, "/gradio_api/call/recommend")
    assert left == [("abc", True), ("def", False)]


def test_a_path_can_forge_no_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "recommender"):
        knock(Doorman(Inner(), House()), "/gradio_api/upload?\n2026 INFO forged")
    assert len(caplog.messages) == 1 and "\n" not in caplog.messages[0]


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, None),
        ({"accept-language": "ar"}, "ar"),
        ({"accept-language": "AR-eg;q=0.9, en"}, "ar"),
        ({"accept-language": "en-GB,ar"}, "en"),
        ({"accept-language": "fr,en"}, None),
        ({"cookie": "a=b; language=ar", "accept-language": "en"}, "ar"),
        ({"cookie": "language=fr; x", "accept-language": "en"}, "en"),
        ({"cookie": "=;;=language"}, None),
    ],
)
def test_the_language_is_the_pages_else_the_browsers(headers: dict[str, str], language: str | None) -> None:
    assert preferred_language(headers) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_known_to_speak_a_language_hears_only_that(language: str) -> None:
    body = knock(Doorman(Inner(), House(is_full=lambda: True)), accept_language=language)[2]
    assert json.loads(body)["detail"] == sentence("server_busy", language)


def test_other_protocols_pass() -> None:
    inner = Inner()

    async def nothing(*message: Any) -> Any:
        return {}

    with pytest.raises(ZeroDivisionError):
        asyncio.run(Doorman(Inner(ZeroDivisionError()), House())({"type": "lifespan"}, nothing, nothing))
    asyncio.run(Doorman(inner, House())({"type": "lifespan"}, nothing, nothing))
    assert inner.bodies == [b""]
