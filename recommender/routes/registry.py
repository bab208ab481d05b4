"""The routes there are, by name, and taking one. Page, command line and endpoints find them here, and only here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

from recommender.errors import RequestError
from recommender.language.text import shown
from recommender.recommenders.ranking import GenerationOptions
from recommender.routes.request import Routed, RouteRequest, TextModel
from recommender.routes.translators import registry as translators
from recommender.routes.translators.base import Translator
from recommender.routes.translators.limits import shared_deadline
from recommender.shop.catalogue import Catalogue, Item

_GREEDY: Final = GenerationOptions()


def _takes_any(model: TextModel) -> None:
    """Refuse no model."""


@dataclass(frozen=True)
class Route:
    """One way for a request to reach the model. A module of its own makes it, and `recommender.routes` registers it.

    Attributes:
        name: what a person asks for it by. The page says `ui_route_NAME` and `ui_route_NAME_note` of `strings` for it,
            with underscores for hyphens.
        take: answers a request.
        is_english: whether it is for English requests; any other route is for Arabic ones.
        asked_in: the language in which the model is asked about the very items of the request; None where what it is
            asked can't be told in advance, as with names by machine.
        translator: the one that it takes where the settings name none; None for a route that can do without.
        ranks: whether there is a ranking in what it yields, without which it can't be measured.
        check: raises `RequestError` for a model that the route is not for.
    """

    name: str
    take: Callable[[RouteRequest], Routed]
    is_english: bool = False
    asked_in: str | None = None
    translator: str | None = None
    ranks: bool = True
    check: Callable[[TextModel], None] = _takes_any

    def takes(self, language: str) -> bool:
        """Whether it is for requests in `language`."""
        return (language == "en") == self.is_english


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
) -> Routed:
    """Take the route `name` and return what it yields; a translator's failure is part of that, never raised.

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
    route.check(model)
    with shared_deadline():
        asked = RouteRequest(name, tuple(basket), tuple(candidates), catalogue, model, options, translator)
        routed = route.take(asked)
    return replace(routed, translate_ms=(perf_counter() - begun) * 1000 - routed.model_ms)
