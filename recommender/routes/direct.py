"""The route `direct`: English in, English out."""

from __future__ import annotations

from recommender.routes.ask_model import ask_model
from recommender.routes.registry import Route
from recommender.routes.request import Routed, RouteRequest


def take(asked: RouteRequest) -> Routed:
    """Ask the model in English."""
    return ask_model(asked, "en", "en")


ROUTE = Route("direct", take, is_english=True, asked_in="en")
