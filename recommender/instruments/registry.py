"""Finds the instruments: each folder of this package, and what others have registered."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final, cast

from recommender.instruments.instrument import Explained, Instrument
from recommender.instruments.settings import Setting
from recommender.language import add_words

_HERE: Final = Path(__file__).parent
_added: Final[dict[str, Instrument]] = {}


def register(instrument: Instrument) -> None:
    """Add an instrument that lies outside of this package, with its words.

    Raises:
        ValueError: if there is one of that name.
    """
    if find(instrument.name):
        raise ValueError(f"there is an instrument {instrument.name!r} already")
    _added[instrument.name] = instrument
    add_words(instrument.folder / "words.toml")


def instruments() -> tuple[Instrument, ...]:
    """All of them, in the page's order."""
    return tuple(sorted((*_own(), *_added.values()), key=lambda one: one.place))


def find(name: object) -> Instrument | None:
    """The instrument of a name, which may be anything that a page sends."""
    return next((one for one in instruments() if one.name == name), None)


def explained() -> tuple[tuple[Instrument, Explained], ...]:
    """Those that have a part in `explain`, in its order."""
    parts = [(one, one.explained) for one in instruments() if one.explained is not None]
    return tuple(sorted(parts, key=lambda pair: pair[1].place))


def explain_settings() -> tuple[Setting, ...]:
    """What may be set of `explain`."""
    return tuple(setting for _, part in explained() for setting in part.settings)


@cache
def _own() -> tuple[Instrument, ...]:
    folders = [found.name for found in iter_modules([str(_HERE)]) if found.ispkg]
    modules = [import_module(f"{__package__}.{name}.instrument") for name in folders]
    return tuple(cast(Instrument, module.INSTRUMENT) for module in modules)
