"""A request that can be asked: its items found, its model loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from recommender.service.model import Model
from recommender.service.request import Request
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item


@dataclass(frozen=True)
class ResolvedRequest:
    """A request with its items found and its model loaded; `offered` items are on offer, `candidates` are ranked."""

    request: Request
    catalogue: Catalogue
    basket: tuple[Item, ...]
    candidates: tuple[Item, ...]
    model: Model
    offered: int
    viewed: tuple[Item, ...] = ()
    cart: tuple[Item, ...] = ()


class Found(NamedTuple):
    """What a request names, where whoever asks has looked it up already: the items of a catalogue."""

    catalogue: Catalogue
    basket: tuple[Item, ...]
    viewed: tuple[Item, ...] = ()
    cart: tuple[Item, ...] = ()
