"""`/healthz`: the process lives. `/readyz`: the model is loaded and has answered once."""

from __future__ import annotations

import threading

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse
from starlette.routing import Route

from recommender.service import Request, Service
from recommender.ui.doorman import House


class Health:
    """How far the server is."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._ready = threading.Event()

    def warm_up(self, service: Service) -> None:
        """Load the model and compute one answer, so that no visitor waits for either.

        Raises:
            RecommenderError: if the model can't be loaded.
        """
        service.model()
        service.answer(Request([next(iter(service.catalogue())).id]))
        self._ready.set()

    def routes(self) -> list[Route]:
        """What the server must answer by itself."""
        return [Route("/healthz", self._lives), Route("/readyz", self._is_ready)]

    async def _lives(self, request: HttpRequest) -> JSONResponse:
        return JSONResponse({"status": "alive"})

    async def _is_ready(self, request: HttpRequest) -> JSONResponse:
        if self._house.closing:
            return JSONResponse({"status": "closing"}, 503)
        if not self._ready.is_set():
            return JSONResponse({"status": "loading"}, 503)
        return JSONResponse({"status": "ready"})
