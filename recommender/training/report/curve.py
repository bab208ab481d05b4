"""The learning curve of a run as a picture (SVG): its loss, and the shares of freely written answers that fit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from recommender.training.report.svg import COLOURS, key, picture, text

WIDTH: Final = 760
HEIGHT: Final = 320
LEFT, RIGHT, TOP, BOTTOM = 56, 208, 34, 44
LOSS_COLOUR: Final = "#999999"
Point = tuple[float, float]


def series(history: Sequence[Mapping[str, float]]) -> dict[str, list[Point]]:
    """Lines by name, each of (step, value): `loss`, then `fitting` and the kinds of question it is the mean of."""
    lines: dict[str, list[Point]] = {}
    for entry in history:
        for logged, value in entry.items():
            name = logged.removeprefix("eval_")
            share = logged.startswith("eval_") and name not in {"loss", "runtime"} and not name.endswith("_per_second")
            if (logged == "loss" or share) and "step" in entry and math.isfinite(value):
                lines.setdefault(name, []).append((entry["step"], value))
    return {name: lines[name] for name in sorted(lines, key=lambda name: (name != "loss", name != "fitting", name))}


def draw(history: Sequence[Mapping[str, float]]) -> str:
    """The picture: loss against the left axis, shares against the right one; empty axes without a history."""
    lines = series(history)
    last = max((step for line in lines.values() for step, _ in line), default=1.0)
    highest = max((value for _, value in lines.get("loss", [])), default=1.0) or 1.0
    parts = [_axes(last, highest)]
    colours = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(n for n in lines if n != "loss")}
    for place, (name, line) in enumerate(lines.items()):
        top = highest if name == "loss" else 1.0
        colour = colours.get(name, LOSS_COLOUR)
        at = " ".join(f"{_x(step, last):.1f},{_y(value, top):.1f}" for step, value in line)
        parts.append(f'<polyline points="{at}" fill="none" stroke="{colour}" stroke-width="{_thickness(name)}"/>')
        parts.append(key(WIDTH - RIGHT + 48, TOP + 18 * place, f"{name} {line[-1][1]:.3f}", colour))
    title = "Learning curve: loss (left axis) and share of written answers that fit (right axis)"
    return picture(WIDTH, HEIGHT, title, parts)


def _axes(last: float, highest: float) -> str:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [text(LEFT, TOP - 14, "loss", "middle"), text(right, TOP - 14, "share", "middle")]
    for tick in range(5):
        share = tick / 4
        y = _y(share, 1.0)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#dddddd"/>')
        parts.append(text(LEFT - 6, y + 4, f"{highest * share:.2f}", "end"))
        parts.append(text(right + 6, y + 4, f"{share:.2f}", "start"))
        parts.append(text(_x(last * share, last), bottom + 18, f"{last * share:.0f}", "middle"))
    return "".join(parts) + text((LEFT + right) / 2, bottom + 36, "step", "middle")


def _thickness(name: str) -> float:
    return 2.5 if name == "fitting" else 1.2


def _x(step: float, last: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * step / last


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * min(value, top) / top
