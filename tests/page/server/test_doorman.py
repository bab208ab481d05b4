"""The doorman by himself, without a network: what he lets in, and what he says to the others."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from recommender.language import LANGUAGES, sentence
from recommender.page.server import doorman
from recommender.page.server.doorman import MOST_BYTES, Admission, Doorman
from recommender.page.server.visits import preferred_language

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


class Says:
    """An application that answers in English, whatever it is asked; `before` that it does something."""

    def __init__(self, status: int, before: Any = lambda: None) -> None:
        self.status = status
        self.before = before

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.before()
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"Only English"})


def knock(
    door: Doorman,
    path: str = JOIN,
    chunks: tuple[bytes, ...] = (b"{}",),
    method: str = "POST",
    query: bytes = b"",
    **headers: str,
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

    scope = {"type": "http", "method": method, "path": path, "headers": named, "query_string": query}
    asyncio.run(door(scope, receive, send))
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
    status, headers, body = knock(Doorman(inner, Admission()), chunks=(b'{"a":', b"1}"))
    assert (status, body, inner.bodies) == (200, b"let in", [b'{"a":1}'])
    assert len(headers["x-request-id"]) == 12


def test_ids_differ() -> None:
    door = Doorman(Inner(), Admission())
    assert len({knock(door)[1]["x-request-id"] for _ in range(20)}) == 20


def test_the_largest_body_passes_and_one_byte_more_does_not() -> None:
    inner = Inner()
    assert knock(Doorman(inner, Admission()), chunks=(b"x" * MOST_BYTES,))[0] == 200
    assert key_of(knock(Doorman(inner, Admission()), chunks=(b"x" * (MOST_BYTES + 1),))) == (413, "server_too_large")
    assert len(inner.bodies) == 1


def test_a_body_that_hides_its_length_is_counted() -> None:
    chunks = (b"x" * 600_000,) * 3
    inner = Inner()
    answer = knock(Doorman(inner, Admission()), chunks=chunks, content_length="", transfer_encoding="chunked")
    assert key_of(answer) == (413, "server_too_large") and not inner.bodies


@pytest.mark.parametrize("length", ["-1", "1e3", "many", "1" * 30])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    assert key_of(knock(Doorman(Inner(), Admission()), content_length=length)) == (413, "server_too_large")


def test_a_body_that_never_comes_whole_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorman, "BODY_SECONDS", 0.05)
    assert key_of(knock(Doorman(Inner(), Admission()), chunks=(), content_length="9"))[1] == "server_too_slow"


def test_a_get_with_a_large_body_is_refused_too() -> None:
    answer = knock(
        Doorman(Inner(), Admission()), "/", (b"x" * 2 * MOST_BYTES,), "GET", content_length=str(2 * MOST_BYTES)
    )
    assert key_of(answer) == (413, "server_too_large")


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/upload", "/gradio_api/upload_progress"])
def test_uploads_are_refused(path: str) -> None:
    assert key_of(knock(Doorman(Inner(), Admission()), path)) == (403, "server_no_files")


def test_files_are_refused_at_every_address() -> None:
    answer = knock(
        Doorman(Inner(), Admission()), "/gradio_api/component_server", content_type="Multipart/Form-Data; b=x"
    )
    assert key_of(answer) == (415, "server_no_files")


@pytest.mark.parametrize(
    "path", ["/gradio_api/stream/x", "/gradio_api/process_recording", "/gradio_api/vibe-edit/", "/monitoring/key",
             "/gradio_api/proxy=http://example.org", "/gradio_api/run-history/records", "/gradio_api/deep_link"],
)  # fmt: skip
def test_what_the_page_does_not_need_is_closed(path: str) -> None:
    for method in ("GET", "POST"):
        assert key_of(knock(Doorman(Inner(), Admission()), path, method=method)) == (404, "server_not_here")


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info", "/gradio_api/heartbeat/x", "/assets/upload.js"])
def test_what_the_page_needs_is_open(path: str) -> None:
    assert knock(Doorman(Inner(), Admission()), path, method="GET")[0] == 200


def test_a_full_house_says_busy_and_when_to_come_back() -> None:
    door = Doorman(Inner(), Admission(is_full=lambda: True))
    for path in (JOIN, "/gradio_api/call/recommend", "/gradio_api/call/v2/recommend"):
        answer = knock(door, path)
        assert key_of(answer) == (429, "server_busy") and answer[1]["retry-after"]
    # The Python client has a sentence of its own for a 503, and none for a 429.
    assert key_of(knock(door, user_agent="gradio_client/2.7")) == (503, "server_busy")
    assert knock(door, "/", method="GET")[0] == 200


def test_a_closing_house_takes_nobody_in_but_lets_answers_be_fetched() -> None:
    door = Doorman(Inner(), Admission(closing=True))
    assert key_of(knock(door)) == (503, "server_closing")
    assert knock(door, "/gradio_api/call/recommend/abc", method="GET")[0] == 200


def test_an_unknown_event_is_refused() -> None:
    door = Doorman(Inner(), Admission(answers=lambda event: event == "mine"))
    assert knock(door, "/gradio_api/call/recommend/mine", method="GET")[0] == 200
    for path in ("/gradio_api/call/recommend/yours", "/gradio_api/call/v2/recommend/yours"):
        assert key_of(knock(door, path, method="GET")) == (404, "server_not_asked")


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("error", [KeyError("Soccer Ball"), OSError("Soccer Ball"), MemoryError("Soccer Ball")])
def test_a_failure_is_the_servers_own_and_its_text_stays_here(
    method: str, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    door = Doorman(Inner(error), Admission())
    with caplog.at_level(logging.INFO, "recommender"):
        answer = knock(door, "/gradio_api/anything", method=method)
    assert key_of(answer) == (503, "server_failed") and b"Soccer" not in answer[2] and answer[1]["retry-after"]
    assert f"{type(error).__name__} at test_doorman.py:" in caplog.text and "Soccer" not in caplog.text
    assert answer[1]["x-request-id"] in caplog.text


def test_what_gradio_can_make_no_sense_of_did_not_fit() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        def get_fn() -> None:
            raise KeyError(999)

        get_fn()

    assert key_of(knock(Doorman(app, Admission()))) == (400, "server_unfit")
    assert key_of(knock(Doorman(app, Admission()), "/", method="GET")) == (503, "server_failed")


@pytest.mark.parametrize(
    ("status", "expected"),
    [(404, (404, "server_not_here")), (405, (405, "server_not_here")), (400, (400, "server_unfit")),
     (422, (422, "server_unreadable")), (500, (503, "server_failed")), (503, (503, "server_busy"))],
)  # fmt: skip
def test_an_error_that_a_library_has_worded_is_said_in_our_words(status: int, expected: tuple[int, str]) -> None:
    answer = knock(Doorman(Says(status), Admission()), "/gradio_api/call/recommend")
    assert key_of(answer) == expected and b"English" not in answer[2]
    assert ("retry-after" in answer[1]) == (expected[0] == 503)


def test_who_is_refused_after_sending_all_hears_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    timeout = asyncio.timeout

    def noting(seconds: float) -> asyncio.Timeout:
        waited.append(seconds)
        return timeout(seconds)

    monkeypatch.setattr(asyncio, "timeout", noting)
    for app in (Says(422), Inner(fails=ValueError("no"))):
        knock(Doorman(app, Admission()), "/gradio_api/call/recommend")
    # The body is waited for, and nothing after it.
    assert waited == [doorman.BODY_SECONDS] * 2


def test_a_closing_server_is_not_called_busy() -> None:
    admission = Admission()
    door = Doorman(Says(503, lambda: setattr(admission, "closing", True)), admission)
    assert key_of(knock(door)) == (503, "server_closing")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/gradio_api/mcp", "/gradio_api/mcp/"])
def test_who_has_words_of_its_own_keeps_them(path: str) -> None:
    status, _, body = knock(Doorman(Says(503), Admission()), path, method="GET")
    assert (status, body) == (503, b"Only English")


def test_every_answer_protects_the_browser_that_shows_it() -> None:
    for answer in (knock(Doorman(Inner(), Admission())), knock(Doorman(Inner(), Admission()), "/upload")):
        policy = dict(part.split(" ", 1) for part in answer[1]["content-security-policy"].split("; "))
        assert policy["frame-ancestors"] == "'self' https://huggingface.co" and policy["object-src"] == "'none'"
        assert not any("*" in part or "http:" in part for part in policy.values())
        assert answer[1]["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("host", "kept"),
    [("evil.example", False), ("shop.example", True), ("Shop.Example", True), ("shop.example, evil.example", False)],
)
def test_nobody_else_says_what_the_page_is_called(host: str, kept: bool) -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend(scope["headers"])
        await Inner()(scope, receive, send)

    knock(
        Doorman(app, Admission(hosts=("shop.example",))), x_forwarded_host=host, x_gradio_server="http://evil.example"
    )
    names = {name for name, _ in seen}
    assert (b"x-forwarded-host" in names) == kept and b"x-gradio-server" not in names


def test_a_house_that_is_loading_answers_for_its_health_only() -> None:
    door = Doorman(Inner(), Admission(loading=True))
    for method in ("GET", "POST"):
        answer = knock(door, "/", method=method)
        assert key_of(answer) == (503, "server_loading") and answer[1]["retry-after"]
    assert knock(door, "/readyz", method="GET")[0] == 200


def test_too_many_connections_keep_nobody_from_asking_after_its_health() -> None:
    door = Doorman(Inner(), Admission(is_crowded=lambda: True))
    assert key_of(knock(door, "/", method="GET")) == (503, "server_busy")
    assert knock(door, "/healthz", method="GET")[0] == 200


def test_people_get_a_page_that_asks_again_where_waiting_helps() -> None:
    status, headers, body = knock(Doorman(Inner(), Admission(loading=True)), "/", method="GET", accept="text/html,*/*")
    assert status == 503 and headers["content-type"].startswith("text/html")
    assert 'http-equiv="refresh"' in body.decode() and sentence("server_loading", "ar") in body.decode()
    assert b"refresh" not in knock(Doorman(Inner(), Admission()), "/upload", method="GET", accept="text/html")[2]


def test_an_answer_is_fetched_by_one_at_a_time() -> None:
    admission = Admission()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert admission.fetched == {"abc"}
        await Inner()(scope, receive, send)

    path = "/gradio_api/call/recommend/abc"
    assert knock(Doorman(app, admission), path, method="GET")[0] == 200 and not admission.fetched
    admission.fetched.add("abc")
    assert key_of(knock(Doorman(Inner(), admission), path, method="GET")) == (404, "server_not_asked")
    assert admission.fetched == {"abc"}


def test_a_programs_answer_is_not_read_as_a_pages() -> None:
    door = Doorman(Inner(), Admission(reads=lambda session: session != "program"))
    for query, status in (
        (b"session_hash=page", 200),
        (b"session_hash=program", 404),
        (b"session_hash=pro%67ram", 404),
    ):
        assert knock(door, "/gradio_api/queue/data", method="GET", query=query)[0] == status


def test_only_what_programs_may_ask_can_be_asked() -> None:
    door = Doorman(Inner(), Admission(endpoints={"recommend"}))
    for path, status in (("call/recommend", 200), ("call/v2/recommend/", 200), ("call/reply", 404), ("call/v2", 404)):
        assert knock(door, f"/gradio_api/{path}")[0] == status


def test_a_stream_that_breaks_off_is_ended() -> None:
    door = Doorman(Inner(ValueError("x"), begins=True), Admission())
    assert knock(door, "/gradio_api/queue/data", method="GET")[2] == b""


def test_the_house_hears_who_has_left() -> None:
    left = []
    door = Doorman(Inner(), Admission(left=lambda session, for_good: left.append((session, for_good))))
    knock(door, "/gradio_api/call/recommend/abc", method="GET")
    knock(door, "/gradio_api/heartbeat/def", method="GET")
    knock(door, "/gradio_api/call/recommend")
    assert left == [("abc", True), ("def", False)]


def test_a_path_can_forge_no_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "recommender"):
        knock(Doorman(Inner(), Admission()), "/gradio_api/upload?\n2026 INFO forged")
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
    body = knock(Doorman(Inner(), Admission(is_full=lambda: True)), accept_language=language)[2]
    assert json.loads(body)["detail"] == sentence("server_busy", language)


def test_other_protocols_pass() -> None:
    inner = Inner()

    async def nothing(*message: Any) -> Any:
        return {}

    with pytest.raises(ZeroDivisionError):
        asyncio.run(Doorman(Inner(ZeroDivisionError()), Admission())({"type": "lifespan"}, nothing, nothing))
    asyncio.run(Doorman(inner, Admission())({"type": "lifespan"}, nothing, nothing))
    assert inner.bodies == [b""]
