"""The protocol that all translators follow, its error, and the way to get one by name."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final, Protocol

from recommender.errors import ModelError, RequestError
from recommender.language.text import shown

TRANSLATORS: Final = ("google", "simulated", "marian")


class TranslationError(ModelError):
    """A translator that could not do its work; `partial` has a text or None for each text that was asked for."""

    def __init__(self, key: str, partial: Sequence[str | None] = (), **fields: object) -> None:
        super().__init__(key, **fields)
        self.partial = tuple(partial)


class Translator(Protocol):
    """Anything that translates texts between English and Arabic."""

    @property
    def name(self) -> str:
        """One of `TRANSLATORS`, or a name of its own."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether its translations are made up by `simulation`; they are labelled so wherever they are shown."""
        ...

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation for each of `texts`, in order.

        Raises:
            TranslationError: with the reason, if any of them can't be had.
        """
        ...


@functools.cache
def open_translator(name: str = "google") -> Translator:
    """The translator called `name`, the same object at every call. Nothing is loaded or sent until it is used.

    Raises:
        RequestError: for a name that is not one of `TRANSLATORS`.
    """
    # Each library is imported only where its translator is asked for.
    if name == "google":
        from recommender.routes.translators.google import GoogleTranslator

        return GoogleTranslator()
    if name == "simulated":
        from recommender.routes.translators.simulated import simulated_translator

        return simulated_translator()
    if name == "marian":
        from recommender.routes.translators.marian import MarianTranslator

        return MarianTranslator()
    raise RequestError("translator_unknown", name=shown(name), known=TRANSLATORS)
