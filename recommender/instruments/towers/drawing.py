"""Two towers: a map by name and a map by sales, what each proposes marked and numbered on both, and a list of it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.service.candidates import NEAREST, WHOLE
from recommender.shop.items import Item

if TYPE_CHECKING:
    from recommender.instruments.towers.computing import By, Dot, TwoTowers
    from recommender.page.scene import Scene

WIDTH: Final = 320
HEIGHT: Final = 250
_EDGE: Final = 24
_LETTER: Final = 3.6
"""Half the width of a letter, about: a label keeps within the map."""
_LONGEST: Final = 24
"""Letters of a label; the whole name is the point's title."""
_ROUNDS: Final = 60
_SAME: Final = 0.01
_ROOM: Final = {"bought": 10.0, "both": 12.5, "names": 10.0, "sales": 10.5, "none": 3.5}
"""Around the middle of a mark, which no other mark comes into."""
_LISTED: Final[tuple[By, ...]] = ("names", "both", "sales")


@dataclass(frozen=True)
class Point:
    """A mark on a map, in the units of its box.

    `label` is what a bought item is called, its middle at `label_x` and its foot at `label_y`.
    """

    item: Item
    by: str
    x: float
    y: float
    number: str
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0


def draw(found: TwoTowers, scene: Scene) -> str:
    """The panel."""
    return towers_html(found, scene.language)


def towers_html(found: TwoTowers, language: str) -> str:
    """Both maps, the one of sales only where there are any, and the lists."""
    words = Words(language)
    maps = [("names", _map([_point(dot, dot.names, words) for dot in found.dots]))]
    if found.source != "none":
        maps.append(("sales", _map([_point(dot, dot.sales, words) for dot in found.dots if dot.sales])))
    listed = [(by, [(words.number(dot.number), dot.item) for dot in found.of(by)]) for by in _LISTED]
    return fill(
        "instruments/towers/drawing",
        language,
        finding=_finding(found, words),
        maps=maps,
        listed=[(by, rows) for by, rows in listed if rows],
        width=WIDTH,
        height=HEIGHT,
        box=f"0 0 {WIDTH} {HEIGHT}",
        source=words(f"why_towers_{found.source}"),
        limit=words(
            "why_towers_small" if found.items <= WHOLE else "why_towers_large",
            count=found.items,
            limit=WHOLE,
            most=NEAREST,
        ),
        keys=[by for by in (*_LISTED, "bought", "none") if found.of(by)],
    )


def _map(points: list[Point]) -> list[Point]:
    """The points as they are drawn: what was bought last, above all others."""
    apart = _apart(points)
    return [_labelled(point, apart) for point in reversed(apart)]


def _apart(points: list[Point]) -> list[Point]:
    """The points, moved as little as it takes for no mark to hide another; the same points end at the same places.

    Distances on these maps are rough anyway: what counts is what lies near what.
    """
    places = [[point.x, point.y] for point in points]
    for _ in range(_ROUNDS):
        moved = False
        for first, second in itertools.combinations(range(len(points)), 2):
            room = _ROOM[points[first].by] + _ROOM[points[second].by]
            dx, dy = (places[second][axis] - places[first][axis] for axis in (0, 1))
            distance = math.hypot(dx, dy)
            if distance >= room:
                continue
            if distance < _SAME:  # of two at one place the later goes its own way
                dx, dy, distance = math.cos(second), math.sin(second), 1.0
            push, moved = (room - distance) / 2 / distance, True
            for axis, way in enumerate((dx, dy)):
                places[first][axis] -= way * push
                places[second][axis] += way * push
        for place in places:
            place[:] = min(max(place[0], _EDGE), WIDTH - _EDGE), min(max(place[1], _EDGE), HEIGHT - _EDGE)
        if not moved:
            break
    return [replace(point, x=round(x, 1), y=round(y, 1)) for point, (x, y) in zip(points, places, strict=True)]


def _labelled(point: Point, marks: Sequence[Point]) -> Point:
    """The point with its label within the map, above, below or beside it: where it covers the fewest marks."""
    if not point.label:
        return point
    half = min(_LETTER * len(point.label) + 4, WIDTH / 2)
    spots = [(0.0, -13.0), (0.0, 21.0), (half + 12, 4.0), (-half - 12, 4.0)]

    def at(spot: tuple[float, float]) -> tuple[float, float]:
        return min(max(point.x + spot[0], half), WIDTH - half), min(max(point.y + spot[1], 12), HEIGHT - 4)

    def hidden(spot: tuple[float, float]) -> int:
        x, y = at(spot)
        return sum(
            abs(one.x - x) < half + _ROOM[one.by] - 4 and abs(one.y - y + 4) < 4 + _ROOM[one.by]
            for one in marks
            if one.number or one.label
        )

    x, y = at(min(spots, key=hidden))
    return replace(point, label_x=round(x, 1), label_y=round(y, 1))


def _point(dot: Dot, at: tuple[float, float], words: Words) -> Point:
    x = _EDGE + at[0] * (WIDTH - 2 * _EDGE)
    y = HEIGHT - _EDGE - at[1] * (HEIGHT - 2 * _EDGE)
    number = words.number(dot.number) if dot.number else ""
    name = dot.item.name(words.language) if dot.by == "bought" else ""
    label = name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
    return Point(dot.item, dot.by, x, y, number, label)


def _finding(found: TwoTowers, words: Words) -> list[Markup]:
    by_name = found.of("names", "both")
    if not by_name:
        return [words("why_towers_nothing")]
    if found.source == "none":
        return [words("why_towers_names_only", names=tuple(dot.item for dot in by_name[:3]))]
    by_sales = found.of("sales", "both")
    if not by_sales:
        return [words("why_towers_unsold", names=tuple(dot.item for dot in by_name[:3]))]
    return [words("why_towers_found", shared=found.shared, most=found.taken)]
