"""Arabic lists whose names are joined by و (and) without commas: cut wherever it joins names that are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from recommender.language.arabic.own_waw import OWN
from recommender.language.text import NAME_LIMIT, match_key
from recommender.shop.catalogue import Catalogue

_AND: Final = "و"
# What may be written between an "and" and its word: vowel signs and the stroke that draws letters apart.
_SIGNS: Final = "ًٌٍَُِّْـ"
_OWN: Final = frozenset(map(match_key, OWN))
MOST_WORDS: Final = NAME_LIMIT // 2
"""Words that a name can have, each with its space."""
SURE: Final = 2
"""Known names by which a text that holds an unknown one is taken for a list: salt and pepper may be one thing."""
ROUNDS: Final = 8
"""How often names found in lists may lead to further ones."""


class _Way(NamedTuple):
    """How the rest of a text is cut; the least is the best."""

    unknown: int
    """Words of unknown parts."""
    parts: int
    minus_known: int
    name: str
    """The first part, which goes on to the word `end`."""
    end: int


class Known:
    """Whether a text is a name: by its match key, or by what `found` finds besides."""

    def __init__(self, names: Iterable[str], found: Callable[[str], bool] = lambda name: False) -> None:
        self._found = found
        names = list(names)
        self._keys = {match_key(name) for name in names} - {""}
        # Of a long list most pieces end with a word that ends no name, which is seen without folding the piece.
        self._last = {match_key(name.split()[-1]) for name in names if name.strip()}
        # Two words more than any name has: in another spelling one may be parted.
        self.longest = 2 + max((len(name.split()) for name in names), default=0)
        self._last |= {key.rpartition(" ")[2] for key in self._keys}

    def __call__(self, name: str) -> bool:
        """Whether `name` is one."""
        last = name.rpartition(" ")[2]
        if last.isalnum() and match_key(last) not in self._last:
            return self._found(name)
        return match_key(name) in self._keys or self._found(name)


def known_to(catalogue: Catalogue) -> Known:
    """Known is what the catalogue finds."""
    return Known((name for item in catalogue for name in item.names()), lambda name: catalogue.get(name) is not None)


def known_from(following: Iterable[str], listed: Iterable[str]) -> Known:
    """Known is what a whole file has by itself.

    That is an Output; one of a list in which no و can be an "and"; what stands alone beside known names (the spoon of a
    cup and a spoon and a pot); and at last what no known name parts, for that is an item then.
    """
    names = list(dict.fromkeys(following))
    doubtful: list[str] = []
    for name in dict.fromkeys(listed):
        ands = _AND in name and any(word.startswith(_AND) for word in name.split())
        (doubtful if ands else names).append(name)
    known = Known(names)
    # A first word with a و of its own (واقي الساق) is told from "and": without its و the name is no other's.
    names += [name for name in doubtful if not second(name) and parts(name, known) == [name]]
    for _ in range(ROUNDS):
        known = Known(names)
        cut = {name: parts(name, known) for name in doubtful}
        doubtful = [name for name, pieces in cut.items() if not all(map(known, pieces))]
        pieces = dict.fromkeys(piece for name in doubtful for piece in cut[name] if piece != name)
        if not (found := [piece for piece in pieces if not second(piece) and not known(piece)]):
            break
        names += found
    return Known([*names, *(name for name in doubtful if parts(name, known) == [name] and not known_part(name, known))])


def parts(name: str, known: Known) -> list[str]:
    """The names that are joined in `name`, the longest known ones; `[name]` where it is one, or nobody can tell.

    Between and beside at least `SURE` known names an unknown one may stand, which is then a part of its own, as short
    as can be; one that may be several is left whole.
    """
    if _AND not in name:
        return [name]
    words = name.split()
    if not any(word.startswith(_AND) for word in words) or known(name):
        return [name]
    # rest[i]: the names that words[i:] are made of, if they are made of known names only.
    rest: list[list[str] | None] = [None] * len(words) + [[]]
    for start in reversed(range(len(words))):
        if words[start].startswith(_AND):
            rest[start] = _longest(_behind(words[start]), words, start, rest, known)
        if start == 0 and rest[0] is None:
            rest[0] = _longest(words[0], words, 0, rest, known)
    return rest[0] or _with_unknown(words, known) or [name]


def known_part(name: str, known: Known) -> str | None:
    """A known name that stands in `name` beside a و, where `name` is none itself: perhaps it is a list."""
    words = name.split()
    if known(name):
        return None
    starts = [place for place, word in enumerate(words[:NAME_LIMIT]) if place == 0 or word.startswith(_AND)]
    for start in starts:
        for end in (*starts[1:], len(words)):
            if start < end <= start + known.longest and end - start < len(words):
                part = " ".join([_behind(words[start]) if start else words[0], *words[start + 1 : end]]).strip()
                if part and known(part):
                    return part
    return None


def second(name: str) -> str | None:
    """What is behind the first و of `name` that may be an "and", its first word aside; None if there is none."""
    words = name.split()
    place = next((place for place, word in enumerate(words) if place and _may_join(word)), None)
    return None if place is None else " ".join([_behind(words[place]), *words[place + 1 :]]).strip()


def _may_join(word: str) -> bool:
    return word.startswith(_AND) and match_key(word) not in _OWN


def _behind(word: str) -> str:
    return word.removeprefix(_AND).lstrip(_SIGNS)


def _longest(
    first: str, words: Sequence[str], start: int, rest: Sequence[list[str] | None], known: Known
) -> list[str] | None:
    for end in range(min(len(words), start + known.longest), start, -1):
        tail = rest[end]
        if tail is None:
            continue
        name = " ".join([first, *words[start + 1 : end]]).strip()
        if len(name) <= 2 * NAME_LIMIT and known(name):
            return [name, *tail]
    return None


def _with_unknown(words: Sequence[str], known: Known) -> list[str] | None:
    """The parts of which the fewest words are unknown, and of such the fewest parts; None if too few are known."""
    starts = [place for place, word in enumerate(words) if place == 0 or word.startswith(_AND)]
    ways = {len(words): _Way(0, 0, 0, "", 0)}
    for start in reversed(starts):
        reach = range(start + 1, min(len(words), start + max(MOST_WORDS, known.longest)) + 1)
        found = [_way(words, start, end, ways[end], known) for end in reach if end in ways]
        if possible := [way for way in found if way]:
            ways[start] = min(possible)
    if 0 not in ways or -ways[0].minus_known < SURE:
        return None
    place, listed = 0, []
    while place < len(words):
        listed.append(ways[place].name)
        place = ways[place].end
    return listed


def _way(words: Sequence[str], start: int, end: int, rest: _Way, known: Known) -> _Way | None:
    """`rest` with the words from `start` to `end` before it; None where they can't be a part."""
    bare = " ".join([_behind(words[start]), *words[start + 1 : end]]).strip()
    whole = " ".join(words[start:end]) if start == 0 else bare
    if end <= start + known.longest:
        for name in filter(None, (bare, whole)):
            if known(name):
                return _Way(rest.unknown, rest.parts + 1, rest.minus_known - 1, name, end)
    if not whole or (start and not _may_join(words[start])):
        return None
    return _Way(rest.unknown + end - start, rest.parts + 1, rest.minus_known, whole, end)
