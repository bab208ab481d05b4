"""Whether a recommendation's probability means what it says: its error for the tables, its diagram as a picture (SVG).

Judged are the generated customers of held-out needs, against the law's share of what is recommended, and the sports
test rows, against what was bought next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from recommender.evaluation import calibration
from recommender.evaluation.calibration import BINS
from recommender.shop.items import NAMED_IN
from recommender.training.report import svg

WIDTH, HEIGHT = 620, 400
LEFT, TOP, SIDE = 56, 24, 320
SMALLEST, LARGEST = 1.5, 7.0
"""Radii of the points, pixels: their areas grow with the share of the recommendations that lie there."""
TITLE: Final = "Reliability diagram: how often a recommendation was right, by the probability that it was given"


def section(probabilities: Sequence[float], right: Sequence[float], seed: int = 0) -> dict[str, Any]:
    """`{"rows", "error": estimate, "bins": [{"rows", "probability", "right"}]}` of recommendations.

    Raises:
        ValueError: without a row, or if the two lengths differ.
    """
    # A sum of shares may be a hair above 1.
    probabilities, right = ([min(1.0, value) for value in column] for column in (probabilities, right))
    return {
        "rows": len(probabilities),
        "error": calibration.expected_error(probabilities, right, seed=seed).to_json(),
        "bins": [one.to_json() for one in calibration.reliability(probabilities, right)],
    }


def sections(figures: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What figures hold of calibration, by a name for the legend; nothing where it was never measured."""
    world = figures.get("world") or {}
    held = {f"needs, {one}": (world.get(one) or {}).get("calibration") for one in NAMED_IN}
    held |= {f"sports, {one}": (figures.get(one) or {}).get("test", {}).get("calibration") for one in NAMED_IN}
    return {name: one for name, one in held.items() if one}


def draw(told: Mapping[str, Mapping[str, Any]]) -> str:
    """The picture: a line for each, a point for each bin; on the diagonal a probability means what it says."""
    parts = [_axes()]
    for place, (name, one) in enumerate(told.items()):
        colour = svg.COLOURS[place % len(svg.COLOURS)]
        points = [(_x(found["probability"]), _y(found["right"]), found["rows"] / one["rows"]) for found in one["bins"]]
        at = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        parts.append(f'<polyline points="{at}" fill="none" stroke="{colour}" stroke-width="1.2"/>')
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_radius(share):.1f}" fill="{colour}"/>' for x, y, share in points
        ]
        parts.append(
            svg.key(LEFT + SIDE + 40, TOP + 18 * place + 6, f"{name}: error {one['error']['value']:.3f}", colour)
        )
    return svg.picture(WIDTH, HEIGHT, TITLE, parts)


def _axes() -> str:
    bottom, right = TOP + SIDE, LEFT + SIDE
    parts = []
    for tick in range(0, BINS + 1, 2):
        share = tick / BINS
        parts.append(f'<path d="M{LEFT} {_y(share):.1f}H{right}M{_x(share):.1f} {TOP}V{bottom}" stroke="#dddddd"/>')
        parts.append(svg.text(LEFT - 6, _y(share) + 4, f"{share:.1f}", "end"))
        parts.append(svg.text(_x(share), bottom + 18, f"{share:.1f}", "middle"))
    parts.append(f'<path d="M{LEFT} {bottom}L{right} {TOP}" stroke="#999999" stroke-dasharray="4 4"/>')
    parts.append(svg.text(LEFT, TOP - 10, "right", "middle"))
    return "".join(parts) + svg.text((LEFT + right) / 2, bottom + 38, "probability of the recommendation", "middle")


def _radius(share: float) -> float:
    return SMALLEST + (LARGEST - SMALLEST) * math.sqrt(share)


def _x(share: float) -> float:
    return LEFT + SIDE * share


def _y(share: float) -> float:
    return TOP + SIDE * (1 - share)
