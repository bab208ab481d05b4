"""Whether what came back can be a translation at all."""

from __future__ import annotations

from typing import Final

from recommender.language import LANGUAGES
from recommender.language.text import clean, match_key

LONGEST: Final = 50_000
"""Characters of an answer that are kept; a prompt of 500 names has fewer."""


def tidy(answer: str) -> str:
    """An answer fit to show: no control or bidi characters, single spaces."""
    return clean(answer, LONGEST)


def needs_translating(text: str) -> bool:
    """Whether `text` has a letter; without one, figures and signs are the same in both languages."""
    return any(char.isalpha() for char in text)


def is_usable(answer: str, text: str, target: str) -> bool:
    """Whether `answer` can be a translation of `text`: not empty, not `text` itself, mostly in the target's script.

    An answer far longer than its text is none either.
    """
    letters = [char for char in answer if char.isalpha()]
    own = LANGUAGES[target].script.letter
    fitting = sum(own.search(char) is not None for char in letters)
    long = len(answer) > 10 * len(text) + 100
    return bool(letters) and not long and 2 * fitting > len(letters) and match_key(answer) != match_key(text)
