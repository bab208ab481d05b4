"""Texts in their own language and direction, whatever the page's: what keeps a line of two scripts in its order.

A text runs the way of its first letter, as `dir="auto"` has it. A name of the other script within it is isolated whole,
so that two of them side by side don't change places and digits stay with their word.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from markupsafe import Markup, escape

from recommender.language.kind import Direction
from recommender.language.registry import LANGUAGES, SOURCE

_STRONG: Final[dict[str, Direction]] = {"L": "ltr", "R": "rtl", "AL": "rtl"}
# What parts the names of a prompt, a list or a hop.
SEPARATORS: Final = "[,،;؛{}:\n]"
_PARTS: Final = re.compile(f"({SEPARATORS}+)")


def direction_of(text: str) -> Direction | None:
    """The direction of the first letter of `text`; None where it has none."""
    return next((_STRONG[kind] for kind in map(unicodedata.bidirectional, text) if kind in _STRONG), None)


def language_of(text: str, spoken: str = SOURCE) -> str:
    """The language that `text` is laid out in: that of the label it begins with, if it is a prompt.

    Else it is one that runs the way of its first letter: `spoken` before the others, a script that is in the text
    before one that is not. English where it has no letter.
    """
    for code, language in LANGUAGES.items():
        if text.startswith(f"{language.labels[0]}:"):
            return code
    direction = direction_of(text)
    fitting = [code for code in (spoken, *LANGUAGES) if LANGUAGES[code].direction == direction]
    return next((code for code in fitting if LANGUAGES[code].script.letter.search(text)), (*fitting, SOURCE)[0])


def holds_other(text: str, language: str) -> bool:
    """Whether any letter of `text` runs the other way than `language`."""
    own = LANGUAGES[language].direction
    return any(_STRONG.get(unicodedata.bidirectional(char), own) != own for char in text)


def written_in(text: str, spoken: str = SOURCE) -> Markup:
    """The attributes `lang` and `dir` of an element that holds nothing but `text`."""
    language = language_of(text, spoken)
    return Markup('lang="{}" dir="{}"').format(language, LANGUAGES[language].direction)


def isolated(inner: str, language: str) -> Markup:
    """HTML or text as a run of its own."""
    return Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(language, LANGUAGES[language].direction, inner)


def verbatim(text: str, base: str = "") -> Markup:
    """`text` to the character, names of the other script in it isolated; for an element with `written_in(text)`.

    `base` is the language of the whole where `text` is a part of one.
    """
    base = base or language_of(text)
    return Markup("").join(_part(part, base) for part in _PARTS.split(text))


def quoted(text: str, spoken: str = SOURCE) -> Markup:
    """A text of a model or a visitor as it is, in its own language and direction, within a line of the page's."""
    language = language_of(text, spoken)
    return isolated(verbatim(text, language), language)


def runs_marked(text: str, language: str) -> Markup:
    """`text` escaped, with runs of the other script in `<bdi lang>`; placeholders in braces stay whole."""
    parts: list[Markup] = []
    pattern, others = _foreign(language, tuple(LANGUAGES))
    # A placeholder's name is Latin, but no word of the sentence.
    for part in re.split(r"(\{\w*\})", text):
        if part.startswith("{") and part.endswith("}"):
            parts.append(escape(part))
            continue
        end = 0
        for found in pattern.finditer(part):
            parts.append(escape(part[end : found.start()]))
            parts.append(isolated(found[0], others[(found.lastindex or 1) - 1]))
            end = found.end()
        parts.append(escape(part[end:]))
    return Markup("").join(parts)


@functools.cache
def _foreign(language: str, known: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """What finds a run of a script that goes the other way, one group a script, and the first language of each."""
    runs: dict[str, str] = {}
    for code in known:
        if LANGUAGES[code].direction != LANGUAGES[language].direction:
            runs.setdefault(LANGUAGES[code].script.run, code)
    return re.compile("|".join(f"({run})" for run in runs) or r"(?!)"), tuple(runs.values())


def _part(part: str, base: str) -> Markup:
    if direction_of(part) in (None, LANGUAGES[base].direction):
        return runs_marked(part, base)
    bare, other = part.strip(), language_of(part, base)
    before, after = part.split(bare, 1)
    return escape(before) + isolated(runs_marked(bare, other), other) + escape(after)
