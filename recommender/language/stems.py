"""A word without the ending that only says how many: for searching, where "cups" shall find a cup.

No dictionary: endings alone, of the keys that `text.match_key` makes. Plurals that change within the word stay apart.
"""

from __future__ import annotations

from typing import Final

from recommender.language.scripts import ARABIC

# In folded letters; with each the letters that must be left before it.
_ARABIC: Final = (("ات", 2), ("ون", 3), ("ين", 3), ("ان", 3), ("يه", 3), ("ه", 2))
_LATIN: Final = (("ies", "y", 2), ("sses", "ss", 1), ("shes", "sh", 1), ("ches", "ch", 1), ("xes", "x", 1))
_NO_PLURAL: Final = ("ss", "us", "is")


def stem(word: str) -> str:
    """What singular and plural of a word have in common, as far as endings tell; `word` is folded as a match key is."""
    if ARABIC.letter.search(word):
        for ending, left in _ARABIC:
            if word.endswith(ending) and len(word) - len(ending) >= left:
                return word[: -len(ending)]
        return word
    for ending, instead, left in _LATIN:
        if word.endswith(ending) and len(word) - len(ending) >= left:
            return word[: -len(ending)] + instead
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_NO_PLURAL) else word
