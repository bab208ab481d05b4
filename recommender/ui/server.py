"""One server for `python app.py`, Docker and Spaces: Gradio with limits, health and an orderly end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from typing import Any, Final

import gradio as gr
from fastapi.exceptions import RequestValidationError
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse

from recommender.errors import RequestError
from recommender.service.batching import MOST_ROWS
from recommender.ui import endpoints, guard, sessions, surroundings
from recommender.ui.doorman import Doorman, House
from recommender.ui.health import Health
from recommender.ui.visits import visit_of

MOST_WAITING: Final = 256
"""Events in the queue beside those that run; whoever comes then is asked to come again."""
MOST_SESSIONS: Final = 1000
STATUS_SECONDS: Final = 5.0
DRAIN_SECONDS: Final = 5.0
CLOSE_SECONDS: Final = 2
_OTHER_THREADS: Final = 16


class Server:
    """A page that is served."""

    def __init__(self, blocks: gr.Blocks, most_waiting: int = MOST_WAITING) -> None:
        self.blocks = blocks
        # The doorman turns people away first, in their language; the queue's own limit is behind it for safety.
        blocks.queue(
            # By itself Gradio tells everybody their place in the queue at every step of it.
            status_update_rate=STATUS_SECONDS,
            max_size=2 * most_waiting,
            default_concurrency_limit=MOST_ROWS,
            api_open=False,
        )
        self._queue = blocks._queue
        self.house = House(
            is_full=lambda: len(self._queue) >= most_waiting,
            knows=lambda event: sessions.knows(self._queue, event),
            left=lambda session, for_good: sessions.forget(self.blocks, session, for_good),
        )
        self.health = Health(self.house)
        guard.install(blocks)

    @surroundings.without_network()
    def open(self, host: str, port: int | None, options: Mapping[str, Any], mcp: bool = False) -> str:
        """Begin to serve, and return the address.

        Raises:
            RequestError: if the port can't be had, or `mcp` is asked for and can't be.
        """
        sessions.allow_connections()
        try:
            _, url, _ = self.blocks.launch(
                server_name=host,
                server_port=port,
                prevent_thread_lock=True,
                quiet=True,
                show_error=False,
                share=False,
                ssr_mode=False,
                run_history=False,
                enable_monitoring=False,
                strict_cors=True,
                max_file_size="1mb",
                max_threads=MOST_ROWS + _OTHER_THREADS,
                state_session_capacity=MOST_SESSIONS,
                mcp_server=mcp,
                app_kwargs={
                    "middleware": [Middleware(Doorman, house=self.house)],
                    "routes": self.health.routes(),
                    "exception_handlers": {RequestValidationError: _unreadable},
                },
                **{"footer_links": ["api"], **options},
            )
        except OSError:
            raise RequestError("page_no_port", port=port or "7860-7959") from None
        sessions.lighten(self.blocks)
        if mcp and self.blocks.mcp_server_obj is None:  # its package is there, but not one that Gradio can use
            raise RequestError("server_no_mcp")
        if mcp:
            endpoints.keep_tools_here()
        endpoints.speak_json(self.blocks)
        return str(url)

    def close(self) -> None:
        """Take nobody in any more, answer those who are in, and end; within `DRAIN_SECONDS` and a little."""
        self.house.closing = True
        until = time.monotonic() + DRAIN_SECONDS
        while sessions.unanswered(self._queue) and time.monotonic() < until:
            time.sleep(0.05)
        # An open page keeps a stream open: it would be waited for until the end of days.
        self.blocks.server.config.timeout_graceful_shutdown = CLOSE_SECONDS
        with contextlib.suppress(RuntimeError):
            self.blocks.close(verbose=False)


def _unreadable(request: HttpRequest, error: Exception) -> JSONResponse:
    visit = visit_of(request.scope)
    return JSONResponse({"detail": visit.say("server_unreadable"), "code": "server_unreadable"}, 422)
