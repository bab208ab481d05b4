"""What a visitor takes home: the folder of a trained shop, and the sales as they were read, made while they are sent.

They are asked for by POST, with the shop's key in the body: an address would leave it in histories and logs.
"""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from recommender.errors import RequestError
from recommender.language import LANGUAGES
from recommender.service.own.bench import Bench
from recommender.service.own.intake import Reading
from recommender.service.own.parcel import zipped
from recommender.service.own.shops import OwnShop
from recommender.shop.sales.mended import mended_csv
from recommender.shop.tables import kept_cell

_INSIDE: Final = "my-shop"


def routes(bench: Bench) -> list[Route]:
    """The two addresses below the page's own."""

    async def folder(request: HttpRequest) -> Response:
        shop = await _shop(bench, request)
        if shop is None or shop.folder is None:
            return _gone(bench)
        return StreamingResponse(zipped(shop.folder, _INSIDE), media_type="application/zip")

    async def mended(request: HttpRequest) -> Response:
        shop = await _shop(bench, request)
        if shop is None or shop.catalogue is None:
            return _gone(bench)
        text = await run_in_threadpool(table, shop)
        return Response(text.encode("utf-8", "replace"), media_type="text/csv; charset=utf-8")

    return [
        Route("/own-shop/folder", folder, methods=["POST"]),
        Route("/own-shop/mended", mended, methods=["POST"]),
    ]


def table(shop: OwnShop) -> str:
    """What was read of a shop as the CSV that can be brought again: its sales, or its items where it has none."""
    if isinstance(shop.reading, Reading) and shop.reading.brought is not None:
        return mended_csv(shop.reading.brought)
    out = io.StringIO()
    # Without this mark spreadsheets take Arabic for another encoding.
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LANGUAGES)
    writer.writerows([kept_cell(name) for name in item.by_language().values()] for item in shop.catalogue or ())
    return out.getvalue()


async def _shop(bench: Bench, request: HttpRequest) -> OwnShop | None:
    try:
        asked: Any = await request.json()
    except ValueError:
        return None
    return bench.shops.find(asked.get("key")) if isinstance(asked, dict) else None


def _gone(bench: Bench) -> JSONResponse:
    error = RequestError("own_gone", minutes=bench.settings.keep)
    return JSONResponse({"detail": error.sentence(), "code": error.key}, 404)
