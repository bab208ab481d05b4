"""Names as people type them: shown as written, compared by a key, and refused only where they could deceive.

The three are apart on purpose. `clean` changes nothing that can be seen; `match_key` folds what spellings differ in and
keeps what tells goods apart; `name_problem` refuses what hides something or would break the prompt.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

import regex

from recommender.language.measures import measured
from recommender.language.registry import LANGUAGES
from recommender.language.scripts import ARABIC

NAME_LIMIT: Final = 100
"""Characters a name may have, counted after NFKC (which turns the single character U+FDFA into 18)."""

# Blank or invisible, yet by category letters or marks: fillers, joiners, variation selectors, blank Braille.
_IGNORABLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
)
# Those, and what is a control, format, bidi, zero-width or lone-surrogate character.
_HIDDEN: Final = regex.compile(rf"[\p{{Cc}}\p{{Cf}}\p{{Cs}}\p{{Zl}}\p{{Zp}}{''.join(sorted(_IGNORABLE))}]")
_BRACKETS: Final = frozenset("<>{}")
# An emoji may hold joiners, variation selectors and the tags of a region's flag; a ZWNJ shapes Arabic letters.
_LETTER: Final = "[\u0620-\u064a\u066e-\u06d3\u0750-\u077f]"
_PICTURE: Final = r"\p{ExtPict}[\uFE0E\uFE0F]?\p{EMod}?"
_EMOJI: Final = (
    rf"\p{{RI}}\p{{RI}}|[0-9#*]\uFE0F?\u20E3|\U0001F3F4[\U000E0061-\U000E007A]{{5}}\U000E007F"
    rf"|{_PICTURE}(?:\u200D{_PICTURE})*"
)
_WHOLE: Final = regex.compile(rf"({_EMOJI}|(?<={_LETTER})\u200C(?={_LETTER}))")
# Not the figures of a keycap, and not the two signs that tell a shirt for her from one for him.
_PASSED_OVER: Final = regex.compile(rf"(?![♀♂0-9#*])(?:{_EMOJI})|[\uFE0E\uFE0F\u20E3]")
_TRADE: Final = re.compile("[™®©℠℗]")

# A comma between the figures of a measure (1,5 L) is part of it; every other one parts names.
_UNITS: Final = (
    "[cdm]?l|lt|ltr|lit[er]{2}s?|[km]?gr?|[kcm]?m|qm|dpt|zoll|inch|in|ft|oz|lbs?|k?wh?|m?ah?|k?v|[kmgt]b|[kmg]?hz"
    "|لترا?|ل|مل|كغم?|كجم|كيلو|غرام|جرام|غم?|جم|سم|مم|كم|مترا?|م|بوصة|إنش|واط|فولت"
)
_MEASURE: Final = rf"(?<=[0-9٠-٩].)[0-9٠-٩]{{1,3}}(?![0-9٠-٩])\s?(?:[x×]\s?[0-9٠-٩]|[\"″”%٪°]|(?:{_UNITS})(?!\w))"
_SEPARATORS: Final = re.compile(rf"(?:[,،](?!{_MEASURE})|[、;؛\n\r\u2028\u2029\uff0c\uff1b])+", re.IGNORECASE)

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
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'`’‘ʼʻʽ′"))
_FORMULA: Final = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@])")


def clean(text: str, limit: int = 200) -> str:
    """`text` fit to show and keep: as written, but with nothing invisible, single spaces, at most `limit` characters.

    Emoji keep what joins them, and accents are composed (NFC), which nobody sees.
    """
    tidy = _tidy(text)
    # Tidied once more, because the cut may go through an emoji.
    return tidy if len(tidy) <= limit else _tidy(tidy[:limit])


def match_key(text: str) -> str:
    """What two spellings of one name have in common; for comparing, never for showing.

    Case, harakat, tatweel, hamza and Persian letter forms, ى/ي, ة/ه, the digits' script, a leading ال of each word,
    apostrophes, other punctuation, ™ ® © and emoji, and spacing make no difference. What tells goods apart does: the
    marks of a measure, as `measures.measured` has them, and # % & @ +. Idempotent. Empty only if nothing visible is in
    `text`: a name made of punctuation is its own key.
    """
    if text.isascii() and text.replace(" ", "").isalpha():
        return " ".join(text.casefold().split())
    # Bounded so that a visitor's endless texts don't stay in memory.
    return _key(text) if len(text) > 2 * NAME_LIMIT else _cached_key(text)


def split_names(text: str) -> list[str]:
    """The names of a list, parted by commas or semicolons of either script or by line ends, in order.

    Stray separators make no names; spaces around a name are dropped and nothing else is. The comma of a measure
    ("Milk 1,5 L") parts nothing.
    """
    return [name.strip() for name in _SEPARATORS.split(text) if (name.strip() if name.isascii() else _tidy(name))]


def safe_cell(text: str) -> str:
    """`text` for a spreadsheet's cell: with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if _FORMULA.match(unicodedata.normalize("NFKC", text)) else text


