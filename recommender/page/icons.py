"""One symbol and one hue for each sport or other group, the same wherever it appears; and the page's own symbols."""

from __future__ import annotations

import re
import zlib
from functools import cache
from typing import Final

from markupsafe import Markup

from recommender.paths import ASSETS

_SPRITE: Final = ASSETS / "symbols.svg"
# Degrees on oklch's wheel; lightness and chroma are the style sheet's, so that every hue keeps its contrast.
_HUE: Final = re.compile(r'id="sport-([\w-]+)" data-hue="(\d+)"')

# Around the hue of what went wrong.
_AFTER_RED: Final = 45
_BEFORE_RED: Final = 335


def hue(sport: str) -> int:
    """The hue of a sport in degrees, of no sport too; one that is not known here has one that looks like no error."""
    return _hues().get(sport or "any") or _AFTER_RED + zlib.crc32(sport.encode()) % (_BEFORE_RED - _AFTER_RED)


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


@cache
def _hues() -> dict[str, int]:
    """The hues that stand beside the symbols."""
    return {sport: int(degrees) for sport, degrees in _HUE.findall(sprite())}


def _use(name: str, css: str) -> Markup:
    """A symbol of the sprite, hidden from screen readers: the words beside it say what it means."""
    shape = '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="#{}"></use></svg>'
    return Markup(shape).format(css, name)
