"""Where what was typed belongs: the shop among those shown in which something lies near it by its name.

Coffee among cameras has an answer too, for some item is always the likeliest; but the kitchen shop has filters.
"""

from __future__ import annotations

from threading import Lock
from typing import Any, Final, Protocol, cast

from recommender.errors import RecommenderError
from recommender.page.shop import Shop
from recommender.shop.items import Item

NEAR: Final = 0.45
"""Cosine from which something on offer goes with an item."""
NEARER: Final = 0.15
"""By so much another shop must be nearer than the one that is shown."""


class Vectored(Protocol):
    """A model that knows goods by their names."""

    def item_vectors(self, items: list[Item]) -> Any:
        """Unit vectors, shape (items, width)."""
        ...


class Elsewhere:
    """Looks among the shops that came with the demo. Threads may share one."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._lock = Lock()
        self._kept: dict[str, tuple[Vectored, Any]] = {}

    def of(self, model: object, typed: Item, here: str) -> str | None:
        """The key of the shop that fits `typed` much better than `here`; None if none does, or nobody can say."""
        shipped = [key for key in self._shop.keys if self._shop.shipped(key)]
        if here not in shipped or not getattr(model, "knows_goods", False):
            return None
        try:
            own = cast(Vectored, model).item_vectors([typed])[0]
            nearest = {key: float((self._vectors(cast(Vectored, model), key) @ own).max()) for key in shipped}
        except RecommenderError:
            return None  # its files have changed: what is only a hint fails nothing
        best = max(nearest, key=lambda key: nearest[key])
        return best if nearest[best] >= max(NEAR, nearest[here] + NEARER) else None

    def _vectors(self, model: Vectored, key: str) -> Any:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] is not model:
                kept = self._kept[key] = model, model.item_vectors(list(self._shop.catalogue(key)))
            return kept[1]
