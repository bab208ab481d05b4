"""When something happened, in any way in which programs and people write it, as seconds since 1970.

ISO with or without a zone, the day or the month first, months by name in English and Arabic, a spreadsheet's day
numbers, seconds or milliseconds since 1970, digits of either script; a file may mix them. A time without a zone is
taken as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.language.text import match_key
from recommender.shop.sales.words import months

UNREAD: Final = np.iinfo(np.int64).min
"""Stands for a text that is no time."""
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2199
_LIMITS: Final = (1, int(datetime(_LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()))
_DAY: Final = 86_400
_SPREADSHEETS_1970: Final = 25_569
"""The number that a spreadsheet has for 1 January 1970."""
_SPREADSHEETS_2100: Final = 73_051

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?")
_NUMBER: Final = re.compile(r"\d{4,19}(?:\.\d*)?|\d{5},\d+")
_CLOCK: Final = (
    r"(?:(?:[T,\s]|at|الساعة)*(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?|ص|م|صباحا|مساء)?"
    r"\s*(?P<zone>z|(?:utc|gmt)?\s?[+-]\d{1,2}:?\d{2}(?:\s?(?:utc|gmt))?|utc|gmt)?)?\s*(?:\([^)]*\))?"
)
_WEEKDAY: Final = r"(?:[^\W\d_]+\.?,?\s+)?"
_YEAR_FIRST: Final = re.compile(
    rf"(?P<year>\d{{4}})[-/.\s](?P<b>\d{{1,2}})[-/.\s](?P<a>\d{{1,2}}){_CLOCK}", re.IGNORECASE
)
_YEAR_LAST: Final = re.compile(
    rf"{_WEEKDAY}(?P<a>\d{{1,2}})\s?(?P<mark>[-/.])\s?(?P<b>\d{{1,2}})\s?[-/.]\s?(?P<year>\d{{4}}|\d{{2}}){_CLOCK}",
    re.IGNORECASE,
)
_MONTH: Final = r"(?P<month>[^\W\d_]+\.?(?:\s[^\W\d_]{3,})?\.?)"
_DAY_MONTH: Final = re.compile(
    rf"{_WEEKDAY}(?P<a>\d{{1,2}})(?:st|nd|rd|th)?[-/.,\s]*{_MONTH}[-/.,\s]*(?P<year>\d{{4}}|\d{{2}}){_CLOCK}",
    re.IGNORECASE,
)
_MONTH_DAY: Final = re.compile(
    rf"{_WEEKDAY}{_MONTH}[-/.,\s]*(?P<a>\d{{1,2}})(?:st|nd|rd|th)?[-/.,\s]+(?P<year>\d{{4}}){_CLOCK}", re.IGNORECASE
)
# As a browser and Unix write it: Wed Dec 1 08:26:00 UTC 2010 is not read, Wed Dec 01 2010 08:26:00 GMT+0200 is.
_WORDED: Final = (_DAY_MONTH, _MONTH_DAY)


class Times(NamedTuple):
    """Seconds since 1970 for each text, `UNREAD` where it is no time, int64.

    Attributes:
        day_first: how dates such as 03/04/2011 were read; None if there was none.
        is_sure: whether the texts themselves tell that.
    """

    seconds: NDArray[np.int64]
    day_first: bool | None = None
    is_sure: bool = True


class _Parts(NamedTuple):
    """A date whose day and month may be in either order, with its time of day in seconds.

    `has_half`: whether that has an am or a pm behind it; those that Arabic writes say nothing of the order.
    """

    place: int
    year: int
    a: int
    b: int
    clock: int
    mark: str
    has_half: bool


def times_of(texts: Sequence[str], day_first: bool | None = None) -> Times:
    """The times that `texts` write, which are the different cells of one column in the order of their first row.

    Whether the day stands first in dates such as 03/04/2011 is decided for all of them: by `day_first`, else by those
    that leave no choice (31/12/2010), else by the order in which the texts stand, else by how they are written. One
    that leaves no choice is read in the way that is left.
    """
    texts = [_plain(text) for text in texts]
    seconds = np.full(len(texts), UNREAD, dtype=np.int64)
    iso = [place for place, text in enumerate(texts) if _ISO.fullmatch(text)]
    if iso:
        seconds[iso] = _iso([texts[place] for place in iso])
    open_dates: list[_Parts] = []
    for place in np.flatnonzero(seconds == UNREAD).tolist():
        if parts := _one(texts[place], place, seconds):
            open_dates.append(parts)
    if not open_dates:
        return Times(seconds)
    first, is_sure = (day_first, True) if day_first is not None else _order(open_dates)
    for parts in open_dates:
        seconds[parts.place] = _date(parts, first)
    return Times(seconds, first, is_sure)


@cache
def is_time(text: str) -> bool:
    """Whether `text` is a time."""
    return bool(times_of([text]).seconds[0] != UNREAD)


def iso_text(seconds: int) -> str:
    """A time as ISO has it, without a zone: 2010-12-01 08:26:00."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _plain(text: str) -> str:
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    digits = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)
    hidden = re.sub("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u0640\u064b-\u0652]", "", digits)
    return " ".join(hidden.replace("،", ",").replace("\u066b", ".").split())


