"""What a visitor has chosen, as it travels between the page, its link and the server.

The server keeps nothing of it. It arrives from outside, so each field that makes no sense becomes its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from recommender.errors import RequestError
from recommender.language import known
from recommender.language.text import clean, split_names
from recommender.page.given import texts
from recommender.page.other import MOST_ITEMS, Other, choosable, read_pairs
from recommender.recommenders.ranking import GenerationOptions
from recommender.routes import registry
from recommender.service.own.keys import is_key

MAX_NEW: Final = 20
"""Typed items that one visitor may have at a time."""
MOST_SEED: Final = 999_999_999
"""The largest seed of the page's field."""
STEPS: Final = 15
"""Steps of the lesson."""
LESSON_MINUTES: Final = (40, 10)
"""How long a lesson may be, the usual one first."""
_MAX_PAIRS: Final = 50
_COMMA: Final = ","


@dataclass(frozen=True)
class State:
    """One visitor's choices.

    Attributes:
        items: ids, in order of purchase; names are understood too.
        route: of a request that is not English; kept, and without effect, while the page is English.
        catalogue: key of one of the page's inventories, None for the first.
        new: typed-in names, bought where `items` has them, else on offer.
        model: key of one of the page's models, None for the first.
        every: whether the chart shows all candidates.
        lesson: step of the lesson that is open, 0 for none.
        given: the basket that a link has put into that step, in place of the step's own.
        other: the second side, while two answers are compared.
        minutes: how long the lesson shall be, one of `LESSON_MINUTES`.
        viewed: those of `items` that were only looked at, and `cart` those that lie in the cart; all others are bought.
    """

    items: tuple[str, ...] = ()
    language: str = "en"
    route: str = registry.default("ar").name
    catalogue: str | None = None
    new: tuple[str, ...] = ()
    model: str | None = None
    options: GenerationOptions = field(default_factory=GenerationOptions)
    every: bool = False
    lesson: int = 0
    given: tuple[str, ...] = ()
    minutes: int = LESSON_MINUTES[0]
    viewed: tuple[str, ...] = ()
    cart: tuple[str, ...] = ()
    other: Other | None = None

    @property
    def own_route(self) -> str | None:
        """The route, where it is one for the language."""
        return self.route if registry.find(self.route).takes(self.language) else None

    @classmethod
    def read(cls, data: object, default: State) -> State:
        """The state in a JSON object; what is missing or makes no sense is as in `default`."""
        given: Mapping[str, Any] = data if isinstance(data, dict) else {}
        route, catalogue, model = given.get("route"), given.get("catalogue"), given.get("model")
        return cls(
            items=texts(given["items"], MOST_ITEMS) if "items" in given else default.items,
            language=known(given.get("language"), default.language),
            route=route if route in choosable() else default.route,
            catalogue=clean(catalogue) if isinstance(catalogue, str) else default.catalogue,
            # One more than are kept, so that the page can say so.
            new=texts(given["new"], MAX_NEW + 1) if "new" in given else default.new,
            model=clean(model) if isinstance(model, str) else default.model,
            options=_options(given),
            every=given.get("every") is True,
            lesson=_step(given.get("lesson")),
            given=texts(given.get("given"), MOST_ITEMS),
            minutes=_minutes(given.get("minutes")),
            viewed=texts(given.get("viewed"), MOST_ITEMS),
            cart=texts(given.get("cart"), MOST_ITEMS),
            other=Other.read(given.get("other")),
        )

    def to_json(self) -> dict[str, object]:
        """What `read` reads."""
        return {
            "items": list(self.items),
            "language": self.language,
            "route": self.route,
            "catalogue": self.catalogue,
            "new": list(self.new),
            "model": self.model,
            "temperature": self.options.temperature,
            "top_k": self.options.top_k,
            "top_p": self.options.top_p,
            "seed": self.options.seed,
            "every": self.every,
            "lesson": self.lesson,
            "given": list(self.given),
            "minutes": self.minutes,
            "viewed": list(self.viewed),
            "cart": list(self.cart),
            "other": self.other.to_json() if self.other else None,
        }

    def to_link(self) -> str:
        """The query of the page's address: basket, language, route, inventory, typed items and the lesson's step.

        Where two answers are compared, the second side too, and the model where the other's is another one. Of a
        visitor's own shop nothing is in it: neither its key nor what it sells.
        """
        if is_key(self.catalogue):
            route = {"route": self.own_route} if self.own_route else {}
            return "?" + urlencode({"lang": self.language, **route, **self._beside(with_items=False)})
        pairs = {"items": _COMMA.join(self.items), "lang": self.language}
        if self.own_route:
            pairs["route"] = self.own_route
        if self.catalogue:
            pairs["catalogue"] = self.catalogue
        for name, marked in (("viewed", self.viewed), ("cart", self.cart)):
            if marked:
                pairs[name] = _COMMA.join(marked)
        if self.new:
            pairs["new"] = _COMMA.join(self.new)
        if self.lesson:
            pairs["lesson"] = str(self.lesson)
            if self.minutes != LESSON_MINUTES[0]:
                pairs["minutes"] = str(self.minutes)
        return "?" + urlencode(pairs | self._beside(), quote_via=quote, safe=_COMMA)

    def _beside(self, with_items: bool = True) -> dict[str, str]:
        """What the address says of the second side, and of what it shares with the first that else isn't there."""
        if self.other is None:
            return {}
        second, pairs = self.other.of(self), {}
        if self.other.model and self.model:
            pairs["model"] = self.model
        if second.own_route and not self.own_route:
            pairs["beside-route"] = second.own_route
        return self.other.to_pairs(with_items) | pairs


def read_link(query: str) -> dict[str, object]:
    """What a page's address says of the state, as `State.read` takes it; what it doesn't mention is not there."""
    if query.count("&") > _MAX_PAIRS:
        return {}
    pairs = dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
    given: dict[str, object] = {name: pairs[name] for name in ("route", "catalogue", "model") if name in pairs}
    given |= {name: split_names(pairs[name]) for name in ("items", "new", "viewed", "cart") if name in pairs}
    if other := read_pairs(pairs):
        given["other"] = other
    if _step(pairs.get("lesson")):
        # A step that is opened with a basket keeps to it.
        given |= {"lesson": pairs["lesson"], "given": given.get("items", []), "minutes": pairs.get("minutes")}
    return given | {"language": pairs["lang"]} if "lang" in pairs else given


def _step(value: object) -> int:
    """A step of the lesson, from a number or the digits of an address; 0 for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 2:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= STEPS else 0


def _minutes(value: object) -> int:
    """One of the lengths that a lesson may have, from a number or its digits; the usual one for anything else."""
    known = {str(minutes): minutes for minutes in LESSON_MINUTES}
    return known.get(str(value) if isinstance(value, int | str) else "", LESSON_MINUTES[0])


def _options(given: Mapping[str, Any]) -> GenerationOptions:
    kinds: dict[str, type] = {"temperature": float, "top_k": int, "top_p": float, "seed": int}
    kept: dict[str, Any] = {}
    for name in kinds.keys() & given.keys():
        try:
            value = kinds[name](given[name])
            GenerationOptions(**{name: value})
        except (TypeError, ValueError, OverflowError, RequestError):
            continue  # the others stand
        kept[name] = value
    return GenerationOptions(**kept)
