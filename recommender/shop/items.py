"""Items: things for sale, with their names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from recommender.language import LANGUAGES

ROLES: Final = (
    "top", "bottom", "footwear", "ball", "implement", "head", "hands", "protection", "goal", "training", "other",
)  # fmt: skip
NAMED_IN: Final = ("en", "ar")
"""The languages that each catalogue has a column for, and that the shipped ones have all names in."""


@dataclass(frozen=True)
class Item:
    """One thing for sale. Only an id and a name in one language are required.

    Attributes:
        others: names in further languages, as pairs of the language's code and the name.
    """

    id: str
    en: str = ""
    ar: str = ""
    sport: str = ""
    role: str = ""
    aliases: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()

    def name(self, language: str) -> str:
        """The name in `language`, or in another language where there is none."""
        return self.written(language) or next(filter(None, self.proper_names()), "")

    def written(self, language: str) -> str:
        """The name in `language` itself; empty where there is none."""
        return str(getattr(self, language)) if language in NAMED_IN else dict(self.others).get(language, "")

    def language_of_name(self, language: str) -> str:
        """The language that `name(language)` is in."""
        named = [code for code in (language, *LANGUAGES) if self.written(code)]
        return named[0] if named else language

    def called(self, language: str, name: str) -> Item:
        """The same thing with `name` as its name in `language`."""
        if language in NAMED_IN:
            column: dict[str, Any] = {language: name}
            return replace(self, **column)
        return replace(self, others=(*(pair for pair in self.others if pair[0] != language), (language, name)))

    def by_language(self) -> dict[str, str]:
        """Its name in each language, by code; empty where it has none."""
        return {code: self.written(code) for code in LANGUAGES}

    def proper_names(self) -> tuple[str, ...]:
        """Its names, no aliases, those that it has."""
        return tuple(name for name in (self.en, self.ar, *(name for _, name in self.others)) if name)

    def names(self) -> tuple[str, ...]:
        """Its names and aliases, those that it has."""
        return (*self.proper_names(), *filter(None, self.aliases))
