"""Streams of events: what Gradio says in them when one breaks off, in our words.

By itself it sends the text of the error: in English, and at times what Python calls a task, with this machine's paths.
"""

from __future__ import annotations

import json
from typing import Any, Final

from recommender.page.server.visits import Visit

_PAGE: Final = b"data: "
_PROGRAM: Final = b"event: error\ndata: "


def worded(chunk: bytes, visit: Visit, closing: bool) -> bytes:
    """One event of a stream, whole; where it tells of an error in Gradio's words, the same in ours."""
    if chunk.startswith(_PROGRAM + b'"'):
        # An error of ours is an object, not a text.
        return _PROGRAM + _json(told(visit, "server_closing" if closing else "server_failed")) + b"\n\n"
    if chunk.startswith(_PAGE) and b"unexpected_error" in chunk[:200]:
        event = json.loads(chunk.removeprefix(_PAGE))
        if event.get("msg") != "unexpected_error":
            return chunk
        key = "server_not_asked" if event.get("session_not_found") else "server_failed"
        event["message"] = told(visit, "server_closing" if closing else key)["error"]
        return _PAGE + _json(event) + b"\n\n"
    return chunk


def told(visit: Visit, key: str) -> dict[str, Any]:
    """An error as the events of page and programs hold it."""
    title = visit.say("server_error")
    return {"error": visit.say(key, id=visit.id), "title": title, "code": key, "duration": None, "visible": True}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
