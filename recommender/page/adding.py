"""The form for items that no shop has.

What is typed there is a list of names; each is added, found in the shop, or refused with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from recommender.language.text import clean, name_problem, shown, split_names
from recommender.messages import Message
from recommender.page.state import MAX_NEW, State
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

_MOST_ENTRIES: Final = 20
_MOST_CHARACTERS: Final = 4000


@dataclass(frozen=True)
class TypedName:
    """One press of a button of the form: the text, and whether its names were bought or are on offer."""

    text: str
    bought: bool


@dataclass(frozen=True)
class Added:
    """What came of it, to be said beside the field.

    Attributes:
        left: the names that were refused, as they were typed: they stay in the field to be corrected.
    """

    bought: tuple[Item, ...] = ()
    offered: tuple[Item, ...] = ()
    problems: tuple[Message, ...] = ()
    left: tuple[str, ...] = ()


def read(data: object) -> tuple[TypedName, ...]:
    """The entries in a JSON list of `{"text", "bought"}`; what makes no sense is left out."""
    given = data[:_MOST_ENTRIES] if isinstance(data, list) else []
    return tuple(
        TypedName(one["text"][:_MOST_CHARACTERS], one.get("bought") is True)
        for one in given
        if isinstance(one, dict) and isinstance(one.get("text"), str)
    )


def added(catalogue: Catalogue, state: State, entries: Sequence[TypedName]) -> tuple[State, Added]:
    """The state with the names of `entries`; `catalogue` is its inventory with what was typed before."""
    desk = _Desk(catalogue, state)
    for entry in entries:
        names = split_names(entry.text)
        if not names:
            desk.problems.append(Message("ui_add_nothing"))
        for name in names:
            desk.take(name, entry.bought)
    if desk.is_full:
        desk.problems.append(Message("ui_add_full", {"limit": MAX_NEW}))
    found = Added(tuple(desk.bought), tuple(desk.offered), tuple(desk.problems), tuple(desk.left))
    return replace(state, items=tuple(desk.items), new=tuple(desk.new)), found


class _Desk:
    """One form's names on their way into a state."""

    def __init__(self, catalogue: Catalogue, state: State) -> None:
        self.catalogue = catalogue
        self.language = state.language
        self.items, self.new = list(state.items), list(state.new)
        self.bought: list[Item] = []
        self.offered: list[Item] = []
        self.problems: list[Message] = []
        self.left: list[str] = []
        self.is_full = False

    def take(self, name: str, bought: bool) -> None:
        if problem := name_problem(name):
            self.problems.append(Message(problem, {"name": shown(name)}))
            self.left.append(name)
        elif known := self.catalogue.find(name):
            if known not in (*self.bought, *self.offered):
                self.problems.append(Message("ui_notice_known", {"name": known}))
            if bought:
                self._buy(known)
        elif len(self.new) >= MAX_NEW:
            self.is_full = True
            self.left.append(name)
        else:
            self.catalogue = self.catalogue.with_items([name], self.language)
            self.new.append(clean(name))
            item = self.catalogue.items[-1]
            if bought:
                self._buy(item)
            else:
                self.offered.append(item)

    def _buy(self, item: Item) -> None:
        if item.id not in self.items:
            self.items.append(item.id)
            self.bought.append(item)
