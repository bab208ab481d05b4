"""A request that can be asked: its items found, its model loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from recommender.service.model import Model
from recommender.service.request import Request
from recommender.shop.catalogue import Catalogue, Item

ASKED_IN: Final = {"direct": "en", "catalogue": "en", "native": "ar"}
"""The language that a route asks the model in; the other routes' questions can't be told in advance."""


@dataclass(frozen=True)
class ResolvedRequest:
    """A request with its items found and its model loaded."""

    request: Request
    catalogue: Catalogue
    basket: tuple[Item, ...]
    candidates: tuple[Item, ...]
    model: Model
