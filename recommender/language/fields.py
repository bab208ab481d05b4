"""What fills the placeholders of a sentence: numbers in the language's own digits, names of a list one by one."""

from __future__ import annotations

from collections.abc import Iterable

from recommender.language.registry import LANGUAGES


def figures(text: str, language: str) -> str:
    """A number that is written out, such as `-1,234.5`, in the digits and separators of `language`."""
    return LANGUAGES[language].figures(text)


def listed(names: Iterable[object], language: str) -> str:
    """Names or numbers one after the other: `a, b` or `«a»، «b»`."""
    left, right = LANGUAGES[language].quotes
    return LANGUAGES[language].comma.join(
        f"{left}{name}{right}" if isinstance(name, str) else str(written(name, language)) for name in names
    )


def written(value: object, language: str) -> object:
    """A field as it is written in `language`: a number in its digits, a tuple as a list of names, a text as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return figures(str(value).removesuffix(".0"), language)
    return listed(value, language) if isinstance(value, tuple) else value
