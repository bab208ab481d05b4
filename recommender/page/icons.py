"""One symbol and one hue for each sport, the same wherever the sport appears; and the page's own small symbols."""

from __future__ import annotations

import zlib
from functools import cache
from typing import Final

from markupsafe import Markup

from recommender.paths import ASSETS

_SPRITE: Final = ASSETS / "symbols.svg"
# Degrees on oklch's wheel; lightness and chroma are the style sheet's, so that every hue keeps its contrast.
_HUES: Final = {
    "": 285,
    "soccer": 152, "basketball": 52, "football": 32, "baseball": 14, "tennis": 112, "hockey": 250,
    "camping": 140, "hiking": 75, "kayaking": 222, "climbing": 40, "fishing": 200, "diving": 238,
    "surfing": 188, "sailing": 262, "rafting": 212, "caving": 300, "paragliding": 330, "canyoning": 175,
}  # fmt: skip

# Around the hue of what went wrong.
_AFTER_RED: Final = 45
_BEFORE_RED: Final = 335


def hue(sport: str) -> int:
    """The hue of a sport in degrees, of no sport too; one that is not known here has one that looks like no error."""
    return _HUES.get(sport) or _AFTER_RED + zlib.crc32(sport.encode()) % (_BEFORE_RED - _AFTER_RED)


def of_sport(sport: str, css: str = "") -> Markup:
    """The symbol of a sport, a tag for one that has none."""
    return _use(f"sport-{sport}" if f'id="sport-{sport}"' in sprite() else "sport-any", css)


def sign(name: str, css: str = "") -> Markup:
    """One of the page's own symbols."""
    return _use(f"sign-{name}", css)


@cache
def sprite() -> str:
    """All symbols, to stand in the page once."""
    return _SPRITE.read_text(encoding="utf-8")


def _use(name: str, css: str) -> Markup:
    """A symbol of the sprite, hidden from screen readers: the words beside it say what it means."""
    shape = '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="#{}"></use></svg>'
    return Markup(shape).format(css, name)
