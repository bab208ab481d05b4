"""What fills the placeholders of a sentence: numbers in the language's own digits, names of a list one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

COMMA: Final = {"en": ", ", "ar": "، "}
QUOTES: Final = {"en": ("", ""), "ar": ("«", "»")}
"""What a name of a list stands in. In Arabic a bare one would ask the words around it for its gender."""
_DIGITS: Final = str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩٫٬")


def figures(text: str, language: str) -> str:
    """A number that is written out, such as `-1,234.5`, in the digits and separators of `language`."""
    return text.translate(_DIGITS) if language == "ar" else text


def listed(names: Iterable[object], language: str) -> str:
    """Names or numbers one after the other: `a, b` or `«a»، «b»`."""
    left, right = QUOTES[language]
    return COMMA[language].join(
        f"{left}{name}{right}" if isinstance(name, str) else str(written(name, language)) for name in names
    )


def written(value: object, language: str) -> object:
    """A field as it is written in `language`: a number in its digits, a tuple as a list of names, a text as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return figures(str(value).removesuffix(".0"), language)
    return listed(value, language) if isinstance(value, tuple) else value
