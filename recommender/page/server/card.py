"""The card of the server's own model, as the text that it is."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse
from starlette.routing import Route

from recommender.page.about import CARD_PATH


def routes(card: Path | None) -> list[Route]:
    """Where the card at `card` is read; nowhere if there is none."""

    async def read(request: HttpRequest) -> FileResponse:
        assert card is not None
        return FileResponse(card, media_type="text/plain; charset=utf-8")

    return [Route(CARD_PATH, read)] if card else []
