"""What an item was ticked as: bought, in the cart, or looked at. One button beside it says so, and changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from recommender.page.shop import Chosen

KINDS: Final = ("bought", "cart", "viewed")
"""In the order in which the button goes through them."""


class Mark(NamedTuple):
    """What an item is ticked as, and what the button makes of it."""

    kind: str
    next: str


def marks_of(chosen: Chosen) -> Mapping[str, Mark]:
    """The mark of each ticked item, by id."""
    kinds = {item.id: "cart" for item in chosen.cart} | {item.id: "viewed" for item in chosen.viewed}
    return {item.id: _mark(kinds.get(item.id, KINDS[0])) for item in chosen.ticked}


def _mark(kind: str) -> Mark:
    return Mark(kind, KINDS[(KINDS.index(kind) + 1) % len(KINDS)])
