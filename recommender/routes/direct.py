"""The route `direct`: English in, English out."""

from __future__ import annotations

from recommender.language import SOURCE
from recommender.routes.ask_model import ask_model
from recommender.routes.registry import Route
from recommender.routes.request import Routed, RouteRequest


def take(asked: RouteRequest) -> Routed:
    """Ask the model in English."""
    return ask_model(asked, SOURCE, SOURCE)


ROUTE = Route("direct", take, languages=(SOURCE,), asks="source")
