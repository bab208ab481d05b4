"""Why somebody is not let in, and the whole answer that says so."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final

from markupsafe import escape

from recommender.page.server.visits import Visit

RETRY_SECONDS: Final = 5
_LATER: Final = (429, 503)


@dataclass
class Refused(Exception):
    """A request that isn't answered: its status, and the sentence `key` with `fields`."""

    status: int
    key: str
    fields: dict[str, object] = field(default_factory=dict)

    def headers(self, body: bytes, kind: str) -> list[tuple[bytes, bytes]]:
        """Of the answer; the connection ends with it, for the rest of what is refused may still be in it."""
        return [
            (b"content-type", f"{kind}; charset=utf-8".encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            (b"cache-control", b"no-store"),
            *([(b"retry-after", str(RETRY_SECONDS).encode())] if self.status in _LATER else []),
        ]

    def as_json(self, visit: Visit) -> bytes:
        """The sentence as programs read it: `{"detail", "code"}`."""
        body = {"detail": visit.say(self.key, **self.fields), "code": self.key}
        return json.dumps(body, ensure_ascii=False).encode()

    def as_html(self, visit: Visit) -> bytes:
        """The sentence as people read it; where waiting helps the page asks again by itself."""
        again = f'<meta http-equiv="refresh" content="{RETRY_SECONDS}">' if self.status in _LATER else ""
        lines = "".join(f'<p dir="auto">{escape(line)}</p>' for line in visit.say(self.key, **self.fields).split("\n"))
        style = "font: 1.2rem system-ui, sans-serif; max-width: 40rem; margin: 20vh auto; padding: 0 1rem"
        return f'<!doctype html><meta charset="utf-8">{again}<title>…</title><body style="{style}">{lines}'.encode()


def busy(user_agent: str) -> Refused:
    """For whoever comes when too many wait."""
    # Gradio's page shows the sentence of a 429, but one of its own, in English, for a 503; its Python client a 503's.
    return Refused(503 if "gradio_client" in user_agent else 429, "server_busy")


def instead_of(status: int, closing: bool, request_id: str) -> Refused:
    """What is said in place of an error that a library has worded: in English only, and not for visitors."""
    if status == 503:
        return Refused(503, "server_closing" if closing else "server_busy")
    if status >= 500:
        return Refused(503, "server_failed", {"id": request_id})
    if status == 422:
        return Refused(422, "server_unreadable")
    if status in (401, 403, 404, 405):
        return Refused(status, "server_not_here")
    return Refused(status, "server_unfit")
