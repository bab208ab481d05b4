"""A request that can be asked: its items found, its model loaded."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.language import SOURCE
from recommender.service.model import Model
from recommender.service.request import Request
from recommender.shop.catalogue import Catalogue, Item


def asked_in(route: str, language: str) -> str | None:
    """The language in which a route asks the model for a request in `language`; None where only taking it tells."""
    return {"direct": SOURCE, "catalogue": SOURCE, "native": language}.get(route)


@dataclass(frozen=True)
class Case:
    """A request with its items found and its model loaded."""

    request: Request
    catalogue: Catalogue
    basket: tuple[Item, ...]
    candidates: tuple[Item, ...]
    model: Model
