"""Dots with their intervals on one axis, a line a system: what the scoreboard is drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.measures import Measure
from recommender.evaluation.report.scoreboard_file import MEMORY, MODELS
from recommender.page.wording import Words
from recommender.recommenders import registry

TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_COLOURS: Final = {**dict.fromkeys(MODELS, "t5"), MEMORY: MEMORY, "optimum": "optimum"}
"""Of the systems that are no recommenders of the registry; the article's and the uniform control have none."""


@dataclass(frozen=True)
class DotLine:
    """A line of a chart: whose it is, and its dot and interval in words and in percent of the axis.

    Attributes:
        key: the system.
        colour: what follows `--c-` in its colour's name; empty for one that has none.
        range: its interval in words; `low` and `width` are the bar's. Empty where it has none.
        ghost: where another dot stands for comparison, if anywhere.
    """

    key: str
    name: Markup
    note: Markup
    colour: str
    value: str
    at: str
    range: str = ""
    low: str = ""
    width: str = ""
    ghost: str = ""

    def of(self, title: Markup) -> DotLine:
        """The same line in a chart of one system's measures: the measure comes first, then the system."""
        return replace(self, name=title, note=self.name)


@dataclass(frozen=True)
class Chart:
    """Lines on an axis from nothing to everything; `axis` says in words what it counts."""

    id: str
    lines: tuple[DotLine, ...]
    ticks: tuple[str, ...]
    axis: Markup


def line(name: str, estimate: Estimate, measure: Measure, words: Words, ghost: float | None = None) -> DotLine:
    """The line of a system; `ghost` is a value to hold its own against."""
    entry = registry.entries().get(name)
    drawn = DotLine(
        key=name,
        name=title_of(name, words),
        note=words.known(f"board_{key_of(name)}_note"),
        colour=entry.colour if entry else _COLOURS.get(name, ""),
        value=figure(estimate.value, measure, words),
        at=_percent(estimate.value),
        ghost="" if ghost is None else _percent(ghost),
    )
    if estimate.low is None or estimate.high is None:
        return drawn
    width = _percent(estimate.high - estimate.low)
    return replace(drawn, range=interval(estimate, measure, words), low=_percent(estimate.low), width=width)


def chart(name: str, lines: Sequence[DotLine], measure: Measure, on: Markup, words: Words) -> Chart:
    """Lines under the axis of a measure; `on` says what it was measured on."""
    ticks = tuple(figure(tick, measure, words) for tick in TICKS)
    return Chart(name, tuple(lines), ticks, words(f"board_axis_{measure.unit}", on=on))


def figure(value: float, measure: Measure, words: Words) -> str:
    """A value as its measure is written: 72%, 0.72, or 57 points; never rounded to nothing or to everything."""
    if measure.unit == "score":
        return words.number(value, 2)
    digits = 1 if 0 < value < 0.005 or 0.995 <= value < 1 else 0
    number = words.number(100 * value, digits)
    return number if measure.unit == "points" else words.plain("ui_percent", value=number)


def interval(estimate: Estimate, measure: Measure, words: Words) -> str:
    """A 95 % interval in words; empty where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = (figure(end, measure, words) for end in (estimate.low, estimate.high))
    return words.plain("board_interval", low=low, high=high)


def signed(value: float, words: Words) -> str:
    """A difference of scores with its sign."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{words.number(abs(value), 3)}"


def title_of(name: str, words: Words) -> Markup:
    """What people call a system."""
    return words.known(f"board_{key_of(name)}", name)


def key_of(name: str) -> str:
    """A system or a measure as it stands in a key of the string table."""
    return name.replace("-", "_").replace("@", "_")


def _percent(value: float) -> str:
    return f"{100 * value:.2f}%"
