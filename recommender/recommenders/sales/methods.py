"""The counting methods by name: how each is fitted, and between which settings its validation chooses."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Final

import numpy as np

from recommender.recommenders.sales import pairs, popular, together, touched, transitions
from recommender.recommenders.sales.chosen import choose
from recommender.recommenders.sales.neighbours import Neighbours
from recommender.recommenders.sales.numbered import Scorer
from recommender.recommenders.sales.pasts import Kinds
from recommender.recommenders.sales.sparse import WHOLE
from recommender.shop.sales.events import BOOKMARK, CART, PURCHASE, RETURN, VIEW
from recommender.shop.sales.history import Question
from recommender.shop.sales.sales import Sales

Settings = Mapping[str, Any]
LARGE: Final = 1000
"""Items from which a table takes so long that only what leaves it as it is is chosen for EASE."""
NEVER: Final = 1000.0
"""A half-life of so many periods is as good as none, and a number that JSON has."""
HALF_LIVES: Final = (NEVER, 0.5, 0.25, 0.1)
"""Shares of the period after which a purchase counts half."""
ALWAYS: Final = ("popularity", "transitions")
"""What is quick and can't be done without, however little time there is."""
WEIGHTS: Final = {VIEW: "view", BOOKMARK: "bookmark", CART: "cart", RETURN: "back"}
"""The settings that say what an event counts beside a purchase."""


@dataclass(frozen=True)
class Method:
    """A method: fitting from sales and settings, and the settings to choose from, the first being the usual one."""

    fit: Callable[[Sales, bool, Settings], Scorer]
    grid: Mapping[str, Sequence[Any]]
    events: bool = True
    """Whether it weighs kinds of events."""
    whole: bool = False
    """Whether it needs a table of all items by all items."""


def _kinds(settings: Settings) -> Kinds:
    return (
        float(settings.get("view", 0.0)),
        float(settings.get("bookmark", 0.0)),
        float(settings.get("cart", 0.0)),
        1.0,
        float(settings.get("back", 0.0)),
    )


def _transitions(sales: Sales, repeats: bool, chosen: Settings) -> Neighbours:
    return transitions.fit(
        sales,
        repeats=repeats,
        decay=chosen.get("decay", 0.0),
        prior=chosen.get("prior", 5.0),
        kinds=_kinds(chosen),
        half_life=chosen.get("half_life", NEVER),
    )


def _pairs(sales: Sales, repeats: bool, chosen: Settings) -> Scorer:
    below = _transitions(sales, repeats, {**chosen, "prior": 5.0})
    return pairs.fit(sales, below, repeats=repeats, prior=chosen["prior"], half_life=chosen["half_life"])


def _knn(sales: Sales, repeats: bool, chosen: Settings) -> Neighbours:
    return together.fit_knn(sales, shrink=chosen["shrink"], kinds=_kinds(chosen), half_life=chosen["half_life"])


def _ease(sales: Sales, repeats: bool, chosen: Settings) -> Neighbours:
    return together.fit_ease(sales, penalty=chosen["penalty"], kinds=_kinds(chosen), half_life=chosen["half_life"])


def _mixed(table: Callable[[Sales, bool, Settings], Neighbours]) -> Callable[[Sales, bool, Settings], Scorer]:
    """A table's method with the settings that leave the table as it is."""

    def fit_it(sales: Sales, repeats: bool, chosen: Settings) -> Scorer:
        return replace(table(sales, repeats, chosen), decay=chosen["decay"], smoothing=chosen["smoothing"])

    return fit_it


