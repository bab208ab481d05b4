"""The route `native`: the Arabic prompt into a model that reads Arabic."""

from __future__ import annotations

from recommender.errors import RequestError
from recommender.language.text import shown
from recommender.prompt import LABELS
from recommender.routes import diagnosis
from recommender.routes.ask_model import ask_model
from recommender.routes.registry import Route
from recommender.routes.request import Routed, RouteRequest, TextModel


def take(asked: RouteRequest) -> Routed:
    """Ask the model in Arabic."""
    return ask_model(asked, "ar", "ar")


def check(model: TextModel) -> None:
    """Refuse a model that Arabic prompts mean nothing to.

    Raises:
        RequestError: if its tokenizer has no Arabic, or it was not trained on any.
    """
    sample = " ".join(LABELS["ar"])
    if len(diagnosis.unread(sample, model.tokens)) == len(set(sample.split())):
        seen = shown(diagnosis.as_read(LABELS["ar"][2], model.tokens))
        raise RequestError("native_no_vocabulary", model=model.name, seen=seen)
    if not model.reads_arabic:
        raise RequestError("native_not_trained", model=model.name)


ROUTE = Route("native", take, asked_in="ar", check=check)
