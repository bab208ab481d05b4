"""Taking a route by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Final

from recommender.errors import RequestError
from recommender.language.text import shown
from recommender.recommenders.ranking import GenerationOptions
from recommender.routes import closed
from recommender.routes.article import google_article
from recommender.routes.request import Asked, Routed, TextModel
from recommender.routes.translators.base import TRANSLATORS, Translator
from recommender.routes.translators.deadline import shared_deadline
from recommender.shop.catalogue import Catalogue, Item

_TAKEN: Final[Mapping[str, Callable[[Asked], Routed]]] = {
    "direct": closed.direct,
    "catalogue": closed.catalogue,
    "native": closed.native,
    "google": closed.google,
    "google-article": google_article,
}
ROUTES: Final = tuple(_TAKEN)
ARABIC_ROUTES: Final = ROUTES[1:]
MACHINE_ROUTES: Final = ("google", "google-article")
"""The routes that need a translator."""

_GREEDY: Final = GenerationOptions()


def run(
    route: str,
    basket: Sequence[Item],
    candidates: Sequence[Item],
    catalogue: Catalogue,
    model: TextModel,
    *,
    options: GenerationOptions = _GREEDY,
    translator: Translator | None = None,
) -> Routed:
    """Take `route` and return what it yields; a translator's failure is part of that, never raised.

    Raises:
        RequestError: for an unknown route, `native` with a model that reads no Arabic, a google route without a
            translator, or what the model refuses (a prompt too long, nothing left to recommend).
    """
    if route not in _TAKEN:
        raise RequestError("route_unknown", route=shown(route), known=ROUTES)
    if not candidates:
        raise RequestError("nothing_left")
    if route in MACHINE_ROUTES and translator is None:
        raise RequestError("translator_needed", route=route, known=TRANSLATORS)
    begun = perf_counter()
    with shared_deadline():
        asked = Asked(route, tuple(basket), tuple(candidates), catalogue, model, options, translator)
        routed = _TAKEN[route](asked)
    return replace(routed, translate_ms=(perf_counter() - begun) * 1000 - routed.model_ms)