def _iso(texts: list[str]) -> NDArray[np.int64]:
    parsed = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce").tz_localize(None)
    found = parsed.to_numpy().astype("datetime64[s]")
    seconds = found.astype(np.int64)
    good = ~np.isnat(found) & (seconds >= _LIMITS[0]) & (seconds < _LIMITS[1])
    return np.where(good, seconds, UNREAD)


def _one(text: str, place: int, seconds: NDArray[np.int64]) -> _Parts | None:
    """Put the time that `text` writes in its place; or its parts, where the day and the month may be either."""
    if _NUMBER.fullmatch(text):
        seconds[place] = _of_number(text)
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        if (clock := _clock(found)) is not None:
            seconds[place] = _seconds(int(found["year"]), int(found["b"]), int(found["a"]), clock)
        return None
    if found := _YEAR_LAST.fullmatch(text):
        if (clock := _clock(found)) is None:
            return None
        return _Parts(
            place,
            _year(found["year"]),
            int(found["a"]),
            int(found["b"]),
            clock,
            found["mark"],
            (found["half"] or "م").isascii(),
        )
    for pattern in _WORDED:
        found = pattern.fullmatch(text)
        if found and (month := months().get(match_key(found["month"]))) and (clock := _clock(found)) is not None:
            seconds[place] = _seconds(_year(found["year"]), month, int(found["a"]), clock)
            return None
    return None


def _of_number(text: str) -> int:
    text = text.replace(",", ".")
    whole, value = text.partition(".")[0], float(text)
    size = len(whole)
    if size in (8, 12, 14) and whole == text and 1900 <= int(whole[:4]) <= _LAST_YEAR:
        hour, minute, second = (int(whole[at : at + 2] or 0) for at in (8, 10, 12))
        if hour < 24 and minute < 60 and second < 60:
            found = _seconds(int(whole[:4]), int(whole[4:6]), int(whole[6:8]), hour * 3600 + minute * 60 + second)
            if found != UNREAD:
                return found
    if _SPREADSHEETS_1970 <= value < _SPREADSHEETS_2100:
        return round((value - _SPREADSHEETS_1970) * _DAY)
    # Nine to ten figures are seconds, and three more each time that they are counted a thousand times finer.
    for figures, scale in ((10, 1), (13, 10**3), (16, 10**6), (19, 10**9)):
        if size in (figures - 1, figures):
            found = int(whole) // scale
            return found if _LIMITS[0] <= found < _LIMITS[1] else UNREAD
    return UNREAD


def _order(dates: Sequence[_Parts]) -> tuple[bool, bool]:
    """Whether the day is first, and whether the dates themselves tell."""
    day_first = sum(date.a > 12 >= date.b for date in dates)
    month_first = sum(date.b > 12 >= date.a for date in dates)
    if day_first or month_first:
        return day_first >= month_first, not (day_first and month_first)
    steps = [_steps_back(dates, first) for first in (True, False)]
    if steps[0] != steps[1]:
        return steps[0] < steps[1], False
    # Dots are Europe's; the halves of a day are America's beside slashes.
    return not (dates[0].mark == "/" and any(date.has_half for date in dates)), False


def _steps_back(dates: Sequence[_Parts], day_first: bool) -> int:
    """How often a date is before the one above it, or after it, whichever is less: exports are sorted."""
    seconds = np.array([_date(date, day_first) for date in dates])
    steps = np.diff(seconds[seconds != UNREAD])
    return int(min((steps < 0).sum(), (steps > 0).sum()))


def _date(date: _Parts, day_first: bool) -> int:
    day, month = (date.a, date.b) if day_first else (date.b, date.a)
    if month > 12 >= day:
        day, month = month, day
    return _seconds(date.year, month, day, date.clock)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 70 else 1900)


def _clock(found: re.Match[str]) -> int | None:
    """Seconds since midnight, less the zone's lead; None if there is no such time of day."""
    if found["hour"] is None:
        return 0
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if half := (found["half"] or "").casefold():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pم" else 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour * 3600 + minute * 60 + second - _lead(found["zone"] or "")


def _lead(zone: str) -> int:
    """By how many seconds a zone such as `+0200`, `GMT-05:00` or `Z` is ahead."""
    figures = re.search(r"([+-])(\d{1,2}):?(\d{2})", zone)
    if not figures:
        return 0
    lead = int(figures[2]) * 3600 + int(figures[3]) * 60
    return -lead if figures[1] == "-" else lead


def _seconds(year: int, month: int, day: int, clock: int) -> int:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return UNREAD
    try:
        midnight = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return UNREAD
    return int(midnight.timestamp()) + clock
