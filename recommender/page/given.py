"""Values that come from a browser, taken only where they make sense; and of this machine's paths what may go there.

Anybody can send anything: numbers without bounds, lists for texts, half a character.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from recommender.language.text import clean

_LARGEST: Final = 2**53
"""Beyond it a browser's numbers are not whole, and far beyond it no JSON of ours can hold them."""
_LONGEST: Final = 400
"""Characters of a name that are looked at."""
_PATHS: Final = ("file", "folder", "model", "path")


def without_folders(fields: Mapping[str, object]) -> dict[str, object]:
    """An error's fields as visitors may read them: of a path of this machine the last part only."""
    return {
        name: Path(str(value)).name if name in _PATHS and Path(str(value)).is_absolute() else value
        for name, value in fields.items()
    }


def whole(value: object, default: int = 0) -> int:
    """A whole number that a browser can count to; else the default."""
    return value if type(value) is int and -_LARGEST < value < _LARGEST else default


def number(value: object, default: float = 0.0) -> float:
    """A finite number; else the default."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    try:
        return float(value) if math.isfinite(value) else default
    except OverflowError:
        return default


def plain(value: object, longest: int = 200) -> object:
    """A text, cut, a number or a truth value as it is; None for anything that holds other things, or has no bounds."""
    if isinstance(value, str):
        return clean(value[:longest])
    if isinstance(value, bool):
        return value
    return whole(value) if isinstance(value, int) else number(value) if isinstance(value, float) else None


def texts(value: object, most: int) -> tuple[str, ...]:
    """The first `most` of a list that are texts and not empty, each cut; nothing of what is no list."""
    if not isinstance(value, list | tuple):
        return ()
    # Cut before it is cleaned: what comes from outside may be endless.
    return tuple(text for text in (text[:_LONGEST] for text in value[:most] if isinstance(text, str)) if clean(text))
