"""The settings of the instruments under "See why" (`Look`): which orders, which weight, against which candidate.

They travel between the page and the server as JSON, and come from outside like everything that a page sends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from recommender.language.text import clean

INSTRUMENTS: Final = ("reasons", "neighbours", "orders", "others", "autopsy", "samples", "board")
_CHOICES: Final = {"of": ("candidates", "basket"), "routes": ("own", "all"), "split": ("groups", "rows")}
_RANGES: Final = {"weight": (0.0, 1.0), "temperature": (0.0, 2.0)}
_OF: Final = {
    "reasons": ("against",),
    "neighbours": (),
    "orders": ("of",),
    "others": ("weight",),
    "autopsy": ("routes",),
    "samples": ("temperature",),
    "board": ("measure", "split"),
}


@dataclass(frozen=True)
class Look:
    """The settings of all instruments; each reads its own.

    Attributes:
        against: id of the candidate to hold the recommended one against.
        of: what to shuffle.
        weight: of co-purchase in the blend; None for the tuned one.
        routes: of the autopsy, with or without a translator.
        measure: of the scoreboard, and the `split` of the baselines.
    """

    against: str | None = None
    of: str = "candidates"
    weight: float | None = None
    routes: str = "own"
    temperature: float = 1.0
    measure: str = "hit@1"
    split: str = "groups"

    @classmethod
    def read(cls, data: object) -> Look:
        """The settings in a JSON object; what is missing or makes no sense is as by default."""
        given: Mapping[str, Any] = data if isinstance(data, dict) else {}
        kept: dict[str, Any] = {}
        for name, choices in _CHOICES.items():
            if given.get(name) in choices:
                kept[name] = given[name]
        for name, (low, high) in _RANGES.items():
            value = _number(given.get(name))
            if value is not None and low <= value <= high:
                kept[name] = value
        for name in ("against", "measure"):
            if isinstance(value := given.get(name), str) and clean(value[:200]):
                kept[name] = clean(value[:200])
        return cls(**kept)

    def of_instrument(self, name: str) -> dict[str, object]:
        """What `read` reads, of one instrument."""
        return {key: getattr(self, key) for key in _OF[name]}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
