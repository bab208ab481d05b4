"""The signs of a measure, which tell goods apart: `Lens -2.50` is not `Lens 2.50`, and `Pan 10"` not `Pan 10`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import regex

_PUNCTUATION: Final = regex.compile(r"\p{P}")
_FRACTION: Final = re.compile(r"(?<=\d)(?=[¼½¾⅐-⅞↉])")
_POWER: Final = re.compile(r"(?<=\d)(?=[⁰¹²³⁴-⁹])")
_PRIME: Final = re.compile(r"(?<=\d)\s+(?=[′″])")
_TYPED: Final = {
    **dict.fromkeys(map(ord, "‐‑‒–−⁃"), "-"),
    **dict.fromkeys(map(ord, "⁄∕"), "/"),
    **dict.fromkeys(map(ord, "’‘ʼʻʽ′`׳"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″״«»"), '"'),
    ord("٪"): "%",
    ord("٫"): ".",
}
_THOUSANDS: Final = re.compile(r"(?<=\d)٬(?=\d)")
_COMMA: Final = re.compile(r"(?<=\d)[,،](?=\d)")
_SPACED: Final = re.compile(r"(?<=\d) */ *(?=\d)")
_TIMES: Final = re.compile(r"(?<=[\d\"']) *[x×*] *(?=\d)")
# The minus stands behind in exports of SAP, and where it is typed from right to left.
_BEHIND: Final = re.compile(r"(?<![\w.\-/])(\d+(?:\.\d+)?)-$")
_LONE_INCH: Final = re.compile(r"(?<=\d) +(?=\"[^\"]*$)")
_TELLING: Final = re.compile(
    r"""[#%&@]
    | (?<=\d)\.(?=\d) | (?<![\w.])\.(?=\d)      # 2.50, .5
    | (?<=\d)/ | /(?=\d)                        # 1/2, 42/L
    | (?<![\w.])-(?=\.?\d) | (?<=\d)-(?=\d)     # -2.50, 1-2
    """,
    re.VERBOSE,
)
# Behind a figure: an apostrophe as in 80's, not feet as in 5'x7' or 6'2".
_APOSTROPHE: Final = re.compile(r"'(?!x ?\d)[^\W\d_]")
# How inch and foot marks are written while quotation marks are taken out.
_INCH: Final = 0xF0000
_FOOT: Final = 0xF0001


def measured(text: str, fold: Callable[[str], str]) -> str:
    """`text` folded by `fold`, with spaces for its punctuation, less the marks that belong to figures.

    These stay: a sign, a decimal point (or comma), a slash, a hyphen between figures, inch and foot marks behind a
    figure, whatever they are typed as (`10"`, `10″`, `10''`); ½ is 1/2, ² behind a figure is not the figure 2, × is x,
    ٪ is %. So do # % & @. An apostrophe leaves nothing, not even a space.
    """
    text = _PRIME.sub("", _POWER.sub("^", _FRACTION.sub(" ", text)))
    text = _THOUSANDS.sub("", fold(text)).translate(_TYPED)
    if any(char.isdigit() for char in text):
        text = _figures(text)
    text = _without_quotes(text)
    spaced: str = _PUNCTUATION.sub(lambda found: found[0] if _TELLING.match(text, found.start()) else " ", text)
    return spaced.translate({_INCH: '"', _FOOT: "'"})


def _figures(text: str) -> str:
    text = _SPACED.sub("/", _COMMA.sub(".", text.replace("''", '"')))
    if text.count('"') == 1:
        text = _LONE_INCH.sub("", text)
    return _BEHIND.sub(r"-\1", _TIMES.sub("x", text))


def _without_quotes(text: str) -> str:
    """`text` without quotation marks and apostrophes; behind a figure, and closing no quotation, they are measures."""
    if "'" not in text and '"' not in text:
        return text
    out: list[str] = []
    is_open = {"'": False, '"': False}
    for place, char in enumerate(text):
        if char not in is_open:
            out.append(char)
            continue
        before = text[place - 1] if place else ""
        if before.isdigit() and not is_open[char] and (char == '"' or not _APOSTROPHE.match(text, place)):
            out.append(chr(_INCH if char == '"' else _FOOT))
        elif char == '"':
            is_open[char] = not is_open[char]
            out.append(" ")
        else:
            is_open[char] = not before.isalnum() and not is_open[char]
    return "".join(out)
