"""What a customer can do with an item."""

from __future__ import annotations

from typing import Final

EVENTS: Final = ("view", "bookmark", "cart", "purchase", "return")
"""By the number that arrays hold, from the least to the most that it says; a return takes a purchase back."""

VIEW, BOOKMARK, CART, PURCHASE, RETURN = range(len(EVENTS))
