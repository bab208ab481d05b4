"""The route `catalogue`: Arabic in, Arabic out, by the reviewed table of names."""

from __future__ import annotations

from dataclasses import replace

from recommender.routes import naming
from recommender.routes.ask_model import ask_model
from recommender.routes.registry import Route
from recommender.routes.request import Routed, RouteRequest


def take(asked: RouteRequest) -> Routed:
    """The English prompt, hence exactly the English ranking."""
    routed = ask_model(asked, "ar", "en", [naming.by_table(asked.items, "ar", "en")])
    return replace(routed, used=ROUTE.name)


ROUTE = Route("catalogue", take, asked_in="en")
