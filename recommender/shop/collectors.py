"""Customers who collect one kind of thing, whatever activity it is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Labelled(Protocol):
    """What is read of an item here; an empty string is an unknown sport or role."""

    @property
    def sport(self) -> str:
        """Kebab-case activity."""
        ...

    @property
    def role(self) -> str:
        """Kind of thing, as `ball` or `top`."""
        ...


def is_collector(basket: Sequence[Labelled], *, sport_may_be_unknown: bool = False) -> bool:
    """Whether the basket has three items or more, each of another sport and all of one known role.

    With `sport_may_be_unknown` an unknown sport is one more sport. So the law of customers has it, which the shipped
    checkpoint was taught by; who judges an answer has to know every sport.
    """
    sports, roles = {item.sport for item in basket}, {item.role for item in basket}
    if len(basket) < 3 or len(sports) < len(basket) or len(roles) > 1 or "" in roles:
        return False
    return sport_may_be_unknown or "" not in sports
