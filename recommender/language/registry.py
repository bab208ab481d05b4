"""The languages there are: every folder of this package that holds a `LANGUAGE`, and what is registered besides."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from recommender.language.kind import Language


def _found() -> list[Language]:
    """Those of the package's folders, the source first, then by code."""
    folders = [one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]) if one.ispkg]
    found = [importlib.import_module(f"recommender.language.{name}").LANGUAGE for name in folders]
    return sorted(found, key=lambda language: (not language.is_source, language.code))


_known: Final = {language.code: language for language in _found()}

LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType(_known)
"""By code, as they are now: what is registered later is in it, too. English is the first."""
SOURCE: Final = next(iter(_known))
"""The code of the language that the others fall back to."""


def register(language: Language) -> None:
    """Add a language from outside of this package, before the page or the command line is built.

    Raises:
        ValueError: if another one has its code.
    """
    if _known.setdefault(language.code, language) is not language:
        raise ValueError(f"there is a language {language.code!r} already")


def forget(code: str) -> None:
    """Take back what `register` has added."""
    if LANGUAGES[code] in _found():
        raise ValueError(f"the language {code!r} is a folder of this package")
    del _known[code]


def known(value: object, default: str = SOURCE) -> str:
    """`value` where it is the code of a language, else `default`; for what comes from outside."""
    return value if isinstance(value, str) and value in LANGUAGES else default


def by_letters(text: str, said: str = SOURCE) -> str:
    """The language of a text of which nothing but `said` is known, by its letters.

    Languages of one script can't be told apart by letters: where they are those of `said` it is that one. Any letter
    of a script other than the source's tells more than letters of the source's, which stand in brands everywhere.
    """
    plain = LANGUAGES[SOURCE].script
    scripts = [LANGUAGES[said].script, *(language.script for language in LANGUAGES.values())]
    script = next((one for one in scripts if one is not plain and one.letter.search(text)), plain)
    if script is LANGUAGES[said].script:
        return said
    return next(code for code, language in LANGUAGES.items() if language.script is script)
