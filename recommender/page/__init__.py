"""The page, and the server that it comes from. Gradio is imported in this package only, and slowly: `launch` does it.

launch -> listening (the port) -> page.build (what is seen), endpoints (what programs ask) -> server (limits, the end)
"""

from __future__ import annotations

import gc
import importlib.util
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from types import FrameType
from typing import TYPE_CHECKING, Final

from recommender.errors import RequestError
from recommender.page.server import surroundings
from recommender.settings import Settings

if TYPE_CHECKING:
    from recommender.page.server.doorman import Admission
    from recommender.page.server.listening import Listener

__all__ = ["launch"]

surroundings.arrange()

CUT_OFF: Final = 3
"""Exit status where somebody was cut off: some of many were not answered."""
_LAST_SECONDS: Final = 4.0


def launch(settings: Settings | None = None, mcp: bool = False) -> int:
    """Serve the page until the process is told to end (SIGTERM, Ctrl-C), and return its exit status.

    The port opens at once, and says that the model is being loaded. In the end whoever is being answered has the
    settings' `drain` seconds; who isn't answered by then is told so, and the status is `CUT_OFF` instead of 0.

    Raises:
        ModelError: if the model can't be loaded.
        RequestError: if the port can't be had, or `mcp` is asked for and its package isn't there.
    """
    begun, settings = perf_counter(), settings or Settings.read()
    ending = Ending(settings.drain)
    ending.listen()
    if mcp and importlib.util.find_spec("mcp") is None:
        raise RequestError("server_no_mcp")
    from recommender.page.server.visits import LoggedService, logger

    _log_to_stderr(logger)
    listener = _opened(settings)
    logger.info("open at %s", listener.url)
    try:
        with _without_collecting():
            from recommender.page.server import zerogpu  # before torch

            # Here, where a variable that it refuses ends the start, and not within an answer, which tells of any error.
            importlib.import_module("torch")

            # It knows how to import Gradio, so it comes before whatever else needs that.
            importlib.import_module("recommender.page.server.gradio_private")
            from recommender.page import about, page
            from recommender.page.large import finding
            from recommender.page.own_shop import downloads
            from recommender.page.server import metrics
            from recommender.page.server.starting import Server

            service = LoggedService(settings, zerogpu.loader())
            finder = finding.Finder(service)
            routes = [*downloads.routes(service.own), *finding.routes(finder)]
            server = Server(
                page.build(service, settings), hosts=settings.domains, model_card=about.card(settings), routes=routes
            )
            if settings.metrics:
                metrics.begin(server.waiting, service)
            try:
                server.open(settings.host, settings.port, page.launch_options(), mcp, listener)
                ending.of(server.admission)
                server.health.warm_up(service)
            except BaseException:
                server.close(0)
                raise
    except BaseException:
        listener.close()
        raise
    logger.info("ready after %.1f s", perf_counter() - begun)
    # Not in this thread, which has to be there when the end is wished.
    for prepare in (service.prepare, finder.prepare):
        threading.Thread(target=prepare, daemon=True, name="prepare").start()
    ending.wait()
    logger.info("closing")
    service.own.trainings.close()
    cut = server.close(settings.drain)
    service.own.close()
    if cut:
        logger.warning("%d were cut off after %d s: RECOMMENDER_DRAIN gives them longer", cut, settings.drain)
    ending.status = CUT_OFF if cut else 0
    return ending.status


class Ending:
    """The wish that the process ends: SIGTERM or Ctrl-C. A second one of them ends it at once.

    The first process of a container has no signal handlers but its own, so there must be one.
    """

    def __init__(self, drain: float) -> None:
        self._wished = threading.Event()
        self._drain = drain
        self._admission: Admission | None = None
        self.status = CUT_OFF
        """That of a process which doesn't come to its end by itself."""

    def listen(self) -> None:
        """Take note of signals from now on."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)

    def of(self, admission: Admission) -> None:
        """Close `admission` as soon as the wish is there: readiness is gone at once, whatever else is going on."""
        self._admission = admission
        admission.closing = admission.closing or self._wished.is_set()

    def wait(self) -> None:
        """Wait for the wish."""
        self._wished.wait()

    def _told(self, number: int, frame: FrameType | None) -> None:
        if self._wished.is_set():
            os._exit(128 + number)
        self._wished.set()
        if self._admission is None:
            # Nobody has been let in yet.
            os._exit(0)
        self._admission.closing = True
        last = threading.Timer(self._drain + _LAST_SECONDS, lambda: os._exit(self.status))
        last.daemon = True
        last.start()


def _opened(settings: Settings) -> Listener:
    """The port, which says that the model is being loaded."""
    from starlette.routing import Router

    from recommender.page.server.doorman import Admission, Doorman
    from recommender.page.server.health import Health
    from recommender.page.server.listening import Listener

    listener, admission = Listener(settings.host, settings.port), Admission(loading=True)
    listener.wait_with(Doorman(Router(routes=Health(admission).routes()), admission))
    return listener


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Within this block no garbage is looked for: of what is imported none is, and looking takes 20 % of the time.

    What has been made by its end is there to stay, and isn't looked through later either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _log_to_stderr(logger: logging.Logger) -> None:
    from recommender.page.server.throttle import throttle

    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        throttle(logger.name)
