"""The port: opened before anything heavy is loaded, and kept usable whoever holds connections open and says nothing.

Listener   binds the port, says "loading" on it, and then serves Gradio's application on the same port
_Switch    the application that answers, which is exchanged while the server goes on: nobody's connection is cut off
_Bounded   one connection: closed where its request's head doesn't come; the silent make room for those who ask
"""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
import time
from typing import Any, Final, TypeAlias, cast

import uvicorn
from uvicorn.lifespan.on import LifespanOn
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.server import ServerState

from recommender.errors import RequestError
from recommender.page.server.connections import ACCEPTED_AT_ONCE, most_connections
from recommender.page.server.throttle import throttle

HEAD_SECONDS: Final = 10.0
"""From a connection's beginning, or from the first byte of a further request on it, until a head must be whole."""
PORTS: Final = range(7860, 7960)
"""Tried one after the other where no port is asked for."""
_WAITING: Final = 2048
_START_SECONDS: Final = 30.0

App: TypeAlias = Any


class Listener:
    """A port of this machine, and the one server on it, which goes on while its application is exchanged."""

    def __init__(self, host: str, port: int | None) -> None:
        """Open the port, by default the first free one of `PORTS`.

        Raises:
            RequestError: if it can't be had, or `host` is no address of this machine.
        """
        self.host = host.removeprefix("[").removesuffix("]")
        self._socket = _bind(self.host, port)
        self.port: int = self._socket.getsockname()[1]
        self._serving: _Serving | None = None

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host = {"0.0.0.0": "localhost", "::": "localhost"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def wait_with(self, app: App) -> None:
        """Answer by `app` until `serve` is called."""
        self.serve(app)

    def serve(self, app: App) -> _Serving:
        """Answer by `app` from now on; whoever is being answered by an earlier one is answered by that to the end.

        Raises:
            RequestError: if it doesn't begin to.
        """
        if self._serving is None:
            serving = _Serving(app, self._socket)
            serving.begin()
            self._serving = serving
        else:
            self._serving.go_on_with(app)
        return self._serving

    def in_place_of_gradios(self, app: App, **kwargs: Any) -> tuple[str, int, str, _Serving]:
        """What `gradio.http_server.start_server` does, on this port."""
        return self.host, self.port, self.url, self.serve(app)

    def close(self) -> None:
        """End the server and give the port back."""
        if self._serving:
            self._serving.close()
            self._serving = None
        self._socket.close()


class _State(ServerState):
    """What all connections of a server know: beside uvicorn's own, those whose head is being waited for."""

    def __init__(self) -> None:
        super().__init__()
        # The first of them has kept it waiting longest.
        self.silent: dict[_Bounded, asyncio.TimerHandle] = {}


class _Switch:
    """An application that is whichever one it was told last."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class _Serving(uvicorn.Server):
    """uvicorn in a thread."""

    def __init__(self, app: App, listening: socket.socket) -> None:
        self._switch = _Switch(app)
        config = _config(self._switch)
        # After the configuration, which sets the loggers up anew.
        throttle("uvicorn.error", "asyncio")
        super().__init__(config)
        self.server_state: _State = _State()
        self.running_app = app  # as Gradio's own server calls it
        self._later: list[LifespanOn] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        self._listening = listening
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)

    @property
    def busy(self) -> int:
        """Connections on which a request is being received or answered, and those kept for a next one."""
        return len(self.server_state.connections) - len(self.server_state.silent)

    def begin(self) -> None:
        """Serve in a thread of its own.

        Raises:
            RequestError: if it can't.
        """
        self._thread.start()
        until = time.monotonic() + _START_SECONDS
        while not self.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise RequestError("page_no_port", port=str(self._listening.getsockname()[1]))
            time.sleep(0.001)
        # asyncio accepts as many at a stroke as may wait, before it looks at any: few, so that their number is known in
        # time. More than those may wait.
        self._listening.listen(_WAITING)

    def go_on_with(self, app: App) -> None:
        """Answer by `app` from now on, once it has started up.

        Raises:
            RequestError: if it doesn't.
        """
        if self.loop is None or not self._thread.is_alive():
            raise RequestError("page_no_port", port=str(self._listening.getsockname()[1]))
        started = asyncio.run_coroutine_threadsafe(self._start_up(app), self.loop)
        try:
            begun = started.result(_START_SECONDS)
        except TimeoutError:
            started.cancel()
            begun = False
        if not begun:
            raise RequestError("page_no_port", port=str(self._listening.getsockname()[1]))
        self._switch.app = self.running_app = app

    def close(self) -> None:
        """Stop, once those are answered who are being answered, or the time for it is over."""
        self.should_exit = True
        self._thread.join(5)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Note the loop, for those who have something to say to it."""
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and let the applications end that came later."""
        await super().shutdown(sockets)
        for lifespan in self._later:
            await lifespan.shutdown()

    async def _start_up(self, app: App) -> bool:
        """What uvicorn does for its first application."""
        lifespan = LifespanOn(_config(app))
        await lifespan.startup()
        self.lifespan.state.update(lifespan.state)
        self._later.append(lifespan)
        return not lifespan.should_exit

    def _run(self) -> None:
        # asyncio closes the socket it is given; the port stays open by the other one.
        self.run(sockets=[self._listening.dup()])


def _config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_level="warning",
        backlog=ACCEPTED_AT_ONCE,
        http=cast(Any, _Bounded),
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=1,
    )


class _Bounded(AutoHTTPProtocol):  # type: ignore[misc,valid-type]
    """A connection that must say what it wants within `HEAD_SECONDS`, and sooner where there is no room for it."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._await_head()
        if len(self.connections) > most_connections():
            # The one that has said nothing for longest, which may be the newest itself.
            next(iter(self._silent), self).give_up()

    def data_received(self, data: bytes) -> None:
        """Go on; while a request is being answered there is nothing to wait for."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._rest()
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._rest()
        super().connection_lost(exc)

    def give_up(self) -> None:
        """Close a connection that hasn't said what it wants."""
        self._rest()
        self.connections.discard(self)
        self.transport.abort()

    @property
    def _silent(self) -> dict[_Bounded, asyncio.TimerHandle]:
        return cast(_State, self.server_state).silent

    def _await_head(self) -> None:
        if self not in self._silent and not self.transport.is_closing():
            self._silent[self] = self.loop.call_later(HEAD_SECONDS, self.give_up)

    def _rest(self) -> None:
        if timer := self._silent.pop(self, None):
            timer.cancel()


def _bind(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.getaddrinfo(host, None, family)
    except OSError:
        raise RequestError("page_no_host", host=host[:80]) from None
    for tried in [port] if port is not None else PORTS:
        try:
            both = host == "::" and socket.has_dualstack_ipv6()
            return socket.create_server((host, tried), family=family, backlog=_WAITING, dualstack_ipv6=both)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise RequestError("page_no_host", host=host[:80]) from None
    raise RequestError("page_no_port", port=str(port) if port is not None else f"{PORTS[0]}-{PORTS[-1]}")
