"""What every translator is, and the error of one that could not do its work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from recommender.errors import ModelError


class TranslationError(ModelError):
    """A translator that could not do its work; `partial` has a text or None for each text that was asked for."""

    def __init__(self, key: str, partial: Sequence[str | None] = (), **fields: object) -> None:
        super().__init__(key, **fields)
        self.partial = tuple(partial)


class Translator(Protocol):
    """Anything that translates texts between English and another language."""

    @property
    def name(self) -> str:
        """The one that it is registered by, or a name of its own."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether its translations are made up; they are labelled so wherever they are shown."""
        ...

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation for each of `texts`, in order; `source` and `target` are codes of languages.

        Raises:
            TranslationError: with the reason, if any of them can't be had.
        """
        ...
