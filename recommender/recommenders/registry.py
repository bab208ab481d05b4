"""Every recommender there is, by name: the modules of this folder that state a `RECOMMENDER`, and what is registered.

The command line, the page, the endpoints and the scoreboard ask here and list none themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from recommender import recommenders as folder
from recommender.recommenders.entry import NEEDS, Entry, Material
from recommender.recommenders.ranking import Recommender
from recommender.shop.baskets import Row

_registered: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add a recommender that lives elsewhere, or put it in the place of the one of its name."""
    _registered[entry.name] = entry


def unregister(name: str) -> None:
    """Take back what `register` has added; a recommender of this folder of the same name is there again."""
    _registered.pop(name, None)


def entries() -> dict[str, Entry]:
    """All recommenders by name: in the order of `NEEDS`, and of their names where they need the same."""
    known = {**_of_the_folder(), **_registered}
    return {one.name: one for one in sorted(known.values(), key=lambda one: (NEEDS.index(one.needs), one.name))}


def baselines() -> dict[str, Entry]:
    """Those that need no language model, which is judged by what it adds to them."""
    return {name: entry for name, entry in entries().items() if entry.needs != "model"}


def beside_an_answer() -> dict[str, Entry]:
    """The baselines that are set beside the model's answer to one basket."""
    return {name: entry for name, entry in baselines().items() if entry.explains}


def fit(rows: Sequence[Row], seed: int = 0) -> dict[str, Recommender]:
    """The baselines by name, fitted on the same training rows; without any, those that can do without."""
    given = Material(rows, seed)
    return {name: entry.make(given) for name, entry in baselines().items() if rows or entry.needs != "rows"}


@cache
def _of_the_folder() -> dict[str, Entry]:
    modules = (import_module(f"{folder.__name__}.{found.name}") for found in iter_modules(folder.__path__))
    stated = [module.RECOMMENDER for module in modules if hasattr(module, "RECOMMENDER")]
    return {entry.name: entry for entry in stated}
