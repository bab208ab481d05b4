"""The routes there are, by name, and taking one. Page, command line and endpoints find them here, and only here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final, Literal

from recommender.errors import RequestError
from recommender.language import SOURCE
from recommender.language.text import shown
from recommender.recommenders.ranking import GenerationOptions
from recommender.routes.request import Routed, RouteRequest, TextModel
from recommender.routes.translators import registry as translators
from recommender.routes.translators.base import Translator
from recommender.routes.translators.limits import shared_deadline
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

_GREEDY: Final = GenerationOptions()


def _takes_any(model: TextModel, language: str) -> None:
    """Refuse no model."""


@dataclass(frozen=True)
class Route:
    """One way for a request to reach the model. A module of its own makes it, and `recommender.routes` registers it.

    Attributes:
        name: what a person asks for it by. The page says `ui_route_NAME` and `ui_route_NAME_note` of `strings` for it,
            with underscores for hyphens.
        take: answers a request.
        languages: the codes of those whose requests it is for; None for every language but English, the source.
        asks: whether the model is asked about the very items of the request in the source language or in the request's
            own; None where what it is asked can't be told in advance, as with names by machine.
        translator: the one that it takes where the settings name none; None for a route that can do without.
        ranks: whether there is a ranking in what it yields, without which it can't be measured.
        check: raises `RequestError` for a model that the route is not for, where requests are in a language.
    """

    name: str
    take: Callable[[RouteRequest], Routed]
    languages: tuple[str, ...] | None = None
    asks: Literal["source", "own"] | None = None
    translator: str | None = None
    ranks: bool = True
    check: Callable[[TextModel, str], None] = _takes_any

    def takes(self, language: str) -> bool:
        """Whether it is for requests in `language`."""
        return language != SOURCE if self.languages is None else language in self.languages

    def asked_in(self, language: str) -> str | None:
        """The language in which the model is asked for a request in `language`; None where only taking it tells."""
        return {"source": SOURCE, "own": language}[self.asks] if self.asks else None


_routes: dict[str, Route] = {}


def register(route: Route) -> None:
    """Add a route. The first one for a language is the one that is taken where none is asked for."""
    _routes[route.name] = route


def names() -> tuple[str, ...]:
    """All of them, as they were registered."""
    return tuple(_routes)


def find(name: object) -> Route:
    """The route called `name`.

    Raises:
        RequestError: if there is none.
    """
    if not isinstance(name, str) or name not in _routes:
        raise RequestError("route_unknown", route=shown(str(name)), known=names())
    return _routes[name]


def of_language(language: str) -> tuple[Route, ...]:
    """Those for requests in `language`, the one that is taken by default first."""
    return tuple(route for route in _routes.values() if route.takes(language))


def choices(language: str) -> tuple[Route, ...]:
    """Those that a person may choose between in `language`; none where there is but one."""
    own = of_language(language)
    return own if len(own) > 1 else ()


def default(language: str) -> Route:
    """The one that is taken in `language` where none is asked for."""
    return of_language(language)[0]


def run(
    name: str,
    basket: Sequence[Item],
    candidates: Sequence[Item],
    catalogue: Catalogue,
    model: TextModel,
    *,
    options: GenerationOptions = _GREEDY,
    translator: Translator | None = None,
    language: str = "ar",
) -> Routed:
    """Take the route `name` for a request in `language` and return what it yields.

    A translator's failure is part of that, never raised. The route `direct` is English, whatever `language` says.

    Raises:
        RequestError: for an unknown route, one that needs a translator without one, one that the model is not for, or
            what the model refuses (a prompt too long, nothing left to recommend).
    """
    route = find(name)
    if not candidates:
        raise RequestError("nothing_left")
    if route.translator and translator is None:
        raise RequestError("translator_needed", route=name, known=translators.names())
    begun = perf_counter()
    route.check(model, language)
    with shared_deadline():
        asked = RouteRequest(name, tuple(basket), tuple(candidates), catalogue, model, options, translator, language)
        routed = route.take(asked)
    return replace(routed, translate_ms=(perf_counter() - begun) * 1000 - routed.model_ms)
