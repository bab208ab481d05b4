"""What the page offers: its inventories by key, their example customers, what most customers buy.

`Shop.choose` finds the items that a visitor's choices name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from recommender.errors import DataError
from recommender.language.text import clean, name_problem, shown
from recommender.messages import Message
from recommender.page.state import MAX_NEW, State
from recommender.paths import DATA
from recommender.service import Service
from recommender.service.own.keys import is_key
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.shipped import ExampleBasket, Shipped, Try, shops, tries

_BASKETS: Final = DATA / "baskets.csv"


@dataclass(frozen=True)
class Chosen:
    """A state with its items found: `state` as it really is, and notes on what had to be left out.

    Attributes:
        basket: what was bought, in order; `viewed` what was only looked at, and `cart` what lies in the cart.
    """

    state: State
    catalogue: Catalogue
    basket: tuple[Item, ...]
    notices: tuple[Message, ...]
    viewed: tuple[Item, ...] = ()
    cart: tuple[Item, ...] = ()

    @property
    def ticked(self) -> tuple[Item, ...]:
        """All three, in the order in which they were ticked."""
        return tuple(self.catalogue[item] for item in self.state.items)

    @property
    def typed(self) -> tuple[Item, ...]:
        """The items that the visitor typed in."""
        return self.catalogue.items[len(self.catalogue) - len(self.state.new) :] if self.state.new else ()


class Shop:
    """The inventories a visitor may choose from, by key; the first is the settings' own."""

    def __init__(self, service: Service) -> None:
        """Read the inventories.

        Raises:
            DataError: if one can't be used.
        """
        self._service = service
        settings = service.settings
        own = service.catalogue()
        folder = settings.model if (Path(settings.model) / "catalogue.csv").is_file() else None
        # Only these can be asked for: a path out of a visitor's link is never opened.
        self._names: dict[str, str | None] = {own.name: settings.catalogue or folder}
        for shop in shops().values():
            if shop.on_page:
                self._names.setdefault(shop.name, shop.name)

    @property
    def keys(self) -> tuple[str, ...]:
        """The inventories' keys, the default first."""
        return tuple(self._names)

    def known(self, key: str) -> str | None:
        """`key` if it is another inventory than the default one, a visitor's own included; else None."""
        if is_key(key):
            return key if self._service.own.shops.stocked(key) else None
        return key if key in self._names and key != self.keys[0] else None

    def name_of(self, key: str | None) -> str | None:
        """What the service calls the inventory `key`."""
        if is_key(key):
            return key
        return self._names[key or self.keys[0]]

    def model_of(self, key: str | None) -> str | None:
        """What the service calls the model that was trained for the visitor's shop `key`; None if there is none."""
        return key if is_key(key) and self._service.own.is_trained(key) else None

    def catalogue(self, key: str | None) -> Catalogue:
        """The inventory `key`."""
        return self._service.catalogue(self.name_of(key))

    def examples(self, key: str | None) -> tuple[ExampleBasket, ...]:
        """The example customers of an inventory; none of a shop that didn't come with the demo."""
        catalogue, shipped = self.catalogue(key), self.shipped(key)
        examples = shipped.examples if shipped else ()
        return tuple(one for one in examples if all(item in catalogue for item in one.items))

    def shipped(self, key: str | None) -> Shipped | None:
        """How the inventory `key` is shown, if it came with the demo."""
        return shops().get(self.name_of(key) or self.catalogue(key).name)

    def tries(self) -> tuple[Try, ...]:
        """Names to type, each with the inventory that it is typed into."""
        return tuple(one for one in tries() if self.shipped(one.shop))

    def beginning(self, language: str, key: str | None = None) -> State:
        """The state to begin an inventory with: a customer, so that the page has an answer at once."""
        examples = self.examples(key)
        items = examples[0].items if examples else tuple(item.id for item in self.catalogue(key).items[:2])
        return State(items=items, language=language, catalogue=key)

    def opening(self, language: str) -> State:
        """The state that the page opens with: the customer whose answer shows most, if nothing else was asked for."""
        settings = self._service.settings
        shown = [(key, one) for key in self.keys for one in self.examples(key) if one.opens]
        # A shop or a model of one's own comes first; and the article's model knows the sports shop alone.
        if self._names[self.keys[0]] is not None or settings.model != "compact" or not shown:
            return self.beginning(language)
        key, example = shown[0]
        return State(items=example.items, language=language, catalogue=self.known(key))

    def popular(self, key: str | None, count: int = 5) -> list[Item]:
        """What most customers buy; where no purchases are known, one item of each sport."""
        catalogue = self.catalogue(key)
        bought = [catalogue[name] for name, _ in _counts().most_common() if name in catalogue]
        return (bought or [items[0] for items in catalogue.sports().values()])[:count]

    def choose(self, state: State) -> Chosen:
        """Find a state's items; what can't be found is left out, with a note."""
        key = self.known(state.catalogue or "")
        lost = is_key(state.catalogue) and key is None
        if lost:
            begun = self.beginning(state.language)
            state = replace(state, items=begun.items, new=(), cart=(), viewed=())
        catalogue, new, notices = _grown(self.catalogue(key), state.new, state.language)
        basket: dict[str, Item] = {}
        unknown, twice = [], []
        for text in state.items:
            item = catalogue.find(text)
            if item is None:
                unknown.append(shown(text))
            elif item.id in basket:
                twice.append(item)
            else:
                basket[item.id] = item
        if lost:
            notices.append(Message("own_gone", {"minutes": self._service.settings.keep}))
        if unknown:
            notices.append(Message("ui_notice_unknown", {"names": tuple(dict.fromkeys(unknown))[:10]}))
        if twice:
            notices.append(Message("ui_notice_twice", {"names": tuple(dict.fromkeys(twice))[:10]}))
        cart = _marked(state.cart, catalogue, basket)
        viewed = tuple(item for item in _marked(state.viewed, catalogue, basket) if item not in cart)
        bought = tuple(item for item in basket.values() if item not in cart and item not in viewed)
        found = replace(state, catalogue=key, new=new, items=tuple(basket), cart=_ids(cart), viewed=_ids(viewed))
        return Chosen(found, catalogue, bought, tuple(notices), viewed, cart)


