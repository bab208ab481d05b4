"""Texts in their own language and direction, whatever the page's: what keeps a line of two scripts in its order.

A text runs the way of its first letter, as `dir="auto"` has it. A name of the other script within it is isolated whole,
so that two of them side by side don't change places and digits stay with their word.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from markupsafe import Markup, escape

DIRECTIONS: Final = {"en": "ltr", "ar": "rtl"}
_OTHER: Final = {"en": "ar", "ar": "en"}
_STRONG: Final = {"L": "en", "R": "ar", "AL": "ar"}
_LATIN: Final = re.compile(
    r"[A-Za-z](?:[\w.'’/@:+-]*[^\W_])?(?:[ ,&]{1,2}[A-Za-z0-9](?:[\w.'’/@:+-]*[^\W_])?)*", re.ASCII
)
_LETTERS: Final = "\u0620-\u065f\u066e-\u06d3\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc"
_ARABIC: Final = re.compile(f"[{_LETTERS}](?:[{_LETTERS} ،]*[{_LETTERS}])?")
_FOREIGN: Final = {"en": _ARABIC, "ar": _LATIN}
# What parts the names of a prompt, a list or a hop.
SEPARATORS: Final = "[,،;؛{}:\n]"
_PARTS: Final = re.compile(f"({SEPARATORS}+)")


def letters_of(text: str) -> str | None:
    """`en` or `ar` by the first letter of `text`; None where it has none."""
    return next((_STRONG[kind] for kind in map(unicodedata.bidirectional, text) if kind in _STRONG), None)


def language_of(text: str) -> str:
    """The language that `text` is laid out in: that of its first letter, `en` where it has none."""
    return letters_of(text) or "en"


def holds_other(text: str, language: str) -> bool:
    """Whether any letter of `text` is of the other script than `language`'s."""
    return any(_STRONG.get(unicodedata.bidirectional(char)) == _OTHER[language] for char in text)


def written_in(text: str) -> Markup:
    """The attributes `lang` and `dir` of an element that holds nothing but `text`."""
    language = language_of(text)
    return Markup('lang="{}" dir="{}"').format(language, DIRECTIONS[language])


def isolated(inner: str, language: str) -> Markup:
    """HTML or text as a run of its own."""
    return Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(language, DIRECTIONS[language], inner)


def verbatim(text: str, base: str = "") -> Markup:
    """`text` to the character, names of the other script in it isolated; for an element with `written_in(text)`.

    `base` is the language of the whole where `text` is a part of one.
    """
    base = base or language_of(text)
    return Markup("").join(_part(part, base) for part in _PARTS.split(text))


def quoted(text: str) -> Markup:
    """A text of a model or a visitor as it is, in its own language and direction, within a line of the page's."""
    return isolated(verbatim(text), language_of(text))


def runs_marked(text: str, language: str) -> Markup:
    """`text` escaped, with runs of the other script in `<bdi lang>`; placeholders in braces stay whole."""
    parts: list[Markup] = []
    # A placeholder's name is Latin, but no word of the sentence.
    for part in re.split(r"(\{\w*\})", text):
        if part.startswith("{") and part.endswith("}"):
            parts.append(escape(part))
            continue
        end = 0
        for found in _FOREIGN[language].finditer(part):
            parts.append(escape(part[end : found.start()]))
            parts.append(isolated(found[0], _OTHER[language]))
            end = found.end()
        parts.append(escape(part[end:]))
    return Markup("").join(parts)


def _part(part: str, base: str) -> Markup:
    if letters_of(part) in (None, base):
        return runs_marked(part, base)
    bare = part.strip()
    before, after = part.split(bare, 1)
    return escape(before) + isolated(runs_marked(bare, _OTHER[base]), _OTHER[base]) + escape(after)
