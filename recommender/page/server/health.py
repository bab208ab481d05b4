"""`/healthz`: the process lives. `/readyz`: the model is loaded, has answered once, and its device works."""

from __future__ import annotations

import threading
from collections.abc import Callable

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse
from starlette.routing import Route

from recommender.errors import DeviceError
from recommender.language import LANGUAGES
from recommender.page.server import metrics
from recommender.page.server.doorman import Admission
from recommender.service import Request, Service


class Health:
    """How far the server is."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._ready = threading.Event()
        self._trouble: Callable[[], DeviceError | None] = lambda: None

    def warm_up(self, service: Service) -> None:
        """Load the model and compute one answer, so that no visitor waits for either.

        Raises:
            RecommenderError: if the model can't be loaded.
        """
        service.model()
        service.answer(Request([next(iter(service.catalogue())).id]))
        self._trouble = lambda: service.trouble
        self._ready.set()

    def routes(self) -> list[Route]:
        """What the server must answer by itself."""
        return [Route("/healthz", self._lives), Route("/readyz", self._is_ready), *metrics.routes()]

    async def _lives(self, request: HttpRequest) -> JSONResponse:
        return JSONResponse({"status": "alive"})

    async def _is_ready(self, request: HttpRequest) -> JSONResponse:
        if self._admission.closing:
            return JSONResponse({"status": "closing"}, 503)
        if not self._ready.is_set():
            return JSONResponse({"status": "loading"}, 503)
        # Visitors who come all the same are answered, by the processor.
        if trouble := self._trouble():
            words = {language: trouble.sentence(language) for language in LANGUAGES}
            return JSONResponse({"status": trouble.key, **words}, 503)
        return JSONResponse({"status": "ready"})
