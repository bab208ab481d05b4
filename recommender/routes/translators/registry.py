"""The translators there are, by name. The settings, the command line and the routes find them here, and only here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from recommender.errors import RequestError
from recommender.language.text import shown
from recommender.routes.translators.base import Translator

NONE: Final = "none"
"""What stands for no translator where one may be named."""

_makers: dict[str, Callable[[], Translator]] = {}
_open: dict[str, Translator] = {}


def register(name: str, make: Callable[[], Translator]) -> None:
    """Add a translator: `make` is called when it is first asked for, and imports what it needs."""
    _makers[name] = make


def names() -> tuple[str, ...]:
    """All of them, as they were registered."""
    return tuple(_makers)


def choices() -> tuple[str, ...]:
    """What a person may name: all of them by the alphabet, and `NONE`."""
    return (*sorted(_makers), NONE)


def open_translator(name: str) -> Translator:
    """The translator called `name`, the same object at every call. Nothing is loaded or sent until it is used.

    Raises:
        RequestError: for a name that is not one of `names`.
    """
    if name not in _makers:
        raise RequestError("translator_unknown", name=shown(name), known=names())
    if name not in _open:
        # Two threads may both make one: the first that is kept is the one that both get.
        _open.setdefault(name, _makers[name]())
    return _open[name]
