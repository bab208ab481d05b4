"""Every sentence the project says, in English and Arabic, by key.

The tables are the TOML files in `strings`, and the `words.toml` in the folder of each instrument: one table per key,
`en` and `ar` in it, with the same placeholders.
In Arabic all digits are Arabic-Indic but those of a code (T5, hit@1), and a name stands in «…»: the tables hold both
for what they say themselves, `sentence` for the numbers and the lists of names that it is given.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Final

from recommender.language.fields import figures, listed, written

__all__ = ["LANGUAGES", "add_words", "figures", "listed", "sentence", "table"]

LANGUAGES: Final = ("en", "ar")
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


def sentence(key: str, language: str = "en", **fields: object) -> str:
    """The string `key` in `language` with its placeholders filled: numbers as it writes them, a tuple as its names.

    Raises:
        KeyError: for a key or language that is in no table: a mistake of ours, never of a user.
    """
    return table()[key][language].format(**{name: written(value, language) for name, value in fields.items()})
