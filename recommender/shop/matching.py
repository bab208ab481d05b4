"""What the text that a model wrote is: an item on offer, one already owned, or neither."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz

from recommender.language.text import clean, match_key
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

FUZZY_THRESHOLD: Final = 90.0
"""Least similarity of match keys, by rapidfuzz's `ratio` (0 to 100): one typing mistake in ten letters, about."""
FUZZY_MARGIN: Final = 3.0
"""By how much the most similar item must lead the next one; nearer than that, the text could mean either."""

Status = Literal["candidate", "owned", "unknown"]
How = Literal["exact", "normalised", "alias", "fuzzy", "none"]


@dataclass(frozen=True)
class Match:
    """The item that a text names, if any, whether it is on offer, and how the text was recognised."""

    item: Item | None
    status: Status
    how: How


UNMATCHED: Final = Match(None, "unknown", "none")


def match(text: str, basket: Sequence[Item], candidates: Sequence[Item]) -> Match:
    """Recognise `text` as the name of a candidate, else of an item of the basket.

    From the strictest way to the loosest: the name itself in either language, or the form of it that a model can write
    (NFKC: `m2` for `m²`), apart from spaces around it (`exact`); the same match key (`normalised`); an alias' key
    (`alias`); the one most similar name or alias (`fuzzy`, see `FUZZY_THRESHOLD` and `FUZZY_MARGIN`). A stricter way
    with an owned item wins over a looser one with a candidate. Text that names nothing, the empty text included, is
    `unknown`, `none`.
    """
    bare, key = text.strip(), match_key(text)
    if not key:
        return UNMATCHED
    ways: tuple[tuple[How, Callable[[Item], bool]], ...] = (
        ("exact", lambda item: bare in item.proper_names() or bare in _as_written(item)),
        ("normalised", lambda item: key in _keys(item.proper_names())),
        ("alias", lambda item: key in _keys(item.aliases)),
    )
    for how, fits in ways:
        for status, items in _pools(basket, candidates):
            if item := next(filter(fits, items), None):
                return Match(item, status, how)
    return _fuzzy(match_key(clean(text)), basket, candidates)


def match_in(catalogue: Catalogue, text: str, basket: Sequence[Item], candidates: Sequence[Item]) -> Match:
    """`match` where `candidates` may be a part of what `catalogue` offers: then its other items count as well.

    What names an item of the catalogue to the letter, or but for the way it is written, is that item, before anything
    that only looks alike.
    """
    found = match(text, basket, candidates)
    if found.how in ("exact", "normalised", "alias") or len(candidates) + len(basket) >= len(catalogue):
        return found
    written = clean(text)
    if (item := catalogue.find(written)) and match_key(written) in _keys(item.names()):
        how = match(text, (), (item,)).how
        return Match(item, _status(item, basket, catalogue), how)
    alike = catalogue.likest(match_key(written), FUZZY_THRESHOLD)
    if not alike:
        return found  # it may be like a name that only a translator knows
    if len(alike) > 1 and alike[0][1] - alike[1][1] < FUZZY_MARGIN:
        return UNMATCHED
    return Match(alike[0][0], _status(alike[0][0], basket, catalogue), "fuzzy")


def _status(item: Item, basket: Sequence[Item], catalogue: Catalogue) -> Status:
    is_owned = not catalogue.repeats and any(item.id == bought.id for bought in basket)
    return "owned" if is_owned else "candidate"


def _as_written(item: Item) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFKC", name) for name in item.proper_names() if not name.isascii())


def _fuzzy(key: str, basket: Sequence[Item], candidates: Sequence[Item]) -> Match:
    scored = [
        (max(fuzz.ratio(key, name) for name in _keys(item.names())), status, item)
        for status, items in _pools(basket, candidates)
        for item in items
    ]
    scored.sort(key=lambda row: -row[0])
    if not scored or scored[0][0] < FUZZY_THRESHOLD:
        return UNMATCHED
    if len(scored) > 1 and scored[0][0] - scored[1][0] < FUZZY_MARGIN:
        return UNMATCHED
    _, status, item = scored[0]
    return Match(item, status, "fuzzy")


def _pools(basket: Sequence[Item], candidates: Sequence[Item]) -> tuple[tuple[Status, Sequence[Item]], ...]:
    return ("candidate", candidates), ("owned", basket)


def _keys(names: Iterable[str]) -> list[str]:
    return [match_key(name) for name in names if name]
