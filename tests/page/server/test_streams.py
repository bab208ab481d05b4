"""Streams that break off: what Gradio says in them becomes ours, and everything else passes."""

import json

import pytest

from recommender.language import sentence
from recommender.page.server.streams import worded
from recommender.page.server.visits import Visit

ARABIC = Visit(language="ar")
REPR = "Cancelled via cancel scope 7f by <Task pending coro=<x() running at /srv/secret/routes.py:1>>"


def page(**event: object) -> bytes:
    return b"data: " + json.dumps({"msg": "unexpected_error", "success": False, **event}).encode() + b"\n\n"


@pytest.mark.parametrize("closing", [True, False])
def test_a_programs_stream_ends_in_a_whole_event_without_a_path(closing: bool) -> None:
    told = worded(f"event: error\ndata: {json.dumps(REPR)}\n\n".encode(), ARABIC, closing).decode()
    key = "server_closing" if closing else "server_failed"
    kind, data = told.removesuffix("\n\n").split("\n")
    found = json.loads(data.removeprefix("data: "))
    assert kind == "event: error" and "secret" not in told
    assert (found["code"], found["error"]) == (key, sentence(key, "ar", id=ARABIC.id))


@pytest.mark.parametrize(
    ("event", "closing", "key"),
    [
        ({"message": REPR}, True, "server_closing"),
        ({"message": REPR}, False, "server_failed"),
        ({"message": "404: Not Found", "session_not_found": True}, False, "server_not_asked"),
        ({"message": "Server stopped unexpectedly."}, True, "server_closing"),
    ],
)
def test_a_pages_stream_says_it_in_the_visitors_language(event: dict[str, object], closing: bool, key: str) -> None:
    found = json.loads(worded(page(**event), ARABIC, closing).removeprefix(b"data: "))
    assert found["message"] == sentence(key, "ar", id=ARABIC.id) and found["msg"] == "unexpected_error"


@pytest.mark.parametrize(
    "chunk",
    [
        b'event: complete\ndata: [{"a": "unexpected_error"}]\n\n',
        b'event: error\ndata: {"error": "ours"}\n\n',
        b'data: {"msg":"process_completed","output":{"error":"unexpected_error"}}\n\n',
        b"event: heartbeat\ndata: null\n\n",
        b"data: ALIVE\n\n",
    ],
)
def test_everything_else_passes_as_it_is(chunk: bytes) -> None:
    assert worded(chunk, ARABIC, True) == chunk
