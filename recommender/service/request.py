"""What may be asked, and the items that a request names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from recommender.errors import RequestError, UnknownItemError
from recommender.language import LANGUAGES, SOURCE, by_letters
from recommender.language.text import clean, shown
from recommender.recommenders.ranking import GenerationOptions
from recommender.routes import Route, registry
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

MAX_ITEMS: Final = 1000
"""Items that a request may name: more than any model's prompt holds, few enough to say so at once."""


@dataclass(frozen=True)
class Request:
    """One question: what next for this basket?

    Attributes:
        basket: names in either language, aliases or ids, in order of purchase.
        language: of the names asked for, a code of `LANGUAGES`.
        route: None for `direct` in English and `catalogue` in Arabic.
        catalogue: name or path; None for the model's own, or else `sports`.
        model: None for the settings' one.
        new: names of items that are in no catalogue: bought where the basket names them, else on offer.
        viewed: what the customer has looked at, as the basket names it, and `cart` what lies in the cart; both are
            still on offer. The basket may be empty where there is any.
    """

    basket: Sequence[str]
    language: str = "en"
    route: str | None = None
    catalogue: str | None = None
    model: str | None = None
    new: Sequence[str] = ()
    options: GenerationOptions = field(default_factory=GenerationOptions)
    viewed: Sequence[str] = ()
    cart: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse what no answer can come of; nothing is taken on trust, for programs send requests too.

        The lists become tuples, without names that are white space only.

        Raises:
            RequestError: naming the field, its value and what may stand there.
        """
        for name in ("basket", "new", "viewed", "cart"):
            object.__setattr__(self, name, _names(name, getattr(self, name)))
        for name in ("catalogue", "model"):
            if not isinstance(getattr(self, name), str | None):
                raise RequestError("service_not_text", field=name)
        if not isinstance(self.options, GenerationOptions):
            raise RequestError("service_not_options")
        check_route(self.route, self.language)
        if not (self.basket or self.viewed or self.cart):
            raise RequestError("empty_basket")

    @property
    def asked(self) -> str:
        """The route asked for, or the language's own."""
        return check_route(self.route, self.language)

    def foreseeable(self) -> Request:
        """The request whose answer is explained: this one, or the same by the language's own route.

        The latter where what the model is asked can't be told in advance: a machine's translations differ from call to
        call.
        """
        own = registry.default(self.language).name
        return replace(self, route=own) if registry.find(self.asked).asked_in(self.language) is None else self


def check_route(route: str | None, language: str) -> str:
    """The route to take for a language: the one asked for, or by default `direct` in English, `catalogue` in Arabic.

    Raises:
        RequestError: if there is no such language or route, or the route is for the other language.
    """
    if not isinstance(language, str) or language not in LANGUAGES:
        raise RequestError("service_language", value=shown(str(language)), known=tuple(LANGUAGES))
    if route is None:
        return registry.default(language).name
    found = registry.find(route)
    if not found.takes(language):
        raise _elsewhere(found)
    return route


def _elsewhere(route: Route) -> RequestError:
    """That a route is asked for in a language that it is not for."""
    if route.languages is None:
        return RequestError("service_route_is_arabic", route=route.name)
    if SOURCE in route.languages:
        return RequestError("service_route_is_english", route=route.name)
    return RequestError("service_route_is_for", route=route.name, known=route.languages)


def find_all(names: Iterable[str], catalogue: Catalogue) -> list[Item]:
    """The items with these names, order kept.

    Raises:
        UnknownItemError: for the first name that the catalogue does not have, with the nearest that it has.
        RequestError: for the first item named twice, but where goods are bought again.
    """
    found: list[Item] = []
    named: set[str] = set()
    for name in names:
        item = catalogue.find(name)
        if item is None:
            raise _unknown(name, catalogue)
        if item.id in named and not catalogue.repeats:
            raise RequestError("duplicate_item", name=shown(name))
        named.add(item.id)
        found.append(item)
    return found


def _unknown(name: str, catalogue: Catalogue) -> UnknownItemError:
    language = by_letters(name)
    # The nearest of a text without end would be searched for without end.
    nearest = tuple(item.name(language) for item in catalogue.nearest(clean(name)))
    if not nearest:
        return UnknownItemError("service_unlike_any", name=shown(name), catalogue=shown(catalogue.name))
    return UnknownItemError("unknown_item", name=shown(name), nearest=nearest)


def _names(field_name: str, value: object) -> tuple[str, ...]:
    """The texts of a list that are more than white space."""
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise RequestError("service_not_names", field=field_name)
    if len(value) > MAX_ITEMS:
        raise RequestError("service_too_many", field=field_name, count=len(value), limit=MAX_ITEMS)
    return tuple(name for name in value if clean(name))
