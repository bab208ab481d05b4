"""Goes with, or looks like: two lists side by side, each with where the other puts its first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.shop.items import Item

if TYPE_CHECKING:
    from recommender.instruments.alike.computing import Alike
    from recommender.page.scene import Scene

TOP: Final = 5


@dataclass(frozen=True)
class Line:
    """One item: its figure in words, the bar's length in percent, and its place in the other list."""

    item: Item
    told: str
    length: str
    other: Markup
    is_first: bool


def draw(found: Alike, scene: Scene) -> str:
    """The panel."""
    return alike_html(found, scene.language)


def alike_html(found: Alike, language: str) -> str:
    """Both lists, the model's first."""
    words = Words(language)
    near = {one.item.id: place for place, one in enumerate(found.near, 1)}
    best, nearest = found.ranking.best, found.near[0].item
    top, most = best.probability or 1.0, max(found.near[0].nearness, 1e-9)
    goes = [
        Line(
            row.item,
            words.percent(row.probability),
            f"{100 * row.probability / top:.1f}",
            words("why_alike_place_like", place=near[row.item.id]),
            row.item.id == nearest.id,
        )
        for row in found.ranking.scored[:TOP]
    ]
    looks = [
        Line(
            one.item,
            words.number(one.nearness, 2),
            f"{100 * max(one.nearness, 0.0) / most:.1f}",
            words("why_alike_place_with", place=found.ranking.rank_of(one.item.id) or len(found.ranking)),
            one.item.id == best.item.id,
        )
        for one in found.near[:TOP]
    ]
    return fill(
        "instruments/alike/drawing",
        language,
        finding=[_finding(found, words)],
        columns=(("with", "t5", goes), ("like", "overlap", looks)),
        by=found.by,
    )


def _finding(found: Alike, words: Words) -> Markup:
    bought, near = words.name(found.bought), words.name(found.near[0].item)
    if found.is_same:
        return words("why_alike_same", bought=bought, near=near)
    best = words.name(found.ranking.best.item)
    return words("why_alike_other", bought=bought, near=near, best=best, place=found.place)
