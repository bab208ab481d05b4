"""How shops call columns, events and states of an order: what `words.toml` lists, found in any spelling."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from recommender.language.text import match_key
from recommender.shop.sales.events import EVENTS

_LIST: Final = Path(__file__).with_name("words.toml")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def key_of(name: str) -> str:
    """What the spellings of one name of a column, an event or a state have in common."""
    return match_key(_CAMEL.sub(" ", name).replace("_", " ").replace("-", " "))


@cache
def roles() -> Mapping[str, Mapping[str, int]]:
    """For each use of a column the keys of its names, with their rank, 0 the first."""
    return {role: _ranked(names) for role, names in _read("columns").items()}


@cache
def column_names() -> tuple[str, ...]:
    """All names of columns as a header may have them."""
    plain = [name for names in _read("columns").values() for name in names]
    return tuple(
        dict.fromkeys(form for name in plain for form in (name, name.replace(" ", "_"), name.replace(" ", "")))
    )


def is_column(name: str) -> bool:
    """Whether `name` is one of a column."""
    key = key_of(name)
    return any(key in ranks for ranks in roles().values()) or key.startswith("line item")


def event_of(text: str) -> int | None:
    """The number of the event that `text` names, or None."""
    return _events().get(key_of(text))


def is_undone(state: str) -> bool:
    """Whether an order in this state was cancelled, or refunded as a whole."""
    key = key_of(state)
    return key.removeprefix("wc ") in _keys("undone", "states")


def is_no(text: str) -> bool:
    """Whether a cell of a column such as `Cancelled` says no."""
    return not text or key_of(text) in _keys("undone", "no")


def is_nobody(customer: str) -> bool:
    """Whether a customer's cell says that the shop does not know them."""
    return not customer or key_of(customer) in _keys("nobody", "customers")


@cache
def months() -> Mapping[str, int]:
    """The number of each month by the key of its name, 1 to 12."""
    return {match_key(name): int(number) for number, names in _read("months").items() for name in names}


def _ranked(names: Iterable[str]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, name in enumerate(names):
        ranks.setdefault(key_of(name), rank)
    return ranks


@cache
def _events() -> Mapping[str, int]:
    return {key_of(name): EVENTS.index(event) for event, names in _read("events").items() for name in names}


@cache
def _keys(table: str, list_: str) -> frozenset[str]:
    return frozenset(map(key_of, _read(table)[list_]))


@cache
def _read(table: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = tomllib.loads(_LIST.read_text(encoding="utf-8"))[table]
    return found