METHODS: Final[Mapping[str, Method]] = {
    "popularity": Method(
        lambda sales, repeats, chosen: popular.fit(sales, chosen["half_life"]),
        {"half_life": (*HALF_LIVES, 0.03)},
        events=False,
    ),
    "touched": Method(
        lambda sales, repeats, chosen: touched.fit(sales, repeats=repeats, half_life=chosen["half_life"]),
        {"half_life": HALF_LIVES},
        events=False,
    ),
    "transitions": Method(
        _transitions,
        {"half_life": HALF_LIVES, "decay": (0.0, 0.2, 0.35, 0.5, 0.7), "prior": (5.0, 1.0, 20.0, 80.0)},
    ),
    "pairs": Method(
        _pairs, {"half_life": HALF_LIVES, "decay": (0.0, 0.2, 0.35, 0.5), "prior": (10.0, 2.0, 40.0, 160.0)}
    ),
    "item-knn": Method(
        _mixed(_knn),
        {
            "half_life": HALF_LIVES,
            "decay": (1.0, 0.9, 0.7, 0.5),
            "smoothing": (0.1, 0.03, 0.3),
            "shrink": (0.0, 10.0, 50.0),
        },
        whole=True,
    ),
    "ease": Method(
        _mixed(_ease),
        {
            "half_life": HALF_LIVES,
            "decay": (1.0, 0.9, 0.7, 0.5),
            "smoothing": (0.1, 0.03, 0.3),
            "penalty": (0.5, 0.1, 2.0),
        },
        whole=True,
    ),
}
"""In the order in which they are shown."""


def tune(
    sales: Sales,
    questions: Sequence[Question],
    *,
    repeats: bool,
    names: Sequence[str] = tuple(METHODS),
    seconds: float = math.inf,
    clock: Callable[[], float] = monotonic,
) -> dict[str, dict[str, Any]]:
    """The settings of each method that answer the questions best; `questions` are of later than `sales`.

    Views, carts, bookmarks and returns count what the questions say that they do, where the sales hold any. Each method
    has its part of the `seconds`, and what others have left of theirs: within them it tries what it can. One whose turn
    comes when they are over is left out, but for those of `ALWAYS`; of more items than `WHOLE` methods that need a
    whole table are, too.
    """
    occurring = np.bincount(sales.events, minlength=PURCHASE + 2) > 0
    items = len(sales.catalogue.items)
    found: dict[str, dict[str, Any]] = {}
    ends = clock() + seconds
    order = sorted(names, key=lambda name: name not in ALWAYS)
    for place, name in enumerate(order):
        now = clock()
        if now >= ends and name not in ALWAYS:
            continue
        mine = now + (ends - now) / (len(order) - place)
        method = METHODS[name]
        if method.whole and items > WHOLE:
            continue
        grid = dict(method.grid)
        if method.events:
            grid |= {
                word: (0.0, -0.5, -1.0) if event == RETURN else (0.0, 0.1, 0.3, 1.0)
                for event, word in WEIGHTS.items()
                if occurring[event]
            }
        if items > LARGE:
            # Age counts as it does for popularity, and what costs a table each is left as usual.
            best = found["popularity"]["half_life"] if "popularity" in found else NEVER
            grid |= {"half_life": (best,)}
            grid |= {usual: grid[usual][:1] for usual in ("penalty", "shrink") if usual in grid}
        fit_one = _remembering(method.fit)
        found[name], _ = choose(
            lambda fit_one=fit_one, **chosen: fit_one(sales, repeats, chosen),
            grid,
            questions,
            items,
            repeats=repeats,
            late=lambda mine=mine: clock() >= mine,  # type: ignore[misc]
        )
    return {name: found[name] for name in names if name in found}


def fit(sales: Sales, settings: Mapping[str, Settings], *, repeats: bool) -> dict[str, Scorer]:
    """The methods that `settings` name, fitted with them."""
    return {name: METHODS[name].fit(sales, repeats, chosen) for name, chosen in settings.items()}


def _remembering(fit_one: Callable[[Sales, bool, Settings], Scorer]) -> Callable[[Sales, bool, Settings], Scorer]:
    """The same, with the last table kept: some settings only say how it is read."""
    last: list[tuple[dict[str, Any], Neighbours]] = []
    reading = ("decay", "smoothing")

    def fit_it(sales: Sales, repeats: bool, chosen: Settings) -> Scorer:
        if "smoothing" not in chosen:
            return fit_one(sales, repeats, chosen)
        key = {name: value for name, value in chosen.items() if name not in reading}
        if not last or last[0][0] != key:
            table = fit_one(sales, repeats, chosen)
            if not isinstance(table, Neighbours):
                return table
            last[:] = [(key, table)]
        return replace(last[0][1], decay=chosen["decay"], smoothing=chosen["smoothing"])

    return fit_it
