"""The route `catalogue`: Arabic (or another language) in and out, by the reviewed table of names."""

from __future__ import annotations

from dataclasses import replace

from recommender.language import SOURCE
from recommender.routes import naming
from recommender.routes.ask_model import ask_model
from recommender.routes.registry import Route
from recommender.routes.request import Routed, RouteRequest


def take(asked: RouteRequest) -> Routed:
    """The English prompt, hence exactly the English ranking."""
    routed = ask_model(asked, asked.language, SOURCE, [naming.by_table(asked.items, asked.language, SOURCE)])
    return replace(routed, used=ROUTE.name)


ROUTE = Route("catalogue", take, asks="source")
