"""The scripts of the languages that are here."""

from __future__ import annotations

from typing import Final

from recommender.language.kind import Script

# What follows the first letter of a word in Latin letters within Arabic, which mostly is a code or a brand.
_WORD: Final = r"(?:[\w.'’/@:+-]*[^\W_])?"
LATIN: Final = Script(
    "Latin",
    "ltr",
    "A-Za-zÀ-ÖØ-öø-ʯḀ-ỿⱠ-Ɀꜣ-ꞇꞋ-ꟊﬀ-ﬆ",
    rf"(?a:[A-Za-z]{_WORD}(?:[ ,&]{{1,2}}[A-Za-z0-9]{_WORD})*)",
)
_JOINING: Final = "\u0620-\u065f\u066e-\u06d3\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc"
ARABIC: Final = Script(
    "Arabic",
    "rtl",
    "\u0620-\u063f\u0641-\u064a\u0671-\u06d3\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc",
    f"[{_JOINING}](?:[{_JOINING} ،]*[{_JOINING}])?",
)
