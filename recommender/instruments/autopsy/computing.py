"""Translation autopsy: one basket by several Arabic routes, whatever language it is asked in."""

from __future__ import annotations

from typing import Final

from recommender.errors import RecommenderError
from recommender.instruments.subject import Subject
from recommender.routes import registry

ByRoute = tuple[tuple[str, object], ...]
"""Each route, with its `Answer` or the `RecommenderError` that there is instead."""
STUDIED: Final = "ar"
"""The language whose routes are compared: the one that the article translated."""


def own_routes() -> tuple[str, ...]:
    """The routes that need no translator."""
    return tuple(route.name for route in registry.of_language(STUDIED) if not route.translator)


def by_own_routes(subject: Subject) -> ByRoute:
    """The basket by the routes that need no translator."""
    return tuple((route, subject.by_route(STUDIED, route)) for route in own_routes())


def by_routes(subject: Subject) -> ByRoute:
    """The basket by every route. Where no translator is to be had, a labelled simulation shows what the article met."""
    routes = registry.of_language(STUDIED)
    found = tuple((route.name, subject.by_route(STUDIED, route.name)) for route in routes)
    if all(_arrived(answer) for route, (_, answer) in zip(routes, found, strict=True) if route.translator):
        return found
    return tuple((route.name, subject.by_route(STUDIED, route.name, simulate=True)) for route in routes)


def _arrived(answer: object) -> bool:
    """Whether a route was taken to its end: not broken off, and not left for another one."""
    return not isinstance(answer, RecommenderError) and getattr(answer, "reason", None) is None
