"""The page, and the server that it comes from. Gradio is imported in this package only, and slowly: `launch` does it.

launch -> page.build (what is seen), endpoints (what programs ask) -> server (limits, health, an orderly end)
"""

from __future__ import annotations

import gc
import importlib.util
import inspect
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from types import FrameType

from recommender.errors import RequestError
from recommender.settings import Settings
from recommender.ui import surroundings

__all__ = ["launch"]

surroundings.arrange()

_LAST_SECONDS = 9.0


def launch(settings: Settings | None = None, mcp: bool = False) -> None:
    """Serve the page until the process is told to end (SIGTERM, Ctrl-C): then nobody is cut off who is being answered.

    Raises:
        ModelError: if the model can't be loaded.
        RequestError: if the port can't be had, or `mcp` is asked for and its package isn't there.
    """
    begun, end = perf_counter(), _told_to_end()
    if mcp and importlib.util.find_spec("mcp") is None:
        raise RequestError("server_no_mcp")
    with _without_collecting():
        from recommender.ui import zerogpu  # before torch

        with _without_stubs(), surroundings.without_network():
            import gradio  # noqa: F401
        from recommender.ui import metrics, page
        from recommender.ui.server import Server
        from recommender.ui.visits import LoggedService, logger

        _log_to_stderr(logger)
        settings = settings or Settings.read()
        service = LoggedService(settings, zerogpu.loader())
        server = Server(page.build(service, settings))
        if settings.metrics:
            metrics.begin(server.blocks._queue, service)
        try:
            url = server.open(settings.host, settings.port, page.launch_options(), mcp)
            logger.info("open at %s", url)
            server.health.warm_up(service)
        except BaseException:
            server.close()
            raise
    logger.info("ready after %.1f s", perf_counter() - begun)
    service.prepare()
    end.wait()
    logger.info("closing")
    server.close()


def _told_to_end() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set; a second one of them ends the process at once.

    The first process of a container has no signal handlers but its own, so there must be one.
    """
    end = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        if end.is_set():
            os._exit(128 + number)
        end.set()
        last = threading.Timer(_LAST_SECONDS, os._exit, [0])
        last.daemon = True
        last.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return end


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


@contextmanager
def _without_stubs() -> Iterator[None]:
    """Within this block Gradio does not rewrite its type stubs, which takes 40 % of the time of importing it.

    It leaves them alone where a class has no source file, so it is told that none has.
    """
    real = inspect.getfile

    def getfile(thing: object) -> str:
        if str(getattr(thing, "__module__", "")).startswith("gradio."):
            raise OSError
        return real(thing)  # type: ignore[arg-type]

    inspect.getfile = getfile  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = real


def _log_to_stderr(logger: logging.Logger) -> None:
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
