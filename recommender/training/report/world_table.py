"""The world section as a table: what was measured on the goods of the world, and what was aimed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from recommender.language import sentence
from recommender.language.fields import figures as digits
from recommender.shop.items import NAMED_IN
from recommender.training.report.tables import figure, goal, table


@dataclass(frozen=True)
class Line:
    """A line of the table: a part of the section, a measure of it, and the goal in English and in Arabic."""

    part: str
    measure: str
    english: str = ""
    arabic: str = ""


ACCEPTED: Final = "accepted@1"
LINES: Final = (
    Line("baskets", "accepted", "≥ 0.75", "≥ 0.65"),
    Line("baskets", "guess"),
    Line("baskets", "name_overlap"),
    Line("baskets", "teacher"),
    Line("baskets", "vectors", "≥ 0.60", "≥ 0.50"),
    Line("traps", "accepted"),
    Line("traps", "guess"),
    Line("traps", "name_overlap"),
    Line("traps", "teacher"),
    Line("traps", "vectors"),
    Line("traps", "above_teacher", "≥ 0.15"),
    Line("all", "raw", "≥ 0.97", "≥ 0.95"),
    Line("all", "agreement", "≥ 0.75"),
    Line("needs", "relative", "≥ 0.85", "≥ 0.80"),
    Line("needs", "relative_uniform"),
    Line("calibration", "error"),
    Line("events", "told"),
    Line("events", "untold"),
    Line("events", "difference", "> 0", "> 0"),
    Line("strangers", "said_guess", "≥ 0.90", "≥ 0.85"),
    Line("related", "said_known", "≥ 0.90", "≥ 0.85"),
    Line("strangers_generated", "said_guess", "≥ 0.90", "≥ 0.85"),
    Line("related_generated", "said_known", "≥ 0.90", "≥ 0.85"),
)
"""What is shown, in order. A part that a section lacks is left out; a measure that it lacks is a dash."""


def to_text(section: Mapping[str, Any], language: str = "en") -> str:
    """The section as a Markdown table with what it is about above and where the encoder's figures come from below."""
    lines = [[sentence(f"figures_{key}", language) for key in ("measure", "data", "rows", "goal", "en", "ar")]]
    for line in LINES:
        parts = [section[asked].get(line.part) for asked in NAMED_IN]
        if any(parts):
            lines.append(_cells(line, section, parts, language))
    origin = sentence(f"figures_world_teacher_{section['teacher']}", language)
    return "\n\n".join([sentence("figures_world_title", language), table(lines), origin])


def _cells(line: Line, section: Mapping[str, Any], parts: list[Any], language: str) -> list[str]:
    if line.measure == "agreement":
        label, values = sentence("figures_agreement", language), [figure(section["agreement"], language), ""]
    else:
        label = ACCEPTED if line.measure == "accepted" else sentence(f"figures_world_{line.measure}", language)
        values = [figure((part or {}).get(line.measure), language) for part in parts]
    rows = next(part["rows"] for part in parts if part)
    place = sentence(f"figures_world_on_{line.part}", language)
    return [label, place, digits(str(rows), language), goal(line.english, line.arabic, language), *values]
