"""The second side of a comparison: what of it is not as the page's own choices have it, on its way with them.

The page's state is side A; side B is that state with these few values in place of its own. It arrives from outside, so
what makes no sense is as if it were not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from recommender.language import LANGUAGES
from recommender.language.text import clean, split_names
from recommender.page.given import texts
from recommender.routes import registry

if TYPE_CHECKING:
    from recommender.page.state import State

MOST_ITEMS: Final = 500
"""Items that a basket may have."""
_KEY: Final = "beside"
_COMMA: Final = ","
_BASKET: Final = ("items", "viewed", "cart")
_WORDS: Final = {"language": "lang", "route": "route", "model": "model"}
"""The other fields, and what an address calls them."""


@dataclass(frozen=True)
class Other:
    """What is different on side B; None where it is as on side A.

    Attributes:
        items: its basket, ticked as `viewed` and `cart` say; those two count only where there are `items`.
    """

    items: tuple[str, ...] | None = None
    viewed: tuple[str, ...] = ()
    cart: tuple[str, ...] = ()
    language: str | None = None
    route: str | None = None
    model: str | None = None

    @classmethod
    def read(cls, data: object) -> Other | None:
        """The second side in a JSON object; None where nothing is compared."""
        if not isinstance(data, dict):
            return None
        given: Mapping[str, Any] = data
        language, route, model = (given.get(name) for name in _WORDS)
        has_basket = isinstance(given.get("items"), list | tuple)
        return cls(
            **{name: texts(given.get(name), MOST_ITEMS) for name in _BASKET if has_basket},
            language=language if isinstance(language, str) and language in LANGUAGES else None,
            route=route if route in choosable() else None,
            model=clean(model) or None if isinstance(model, str) else None,
        )

    def to_json(self) -> dict[str, object]:
        """What `read` reads."""
        basket = {name: list(getattr(self, name)) for name in ("viewed", "cart")}
        items = None if self.items is None else list(self.items)
        return {"items": items, **basket, **{name: getattr(self, name) for name in _WORDS}}

    def to_pairs(self, with_items: bool = True) -> dict[str, str]:
        """What a page's address says of it; without items, where they are a visitor's own business."""
        pairs = {f"{_KEY}-{word}": value for name, word in _WORDS.items() if (value := getattr(self, name))}
        if with_items and self.items is not None:
            lists = {name: getattr(self, name) for name in _BASKET}
            pairs |= {f"{_KEY}-{name}": _COMMA.join(ids) for name, ids in lists.items() if ids or name == "items"}
        return {_KEY: "1", **pairs} if pairs or with_items else {}

    def of(self, state: State) -> State:
        """Side B as choices of their own; `state` is side A."""
        values: dict[str, Any] = {name: value for name in _WORDS if (value := getattr(self, name)) is not None}
        if self.items is not None:
            values |= {name: getattr(self, name) for name in _BASKET}
        return replace(state, other=None, lesson=0, given=(), **values)


def read_pairs(pairs: Mapping[str, str]) -> dict[str, object] | None:
    """What an address says of a second side, as `Other.read` takes it; None where it speaks of none."""
    if not any(name == _KEY or name.startswith(f"{_KEY}-") for name in pairs):
        return None
    found: dict[str, object] = {name: pairs.get(f"{_KEY}-{word}") for name, word in _WORDS.items()}
    return found | {name: split_names(pairs[key]) for name in _BASKET if (key := f"{_KEY}-{name}") in pairs}


def choosable() -> list[str]:
    """The routes that can be chosen in some language."""
    return [route.name for code in LANGUAGES for route in registry.choices(code)]
