"""One server for `python app.py`, Docker and Spaces: Gradio with limits, health and an orderly end."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import gradio as gr
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from recommender.errors import RequestError
from recommender.page.server import card, endpoints, gradio_private, guard, surroundings
from recommender.page.server.connections import allow_connections, most_connections
from recommender.page.server.crowd import Crowd
from recommender.page.server.doorman import Admission, Doorman
from recommender.page.server.gradio_private import Waiting
from recommender.page.server.health import Health
from recommender.page.server.listening import Listener
from recommender.page.server.streams import told
from recommender.page.server.visits import visit_of
from recommender.service.batching import MOST_ROWS

MOST_WAITING: Final = 256
"""Events in the queue beside those that run; whoever comes then is asked to come again."""
MOST_EXPLAINS: Final = 32
"""Of those, so many may be programs' wishes for an explanation."""
MOST_SESSIONS: Final = 1000
STATUS_SECONDS: Final = 5.0
DRAIN_SECONDS: Final = 5.0
FETCH_SECONDS: Final = 5.0
"""So long an answer is kept, at the end, for a program that asked and hasn't fetched it."""
TELL_SECONDS: Final = 1.0
CLOSE_SECONDS: Final = 2
_OTHER_THREADS: Final = 16
_FOR_HEALTH: Final = 8
"""Connections that are left for who asks after the server's health."""
_NEVER: Final = 1 << 30
_launching: Final = threading.Lock()


class Server:
    """A page that is served."""

    def __init__(
        self,
        blocks: gr.Blocks,
        most_waiting: int = MOST_WAITING,
        hosts: Collection[str] = (),
        model_card: Path | None = None,
        routes: Sequence[BaseRoute] = (),
    ) -> None:
        """Serve `blocks`; `hosts` are the names that a proxy in front may say the page has, `routes` go with it."""
        self.blocks = blocks
        self._model_card = model_card
        self._routes = tuple(routes)
        blocks.queue(
            # By itself Gradio tells everybody their place in the queue at every step of it.
            status_update_rate=STATUS_SECONDS,
            # It must have one, or else it would be 1 on ZeroGPU; ours come first.
            max_size=_NEVER,
            default_concurrency_limit=MOST_ROWS,
            api_open=False,
        )
        self.waiting = Waiting(blocks)
        self._listener: Listener | None = None
        crowd = Crowd(self.waiting, most_waiting, {endpoints.EXPLAIN_QUEUE: MOST_EXPLAINS})
        self.admission = Admission(
            hosts=hosts,
            endpoints={str(one.api_name) for one in blocks.fns.values() if one.api_visibility == "public"},
            is_full=crowd.is_full,
            is_crowded=self._is_crowded,
            answers=self.waiting.answers,
            reads=self.waiting.reads,
            left=self.waiting.forget,
        )
        self.health = Health(self.admission)
        guard.install(blocks)

    @surroundings.without_network()
    def open(
        self,
        host: str,
        port: int | None,
        options: Mapping[str, Any],
        mcp: bool = False,
        listener: Listener | None = None,
    ) -> str:
        """Begin to serve, on the port of `listener` where there is one, and return the address.

        Raises:
            RequestError: if the port can't be had, or `mcp` is asked for and can't be.
        """
        allow_connections()
        self._listener = listener or Listener(host, port)
        with _launching, gradio_private.served_by(self._listener.in_place_of_gradios):
            _, url, _ = self.blocks.launch(
                server_name=host,
                server_port=self._listener.port,
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
                    "middleware": [Middleware(Doorman, admission=self.admission)],
                    "routes": [*self.health.routes(), *card.routes(self._model_card), *self._routes],
                },
                **{"footer_links": ["api"], **options},
            )
        gradio_private.lighten(self.blocks)
        if mcp and self.blocks.mcp_server_obj is None:  # its package is there, but not one that Gradio can use
            raise RequestError("server_no_mcp")
        if mcp:
            gradio_private.keep_tools_here()
        gradio_private.speak_json(self.blocks)
        return str(url)

    def close(self, drain_seconds: float = DRAIN_SECONDS) -> int:
        """Take nobody in any more, answer those who are in, within `drain_seconds`, and end; how many were cut off.

        Whoever is cut off is told so, which takes up to `TELL_SECONDS`; ending up to `CLOSE_SECONDS`.
        """
        self.admission.closing = True
        cut = self._drain(drain_seconds) if self.blocks.is_running else 0
        if self._server is not None:
            # An open page keeps a stream open: it would be waited for until the end of days.
            self._server.config.timeout_graceful_shutdown = CLOSE_SECONDS
        with contextlib.suppress(RuntimeError):
            self.blocks.close(verbose=False)
        if self._listener is not None:
            self._listener.close()
        return cut

    def _drain(self, seconds: float) -> int:
        waiting, begun = self.waiting, time.monotonic()
        while (spent := time.monotonic() - begun) < seconds:
            if not waiting.running() and (spent > FETCH_SECONDS or not waiting.unfetched()):
                return 0
            time.sleep(0.05)
        cut: list[int] = []
        if self._server is None or self._server.loop is None:
            return 0
        self._server.loop.call_soon_threadsafe(lambda: cut.append(waiting.cut(_closing)))
        until = time.monotonic() + TELL_SECONDS
        while (not cut or (cut[0] and waiting.unfetched())) and time.monotonic() < until:
            time.sleep(0.02)
        return sum(cut)

    @property
    def _server(self) -> Any:
        return getattr(self.blocks, "server", None)

    def _is_crowded(self) -> bool:
        return self._server is not None and self._server.busy >= most_connections() - _FOR_HEALTH


def _closing(scope: Mapping[str, Any]) -> dict[str, Any]:
    """What is said to whoever is cut off."""
    return told(visit_of(scope), "server_closing")
