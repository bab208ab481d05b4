"""From a file's bytes to its text: UTF-8, UTF-16, and Windows-1256 or 1252 where that gives plausible words."""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

from recommender.errors import DataError
from recommender.shop.tables.problems import Problem

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_KINDS: Final = (
    (b"\xd0\xcf\x11\xe0", "table_old_excel"),
    (b"%PDF", "table_not_text"),
    (b"PAR1", "table_not_text"),
    (b"\x89PNG", "table_not_text"),
    (b"\xff\xd8\xff", "table_not_text"),
    (b"GIF8", "table_not_text"),
    (b"RIFF", "table_not_text"),
    (b"{\\rtf", "table_not_text"),
    (b"\x1f\x8b", "table_packed"),
    (b"Rar!", "table_packed"),
    (b"7z\xbc\xaf", "table_packed"),
)
_WEB_PAGE: Final = re.compile(r"\s*<(?:!doctype|html|table|head|meta|style|\?xml)", re.IGNORECASE)
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")
_JUDGED: Final = 400_000
"""Characters by which an encoding is judged: a table that has said nothing by then says nothing later."""

_WORD: Final = re.compile("[^\x00-\x26\x28-\x40\x5b-\x60\x7b-\x7f\xa0]*[^\x00-\x7f\xa0][^\x00-\x26\x28-\x40\x5b-\x60\x7b-\x7f\xa0]*")  # fmt: skip  # noqa: E501
_ARABIC: Final = re.compile("[\u0621-\u064a][\u0621-\u0652\u067e\u0686\u0698\u06a9\u06af\u06cc]+")
_FRENCH: Final = "àâçèéêëîïôùûüœ"
# Letters of Western Europe: an accented one alone, or among plain ones that it does not outnumber; ðþ are Turkish in
# most files (Windows-1254), and a capital behind a small letter is how a Macintosh's ä and ü come out.
_WESTERN: Final = re.compile("[A-Za-z'À-ÖØ-Üß-ïñ-öø-üŒœŠšŽžŸ]+")
_BROKEN_CASE: Final = re.compile("[a-zß-ÿ][À-ÖØ-ÞŠŽŸ]|[À-ÖØ-ÞŠŽŸ][a-z]*[ŠŽŸ]")
_MARK: Final = re.compile("[^\\w\u200c-\u200f]+")
# Marks that stand alone or around words and figures, in either encoding at the same place.
_SIGNS: Final = frozenset("€‚„…†‡ˆ‰‹‘’“”•–—™›¢£¤¥¦§¨©«¬®¯°±²³´µ¶·¸¹»¼½¾×÷،؛؟¡¿ª")
# A sign between two letters, or one that only figures follow before a letter: a word read wrongly.
_SIGN_INSIDE: Final = re.compile(
    "[^\\W\\d_][€‚„…†‡ˆ‰‹“”•˜›¡¢£¤¥¦§¨©«¬¯±²³´µ¶¸¹»¼½¾¿ªº×÷][^\\W\\d_]|[¢£¤¥¦§¨¬¯²³´¶¸¹¼½¾][^\\W\\d_]"
)
_ALONE: Final = frozenset({"à", "è", "é", "ö", "å", "ä", "ø", "œ", "été", "œil"})
_ARABIC_ALONE: Final = frozenset("وملغبكس")
_UNWRITTEN: Final = re.compile("[\u0640\u064b-\u0652\u200c-\u200f]")
_MISREAD: Final = re.compile("[ÂÃØÙÚÛ][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]")


class Decoded(NamedTuple):
    """A file's text, and a note where it was not plain UTF-8 or UTF-16."""

    text: str
    notes: tuple[Problem, ...] = ()