def name_problem(text: str) -> str | None:
    """The key of the sentence that says why `text` can't be an item's name, or None if it can.

    The sentences take one field, `name`: pass `shown(text)`.
    """
    # In the form that a model reads: a full-width brace is a brace to it.
    plain = unicodedata.normalize("NFKC", _tidy(text))
    if not plain:
        return "name_empty"
    if len(plain) > NAME_LIMIT:
        return "name_too_long"
    if _HIDDEN.search(_WHOLE.sub("", text.strip())):
        return "name_invisible"
    if not _BRACKETS.isdisjoint(plain):
        return "name_brackets"
    if _SEPARATORS.search(_tidy(text)) or _SEPARATORS.search(plain):
        return "name_separator"
    return "name_label" if _labels(tuple(LANGUAGES)).search(" ".join(_letters(plain).split())) else None


def shown(text: str, limit: int = 40) -> str:
    """`text` for quoting in a sentence: cleaned, and with an ellipsis where it is cut."""
    tidy = _tidy(text)
    return tidy if len(tidy) <= limit else tidy[: limit - 1].rstrip() + "…"


def slug(text: str) -> str:
    """A kebab-case id for a name, in the name's own script; `item` where it has no letter or digit."""
    plain = unicodedata.normalize("NFKC", _TRADE.sub("", _tidy(text)))
    words = plain.casefold().translate({**_UNWRITTEN, **_APOSTROPHES})
    return re.sub(r"[\W_]+", "-", words).strip("-")[:80].rstrip("-") or "item"


def is_arabic(text: str) -> bool:
    """Whether any letter of `text` is Arabic."""
    return ARABIC.letter.search(text) is not None


@functools.cache
def _labels(known: tuple[str, ...]) -> re.Pattern[str]:
    """Finds a label of a prompt of the languages `known`, folded by `_letters`."""
    labels = [" ".join(_letters(label).split()) for code in known for label in LANGUAGES[code].labels]
    # A label of one word is an ordinary word until a colon follows.
    return re.compile("|".join(re.escape(label) + ("" if " " in label else " ?[:∶꞉]") for label in labels))


def _tidy(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        if _HIDDEN.search(text):
            # At odd places stand the emoji, whole.
            pieces = enumerate(_WHOLE.split(text))
            text = "".join(piece if place % 2 else _visible(piece) for place, piece in pieces)
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def _visible(text: str) -> str:
    visible: str = _HIDDEN.sub(lambda found: " " if found[0].isspace() else "", text)
    return visible


def _letters(text: str) -> str:
    return unicodedata.normalize("NFKC", text.casefold()).translate(_FOLDED)


def _fold(text: str) -> str:
    heard = _PASSED_OVER.sub(" ", _TRADE.sub("", _tidy(text)))
    # A free-standing acute is how some keyboards type an apostrophe; NFKC would make it a space and an accent.
    spaced = measured(heard.replace("´", "'"), _letters)
    return " ".join(_without_article(word) for word in spaced.split())


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
            # What stood between two signs may be nothing by itself.
            return _own(key) or _own(text)
        key = folded
    return key


def _own(text: str) -> str:
    """The key of a text of which folding leaves nothing."""
    while (folded := _tidy(text.casefold())) != text:
        text = folded
    return text


_cached_key = functools.lru_cache(maxsize=8192)(_key)
