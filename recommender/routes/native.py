"""The route `native`: the prompt in the request's own language, such as Arabic, into a model that reads it."""

from __future__ import annotations

from recommender.errors import RequestError
from recommender.language import LANGUAGES
from recommender.language.text import shown
from recommender.routes import diagnosis
from recommender.routes.ask_model import ask_model
from recommender.routes.registry import Route
from recommender.routes.request import Routed, RouteRequest, TextModel


def take(asked: RouteRequest) -> Routed:
    """Ask the model in the language of the request."""
    return ask_model(asked, asked.language, asked.language)


def check(model: TextModel, language: str) -> None:
    """Refuse a model that prompts in `language` mean nothing to.

    Raises:
        RequestError: if its tokenizer has nothing of it, or it was not trained on any.
    """
    labels = LANGUAGES[language].labels
    sample = " ".join(labels)
    if len(diagnosis.unread(sample, model.tokens)) == len(set(sample.split())):
        seen = shown(diagnosis.as_read(labels[2], model.tokens))
        raise RequestError("native_no_vocabulary", model=model.name, seen=seen)
    if not model.reads(language):
        raise RequestError("native_not_trained", model=model.name)


ROUTE = Route("native", take, asks="own", check=check)