def decode(data: bytes, file: str) -> Decoded:
    """The text of the bytes of a `file`, whose name is for the sentences.

    Byte order marks decide; UTF-16 is told without one by its zero bytes. What is not UTF-8 is Windows-1256 or 1252,
    whichever makes nearly all of its words plausible; text that a program read as Western and saved as UTF-8 is put
    right. These last two are noted.

    Raises:
        DataError: if it is a file of another kind, or none of these encodings gives plausible text.
    """
    for mark, key in _OTHER_KINDS:
        if data.startswith(mark):
            raise DataError(key, file=file)
    encoding = _marked(data) or _by_zeros(data) or "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise DataError("table_not_text", file=file) from None
        return _windows(data, file, data.count(b"\n", 0, error.start) + 1)
    text = text.lstrip("\ufeff").rstrip("\x1a")
    if _WEB_PAGE.match(text):
        raise DataError("table_web_page", file=file)
    if _CONTROL.search(text):
        raise DataError("table_not_text", file=file)
    return _put_right(text, file)


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def _by_zeros(data: bytes) -> str | None:
    """UTF-16 without a mark: the line ends, commas and digits of a table leave every other byte zero there."""
    head = data[:4096]
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) <= len(head) // 20 or min(low, high) > max(low, high) // 20:
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def _windows(data: bytes, file: str, line: int) -> Decoded:
    """The more plausible of the two readings, if it is plausible enough."""
    data = data.rstrip(b"\x1a")
    readings = []
    for encoding, judge in (("cp1252", _is_western), ("cp1256", _is_arabic_or_french)):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        words = _WORD.findall(text[:_JUDGED])
        # A page of signs only (2 m²) is as good in either.
        share = sum(map(judge, words)) / len(words) if words else 0.0
        readings.append((share, encoding, text))
    share, encoding, text = max(readings, key=lambda reading: reading[0])
    if share < 0.9 or _CONTROL.search(text):
        raise DataError("not_utf8", file=file, line=line)
    name = encoding.replace("cp", "Windows-")
    return Decoded(text, (Problem(0, "note_encoding", {"file": file, "encoding": name}),))


def _is_western(word: str) -> bool:
    if any(char not in _SIGNS and not char.isalpha() and not char.isascii() for char in word):
        return False
    if _SIGN_INSIDE.search(word):
        return False
    return all(_is_western_part(part) for part in _MARK.split(word) if part and not part.isascii())


def _is_western_part(part: str) -> bool:
    letters = "".join(char for char in part if char not in _SIGNS and not char.isdigit())
    if not letters or letters.isascii():
        return True
    accented = sum(not char.isascii() for char in letters)
    if not _WESTERN.fullmatch(letters) or _BROKEN_CASE.search(letters):
        return False
    return 2 * accented <= len(letters) or letters.casefold() in _ALONE


def _is_arabic_or_french(word: str) -> bool:
    word = _UNWRITTEN.sub("", word)
    if _SIGN_INSIDE.search(word) or any(
        char not in _SIGNS and not char.isalnum() and not char.isascii() for char in word
    ):
        return False
    return all(_is_one_script(part) for part in _MARK.split(word) if part and not part.isascii())


def _is_one_script(part: str) -> bool:
    letters = "".join(char for char in part if char not in _SIGNS and not char.isdigit())
    if not letters or letters.isascii() or letters in _ARABIC_ALONE:
        return True
    if _ARABIC.fullmatch(letters):
        return True
    rest = "".join(char for char in letters.casefold() if char not in _FRENCH)
    return (rest.isascii() and 2 * len(rest) >= len(letters)) or letters.casefold() in _ALONE


def _put_right(text: str, file: str) -> Decoded:
    """Text whose bytes a program took for Western letters (`Ù‚Ù…ÙŠØµ`) as it was meant, where all of it can be."""
    if not _MISREAD.search(text[:_JUDGED]):
        return Decoded(text)
    try:
        mended = text.encode("cp1252", errors=_OPEN_PLACES).decode("utf-8")
    except UnicodeError:
        return Decoded(text)
    return Decoded(mended.lstrip("\ufeff"), (Problem(0, "note_misread", {"file": file}),))


def _byte(error: UnicodeError) -> tuple[bytes, int]:
    """The byte for a character that Windows-1252 leaves open, which programs pass through as it is."""
    if isinstance(error, UnicodeEncodeError) and 0x80 <= ord(error.object[error.start]) < 0xA0:
        return bytes([ord(error.object[error.start])]), error.start + 1
    raise error


_OPEN_PLACES: Final = "recommender-open-places"
codecs.register_error(_OPEN_PLACES, _byte)
