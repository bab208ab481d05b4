"""One customer's history up to a moment, and the question what comes next. Items are numbers of their catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.shop.sales.events import BOOKMARK, CART, PURCHASE, RETURN, VIEW


@dataclass(frozen=True)
class History:
    """What one customer did, oldest first: pairs of the event's number (`events.EVENTS`) and the item's."""

    events: tuple[tuple[int, int], ...]

    @classmethod
    def of_basket(cls, bought: tuple[int, ...]) -> History:
        """A history of nothing but purchases."""
        return cls(tuple((PURCHASE, item) for item in bought))

    @property
    def bought(self) -> tuple[int, ...]:
        """Purchases in order, as often as they were made; a return takes out the last one of its item."""
        kept: list[int] = []
        for event, item in self.events:
            if event == PURCHASE:
                kept.append(item)
            elif event == RETURN and item in kept:
                del kept[len(kept) - 1 - kept[::-1].index(item)]
        return tuple(kept)

    @property
    def viewed(self) -> tuple[int, ...]:
        """What was looked at or bookmarked, by the last time, each once; not what was bought or is in the cart."""
        return self._last_of((VIEW, BOOKMARK), {*self.bought, *self.cart})

    @property
    def cart(self) -> tuple[int, ...]:
        """What was put in the cart, each once, in the order of the last time; not what was bought."""
        return self._last_of((CART,), set(self.bought))

    @property
    def returned(self) -> frozenset[int]:
        """What was given back and not bought again."""
        return frozenset(item for event, item in self.events if event == RETURN) - set(self.bought)

    def _last_of(self, kinds: tuple[int, ...], without: set[int]) -> tuple[int, ...]:
        latest = dict.fromkeys(item for event, item in reversed(self.events) if event in kinds and item not in without)
        return tuple(reversed(latest))


@dataclass(frozen=True)
class Question:
    """A history and the item that was bought next; questions of one customer are no independent trials."""

    customer: int
    history: History
    next: int
