"""Every sentence the project says, in English and Arabic, by key.

The tables are the TOML files in `strings`: one table per key, `en` and `ar` in it, with the same placeholders.
In Arabic all digits are Arabic-Indic but those of a code (T5, hit@1), and a name stands in «…»: the tables hold both
for what they say themselves, `sentence` for the numbers and the lists of names that it is given.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Final

from recommender.language.fields import figures, listed, written

__all__ = ["LANGUAGES", "figures", "listed", "sentence", "table"]

LANGUAGES: Final = ("en", "ar")


@functools.cache
def table() -> dict[str, dict[str, str]]:
    """All keys of all files, `{key: {"en": …, "ar": …}}`.

    Raises:
        ValueError: if two files define the same key.
    """
    merged: dict[str, dict[str, str]] = {}
    for path in sorted(Path(__file__).parent.joinpath("strings").glob("*.toml")):
        for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key in merged:
                raise ValueError(f"the string {key!r} is defined twice, the second time in {path.name}")
            merged[key] = entry
    return merged


def sentence(key: str, language: str = "en", **fields: object) -> str:
    """The string `key` in `language` with its placeholders filled: numbers as it writes them, a tuple as its names.

    Raises:
        KeyError: for a key or language that is in no table: a mistake of ours, never of a user.
    """
    return table()[key][language].format(**{name: written(value, language) for name, value in fields.items()})
