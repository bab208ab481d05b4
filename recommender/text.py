"""Names as people type them: cleaning for display, keys for comparing, and what makes a name unusable."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

NAME_LIMIT: Final = 100
"""Characters a name may have, counted after NFKC (which turns the single character U+FDFA into 18)."""

# Blank or invisible, yet by category letters or marks: fillers, joiners, variation selectors, blank Braille.
_IGNORABLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
)
_BRACKETS: Final = frozenset("<>{}")
_SEPARATORS: Final = re.compile("[,،、;؛\n\r\u2028\u2029\uff0c\uff1b]+")

_MARKS: Final = [
    *range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD), *range(0x06DF, 0x06E5),
    *range(0x06E7, 0x06E9), *range(0x06EA, 0x06EE), *range(0x08CA, 0x08E2), *range(0x08E3, 0x0900),
]  # fmt: skip
_TATWEEL: Final = 0x0640
# Deleted rather than replaced by spaces, which would break a vocalised word in pieces.
_UNWRITTEN: Final = dict.fromkeys([*_MARKS, _TATWEEL])
_FOLDED: Final = {
    **_UNWRITTEN,
    **dict.fromkeys(map(ord, "ءٴ")),
    **dict.fromkeys(map(ord, "أإآٱٲٳ"), "ا"),
    **dict.fromkeys(map(ord, "ىئیېے"), "ي"),
    **dict.fromkeys(map(ord, "ةۀہۂۃەھ"), "ه"),
    **dict.fromkeys(map(ord, "کڪ"), "ك"),
    ord("ؤ"): "و",
    **{ord(digit): str(value) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(digits)},
}
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'`’‘ʼʻʽ′®©"))
_TELLING: Final = frozenset("#%&@")
_ARABIC: Final = re.compile("[\u0620-\u063f\u0641-\u064a\u0671-\u06d3\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc]")
# `prompt.LABELS` folded by `_letters`; the one-word labels are ordinary words until a colon follows.
_LABELS: Final = re.compile(
    "items purchased|candidates for recommendation|recommendation ?[:∶꞉]|عناصر تم شراوها|المرشحين للتوصيه|توصيه ?[:∶꞉]"
)


def clean(text: str, limit: int = 200) -> str:
    """`text` fit to show and keep: NFKC, nothing invisible, single spaces, at most `limit` characters after that."""
    return _tidy(text)[:limit].rstrip()


def match_key(text: str) -> str:
    """What two spellings of one name have in common; for comparing, never for showing.

    Case, harakat, tatweel, hamza and Persian letter forms, ى/ي, ة/ه, the digits' script, a leading ال of each word,
    apostrophes, other punctuation and spacing make no difference. Idempotent. Empty only if nothing visible is in
    `text`: a name made of punctuation is its own key.
    """
    # Bounded so that a visitor's endless texts don't stay in memory.
    return _key(text) if len(text) > 2 * NAME_LIMIT else _cached_key(text)


def split_names(text: str) -> list[str]:
    """The names of a list, parted by commas or semicolons of either script or by line ends, in order.

    Stray separators make no names; spaces around a name are dropped and nothing else is.
    """
    return [name.strip() for name in _SEPARATORS.split(text) if _tidy(name)]


def safe_cell(text: str) -> str:
    """`text` for a spreadsheet's cell: NFKC, and an apostrophe before what a spreadsheet would run as a formula."""
    # NFKC comes first because it can create the `=`, from a full-width one.
    text = unicodedata.normalize("NFKC", text)
    return f"'{text}" if text[:1] in {"\t", "\r", "\n"} or text.lstrip()[:1] in {"=", "+", "-", "@"} else text


def name_problem(text: str) -> str | None:
    """The key of the sentence that says why `text` can't be an item's name, or None if it can.

    The sentences take one field, `name`: pass `shown(text)`.
    """
    tidy = _tidy(text)
    if not tidy:
        return "name_empty"
    if len(tidy) > NAME_LIMIT:
        return "name_too_long"
    if any(_is_hidden(char) for char in text.strip()):
        return "name_invisible"
    if not _BRACKETS.isdisjoint(tidy):
        return "name_brackets"
    if _SEPARATORS.search(tidy):
        return "name_separator"
    return "name_label" if _LABELS.search(" ".join(_letters(tidy).split())) else None


def shown(text: str, limit: int = 40) -> str:
    """`text` for quoting in a sentence: cleaned, and with an ellipsis where it is cut."""
    tidy = _tidy(text)
    return tidy if len(tidy) <= limit else tidy[: limit - 1].rstrip() + "…"


def slug(text: str) -> str:
    """A kebab-case id for a name, in the name's own script; `item` where it has no letter or digit."""
    words = _tidy(text).casefold().translate({**_UNWRITTEN, **_APOSTROPHES})
    return re.sub(r"[\W_]+", "-", words).strip("-")[:80].rstrip("-") or "item"


def is_arabic(text: str) -> bool:
    """Whether any letter of `text` is Arabic."""
    return _ARABIC.search(text) is not None


def _is_hidden(char: str) -> bool:
    """Whether `char` is a control, format, bidi, zero-width or lone-surrogate character."""
    return char in _IGNORABLE or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _tidy(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        text = "".join(" " if char.isspace() else "" if _is_hidden(char) else char for char in text)
        # A free-standing acute is how some keyboards type an apostrophe; NFKC would make it a space and an accent.
        text = unicodedata.normalize("NFKC", text.replace("´", "'"))
    return " ".join(text.split())


def _letters(text: str) -> str:
    return unicodedata.normalize("NFKC", text.casefold()).translate(_FOLDED)


def _fold(text: str) -> str:
    folded = _letters(_tidy(text).translate(_APOSTROPHES))
    spaced = "".join(" " if _is_punctuation(char) else char for char in folded)
    return " ".join(_without_article(word) for word in spaced.split())


def _is_punctuation(char: str) -> bool:
    return char == "⁄" or (unicodedata.category(char)[0] == "P" and char not in _TELLING)


def _without_article(word: str) -> str:
    # Again and again, because a word that begins with ال by itself (ألعاب) must fold as it does after an article.
    while word.startswith("ال") and len(word) >= 4:
        word = word[2:]
    return word


def _key(text: str) -> str:
    key = text
    # One pass can bring together what the next one folds further (a letter and its accent, once a tatweel is gone).
    while (folded := _fold(key)) != key:
        if not folded:
            return unicodedata.normalize("NFKC", _tidy(key).casefold())
        key = folded
    return key


_cached_key = functools.lru_cache(maxsize=8192)(_key)
