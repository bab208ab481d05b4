"""The shops that come with the demo, as `data/catalogues/shops.toml` lists them: nothing else names them one by one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from recommender.language import SOURCE
from recommender.language.text import slug
from recommender.paths import DATA
from recommender.shop.items import Item

# Light on purpose: the command line reads it for its help.
_LIST: Final = DATA / "catalogues" / "shops.toml"


@dataclass(frozen=True)
class ExampleBasket:
    """A customer to begin with: what was bought, the key of the label, and whether the page itself opens with it."""

    key: str
    items: tuple[str, ...]
    of_article: bool = False
    opens: bool = False


@dataclass(frozen=True)
class Shipped:
    """A shipped catalogue and how the page shows it.

    Attributes:
        symbol: a sport or group whose symbol stands for the shop on the page.
        note: key of a sentence to say above its items; empty for none.
        on_page: whether it can be chosen on the page.
    """

    name: str
    symbol: str = ""
    note: str = ""
    on_page: bool = True
    examples: tuple[ExampleBasket, ...] = ()

    @property
    def label(self) -> str:
        """The key of its name."""
        return f"ui_catalogue_{self.name}"


@dataclass(frozen=True)
class Try:
    """Something to type into the shop `shop`, which does not have it; only its names count."""

    shop: str
    item: Item


@cache
def shops() -> dict[str, Shipped]:
    """The shipped shops by name, in the order of the page."""
    return {entry["name"]: _shop(entry) for entry in _read()["shop"]}


@cache
def tries() -> tuple[Try, ...]:
    """What the page offers to type, in its order."""
    return tuple(map(_try, _read()["try"]))


def _shop(entry: Mapping[str, Any]) -> Shipped:
    examples = tuple(
        ExampleBasket(**{**one, "key": f"ui_example_{one['key']}", "items": tuple(one["items"])})
        for one in entry.get("examples", ())
    )
    return Shipped(**{**entry, "examples": examples})


def _try(entry: Mapping[str, str]) -> Try:
    names = {language: name for language, name in entry.items() if language != "shop"}
    item = Item(slug(names[SOURCE]))
    for language, name in names.items():
        item = item.called(language, name)
    return Try(entry["shop"], item)


@cache
def _read() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(_LIST.read_text(encoding="utf-8"))
