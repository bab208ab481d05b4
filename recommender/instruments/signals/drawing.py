"""Bought or only looked at: a column for each state, the item in question marked in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from recommender.instruments.signals.computing import STATES
from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.shop.items import Item

if TYPE_CHECKING:
    from recommender.instruments.signals.computing import Signals
    from recommender.page.scene import Scene

TOP: Final = 4
_COLOURS: Final = {"absent": "popularity", "viewed": "overlap", "cart": "knn", "bought": "t5"}


@dataclass(frozen=True)
class Column:
    """One state: its best items with probability and bar, and where the item in question stands."""

    state: str
    colour: str
    lines: tuple[tuple[Item, str, str, bool], ...]
    told: Markup


def draw(found: Signals, scene: Scene) -> str:
    """The panel."""
    return signals_html(found, scene.language)


def signals_html(found: Signals, language: str) -> str:
    """All four columns."""
    words = Words(language)
    return fill(
        "instruments/signals/drawing",
        language,
        finding=_finding(found, words),
        item=found.item,
        columns=[_column(found, state, words) for state in STATES],
    )


def _column(found: Signals, state: str, words: Words) -> Column:
    ranking = found.rankings[state]
    # One scale for all columns: they are compared.
    most = max(one.best.probability for one in found.rankings.values()) or 1.0
    lines = tuple(
        (row.item, words.percent(row.probability), f"{100 * row.probability / most:.1f}", row.item.id == found.item.id)
        for row in ranking.scored[:TOP]
    )
    chance, place = found.probability(state), found.place(state)
    told = words("why_signals_gone")
    if chance is not None and place is not None:
        told = words("why_signals_place", place=place, chance=words.percent(chance))
    return Column(state, _COLOURS[state], lines, told)


def _finding(found: Signals, words: Words) -> list[Markup]:
    name = words.name(found.item)
    shares = {state: words.percent(found.probability(state) or 0.0) for state in ("absent", "viewed", "cart")}
    first = words(
        "why_signals_found", name=name, before=shares["absent"], chance=shares["viewed"], share=shares["cart"]
    )
    before, after = found.rankings["absent"].best.item, found.rankings["bought"].best.item
    key = "why_signals_bought_same" if before.id == after.id else "why_signals_bought_other"
    return [first, words(key, best=words.name(after))]
