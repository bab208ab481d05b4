"""Translation autopsy: one basket by several Arabic routes, whatever language it is asked in."""

from __future__ import annotations

from typing import Final

from recommender.errors import RecommenderError
from recommender.instruments.subject import Subject
from recommender.routes import ARABIC_ROUTES, MACHINE_ROUTES

ByRoute = tuple[tuple[str, object], ...]
"""Each route, with its `Answer` or the `RecommenderError` that there is instead."""
OWN_ROUTES: Final = tuple(route for route in ARABIC_ROUTES if route not in MACHINE_ROUTES)
"""Those that need no translator."""


def by_own_routes(subject: Subject) -> ByRoute:
    """The basket by the routes that need no translator."""
    return tuple((route, subject.by_route("ar", route)) for route in OWN_ROUTES)


def by_routes(subject: Subject) -> ByRoute:
    """The basket by every route. Where no translator is to be had, a labelled simulation shows what the article met."""
    found = tuple((route, subject.by_route("ar", route)) for route in ARABIC_ROUTES)
    if all(_arrived(answer) for route, answer in found if route in MACHINE_ROUTES):
        return found
    return tuple((route, subject.by_route("ar", route, simulate=True)) for route in ARABIC_ROUTES)


def _arrived(answer: object) -> bool:
    """Whether a route was taken to its end: not broken off, and not left for another one."""
    return not isinstance(answer, RecommenderError) and getattr(answer, "reason", None) is None
