"""What the pictures beside a card (SVG) are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

# Okabe & Ito's colours, which the colour-blind tell apart too.
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")


def picture(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    """A whole picture on white, `width` by `height` pixels, with a title for those who can't see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="sans-serif" font-size="12"><title>{title}</title>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def text(x: float, y: float, words: str, anchor: str) -> str:
    """Words at a point; `anchor` is `start`, `middle` or `end`."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#333333">{escape(words)}</text>'


def key(x: float, y: float, label: str, colour: str) -> str:
    """A line of a legend."""
    return f'<path d="M{x} {y}h16" stroke="{colour}" stroke-width="3"/>{text(x + 22, y + 4, label, "start")}'
