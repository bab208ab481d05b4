"""Taking a route by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Final

from recommender.errors import RequestError
from recommender.language import SOURCE
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
"""For every language that is not the prompt's own, English; Arabic is the one that they were made for."""
MACHINE_ROUTES: Final = ("google", "google-article")
"""The routes that need a translator."""

_GREEDY: Final = GenerationOptions()


def routes_of(language: str) -> tuple[str, ...]:
    """The routes for requests in `language`, its own one first."""
    return ROUTES[:1] if language == SOURCE else ARABIC_ROUTES


def run(
    route: str,
    basket: Sequence[Item],
    candidates: Sequence[Item],
    catalogue: Catalogue,
    model: TextModel,
    *,
    options: GenerationOptions = _GREEDY,
    translator: Translator | None = None,
    language: str = "ar",
) -> Routed:
    """Take `route` for a request in `language`; a translator's failure is part of what it yields, never raised.

    The route `direct` is English, whatever `language` says.

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
        asked = Asked(route, tuple(basket), tuple(candidates), catalogue, model, options, translator, language)
        routed = _TAKEN[route](asked)
    return replace(routed, translate_ms=(perf_counter() - begun) * 1000 - routed.model_ms)
