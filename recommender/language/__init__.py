"""Every sentence the project says, in each of its languages, by key.

A language is a folder of this package (`english`, `arabic`), found by the registry: `LANGUAGES` has them all by code.
English and Arabic stand side by side in the TOML files in `strings`, and in the `words.toml` in the folder of each
instrument: one table per key, `en` and `ar` in it, with the same placeholders. Another language has files of
`key = "text"` in a folder of its own; what it lacks is said in English, which the log tells once, and `missing` lists.
In Arabic all digits are Arabic-Indic but those of a code (T5, hit@1), and a name stands in «…»: the tables hold both
for what they say themselves, `sentence` for the numbers and the lists of names that it is given.
"""

from __future__ import annotations

import functools
import logging
import tomllib
from pathlib import Path
from typing import Final

from recommender.language.fields import figures, listed, written
from recommender.language.kind import Language
from recommender.language.registry import LANGUAGES, SOURCE, by_letters, known, register

__all__ = [
    "LANGUAGES",
    "SOURCE",
    "Language",
    "add_words",
    "by_letters",
    "figures",
    "known",
    "listed",
    "missing",
    "register",
    "sentence",
    "table",
    "template",
]

logger = logging.getLogger(__name__)

_PACKAGE: Final = Path(__file__).parents[1]
_ADDED: Final[list[Path]] = []


@functools.cache
def table() -> dict[str, dict[str, str]]:
    """All keys of all files, `{key: {"en": …, "ar": …}}`.

    Raises:
        ValueError: if two files define the same key.
    """
    merged: dict[str, dict[str, str]] = {}
    # An instrument's words lie in its own folder.
    found = [*_PACKAGE.glob("language/strings/*.toml"), *_PACKAGE.glob("instruments/*/words.toml"), *_ADDED]
    for path in sorted(found):
        for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key in merged:
                raise ValueError(f"the string {key!r} is defined twice, the second time in {path.name}")
            merged[key] = entry
    return merged


def add_words(path: Path) -> None:
    """Let the table hold the sentences of one file more, which lies outside of this package."""
    _ADDED.append(path)
    table.cache_clear()
    # There are more sentences now that a language may lack.
    _tell_missing.cache_clear()


def template(key: str, language: str = SOURCE) -> str:
    """The string `key` in `language`, its placeholders unfilled; in English where the language's folder lacks it.

    Raises:
        KeyError: for a key or language that there is not: a mistake of ours, never of a user.
    """
    entry = table()[key]
    if language in entry:
        return entry[language]
    own = _own(LANGUAGES[language].folder)
    if key not in own:
        _tell_missing(language)
    return own.get(key, entry[SOURCE])


def sentence(key: str, language: str = SOURCE, **fields: object) -> str:
    """The string `key` in `language` with its placeholders filled: numbers as it writes them, a tuple as its names.

    Raises:
        KeyError: as `template` does.
    """
    return template(key, language).format(**{name: written(value, language) for name, value in fields.items()})


def missing(language: str) -> list[str]:
    """The keys of the sentences that `language` lacks and that are said in English."""
    own = _own(LANGUAGES[language].folder)
    return [key for key, entry in table().items() if language not in entry and key not in own]


@functools.cache
def _own(folder: Path | None) -> dict[str, str]:
    """The sentences in the folder of a language."""
    files = sorted(folder.glob("*.toml")) if folder else []
    return {key: text for file in files for key, text in tomllib.loads(file.read_text(encoding="utf-8")).items()}


@functools.cache
def _tell_missing(language: str) -> None:
    lacks = len(missing(language))
    logger.warning("%s: %d of %d sentences are missing and said in English", language, lacks, len(table()))
