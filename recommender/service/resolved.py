"""A request that can be asked: its items found, its model loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from recommender.service.candidates import Considered
from recommender.service.model import Model
from recommender.service.request import Request
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item


@dataclass(frozen=True)
class ResolvedRequest:
    """A request with its items found and its model loaded; of what is on offer the `considered` items are ranked."""

    request: Request
    catalogue: Catalogue
    basket: tuple[Item, ...]
    considered: Considered
    model: Model
    viewed: tuple[Item, ...] = ()
    cart: tuple[Item, ...] = ()

    @property
    def candidates(self) -> tuple[Item, ...]:
        """What is ranked, in catalogue order."""
        return self.considered.items


class Found(NamedTuple):
    """What a request names, where whoever asks has looked it up already: the items of a catalogue."""

    catalogue: Catalogue
    basket: tuple[Item, ...]
    viewed: tuple[Item, ...] = ()
    cart: tuple[Item, ...] = ()
