"""Quantities and sums of money as shops write them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_UNIT: Final = r"(?:[^\W\d_]{1,6}\.?|[$€£¥])"
_AMOUNT: Final = re.compile(
    rf"(?P<sign>[+-]?)\s*(?:{_UNIT})?\s*(?P<inner>[+-]?)(?P<figures>\d[\d\s,.']*|[.,]\d+)\s*(?:{_UNIT})?\s*(?P<behind>-?)"
)
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:[ ']\d{3})+")
_MOST: Final = 1e9


def amount_of(text: str) -> float:
    """The number that `text` writes, in digits of any script and with either mark for decimals; nan if it is none.

    A unit or a currency may stand at either end, and brackets around what is taken off, as bookkeepers write it.
    `1,234` are thousands and `1.234` are not.
    """
    plain = (text if text.isascii() else _western(text)).strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    found = _AMOUNT.fullmatch(plain)
    if not found:
        return math.nan
    figures = found["figures"].strip().rstrip(".,")
    if _THOUSANDS.fullmatch(figures):
        figures = re.sub("[,. ']", "", figures)
    figures = re.sub(r"[\s']", "", figures)
    # The last mark parts the decimals, the ones before it are of thousands.
    whole, mark, decimals = figures.replace(",", ".").rpartition(".")
    value = float(f"{whole.replace('.', '')}.{decimals}" if mark else decimals)
    return -value if "-" in (found["sign"], found["inner"], found["behind"]) else value


def amounts_of(texts: Sequence[str]) -> NDArray[np.float64]:
    """The numbers of `texts`; nan for what is none and for what nobody sells so much of. Shape (texts,)."""
    found = np.array([amount_of(text) for text in texts], dtype=np.float64)
    found[np.abs(found) > _MOST] = math.nan
    return found


def _western(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\u066b", ".").replace("\u066c", ",").replace("\u2212", "-")
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)