def _marked(names: Sequence[str], catalogue: Catalogue, ticked: Mapping[str, Item]) -> tuple[Item, ...]:
    """The ticked items among `names`, in the order in which they were ticked."""
    meant = {item.id for item in map(catalogue.find, names) if item is not None}
    return tuple(item for item in ticked.values() if item.id in meant)


def _ids(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(item.id for item in items)


def _grown(
    catalogue: Catalogue, names: Sequence[str], language: str
) -> tuple[Catalogue, tuple[str, ...], list[Message]]:
    """The inventory with the typed items that can be, the names that were added, and notes on the others."""
    notices: list[Message] = []
    added: list[str] = []
    for name in names[:MAX_NEW]:
        if problem := name_problem(name):
            notices.append(Message(problem, {"name": shown(name)}))
        elif known := catalogue.find(name):
            notices.append(Message("ui_notice_known", {"name": known}))
        else:
            catalogue = catalogue.with_items([name], language)
            added.append(clean(name))
    if len(names) > MAX_NEW:
        notices.append(Message("ui_notice_too_many", {"limit": MAX_NEW}))
    return catalogue, tuple(added), notices


@cache
def _counts() -> Counter[str]:
    """How often each item was bought, by the training rows of the histories."""
    try:
        rows = baskets.of_split(baskets.load(_BASKETS, Catalogue.load("sports")), "train")
    except DataError:
        return Counter()
    return Counter(item for row in rows for item in (*row.basket, row.next))
