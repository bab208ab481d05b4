"""What the search field asks for while somebody types: at an address of its own, so that no answer is waited for.

Asked by POST, as the key of a visitor's own shop is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse
from starlette.routing import Route

from recommender.errors import DataError
from recommender.language import known
from recommender.language.text import clean, shown
from recommender.page.html import fill
from recommender.page.large.shelf import is_large
from recommender.page.shop import Shop
from recommender.page.wording import Words
from recommender.retrieval.search import LONGEST
from recommender.service import Service
from recommender.service.own.keys import is_key
from recommender.service.searching import Searches

PATH: Final = "/find"
_MOST_CHOSEN: Final = 500


class Finder:
    """Searches over a service's catalogues. It keeps nothing of any visitor but the words of what they have brought."""

    def __init__(self, service: Service) -> None:
        self._shop = Shop(service)
        self._searches = Searches()
        self._minutes = service.settings.keep

    def prepare(self) -> None:
        """Read the large ones among the page's own catalogues, so that nobody waits for it."""
        for key in self._shop.keys:
            if is_large(catalogue := self._shop.catalogue(self._shop.known(key))):
                self._searches.of(catalogue)

    def reply(self, asked: object) -> dict[str, Any]:
        """`asked` is `{"text", "group", "catalogue", "language", "items"}`, `items` being the ids that are chosen.

        The reply is `{"html", "said", "count"}`: the options, a sentence about them, and how many there are.
        """
        given: Mapping[str, Any] = asked if isinstance(asked, dict) else {}
        words = Words(known(given.get("language")))
        text, group = _text(given.get("text")), _text(given.get("group"))
        try:
            catalogue = self._shop.catalogue(self._key(given.get("catalogue")))
        except DataError as error:
            return {"html": "", "said": words.error(error), "count": 0}
        found = self._searches.of(catalogue).find(text, group=group)
        items = given.get("items")
        chosen = {one for one in items[:_MOST_CHOSEN] if isinstance(one, str)} if isinstance(items, list) else set()
        said = words("search_found", count=len(found))
        if not found:
            said = words("search_none", text=shown(text)) if text else words("search_begin")
        html = fill("large/found", words.language, found=found, chosen=chosen)
        return {"html": html, "said": said, "count": len(found)}

    def _key(self, key: object) -> str | None:
        """The inventory meant.

        Raises:
            DataError: if it is a visitor's own that is gone.
        """
        text = key if isinstance(key, str) else ""
        if is_key(text) and self._shop.known(text) is None:
            raise DataError("own_gone", minutes=self._minutes)
        return self._shop.known(text)


def routes(finder: Finder) -> list[Route]:
    """The address below the page's own."""

    async def find(request: HttpRequest) -> JSONResponse:
        try:
            asked: Any = await request.json()
        except ValueError:
            asked = None
        return JSONResponse(await run_in_threadpool(finder.reply, asked))

    return [Route(PATH, find, methods=["POST"])]


def _text(value: object) -> str:
    return clean(value[:LONGEST]) if isinstance(value, str) else ""
