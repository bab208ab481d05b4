"""Arabic lists whose names are joined by و (and) without commas: cut wherever both sides are known names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from recommender.language.text import NAME_LIMIT, match_key
from recommender.shop.catalogue import Catalogue

_AND = "و"


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
    """Known is what a whole file has by itself: an Output, or one of a list in which no و can be an "and"."""
    names = list(dict.fromkeys(following))
    own = []
    for name in dict.fromkeys(listed):
        ands = [word.startswith(_AND) for word in name.split()] if _AND in name else []
        if not any(ands):
            names.append(name)
        elif not any(ands[1:]):
            own.append(name)
    # A first word with a و of its own (واقي الساق) is told from "and": without its و the name is no other's.
    known = Known(names)
    return Known([*names, *(name for name in own if not known(name.lstrip()[1:]))])


def parts(name: str, known: Known) -> list[str]:
    """`name` cut at each و that joins known names, the longest names first; whole where that leaves an unknown one."""
    if _AND not in name:
        return [name]
    words = name.split()
    if not any(word.startswith(_AND) for word in words) or known(name):
        return [name]
    # rest[i]: the names that words[i:] are made of, if they are made of known names only.
    rest: list[list[str] | None] = [None] * len(words) + [[]]
    for start in reversed(range(len(words))):
        if words[start].startswith(_AND):
            rest[start] = _longest(words[start].removeprefix(_AND), words, start, rest, known)
        if start == 0 and rest[0] is None:
            rest[0] = _longest(words[0], words, 0, rest, known)
    return rest[0] or [name]


def known_part(name: str, known: Known) -> str | None:
    """A known name that stands at an end of `name` beside a و, where `name` is none itself: perhaps it is a list."""
    words = name.split()
    if known(name):
        return None
    for place, word in enumerate(words[:NAME_LIMIT]):
        if place and word.startswith(_AND):
            behind = " ".join([word.removeprefix(_AND), *words[place + 1 :]]).strip()
            for part in (" ".join(words[:place]), behind):
                if part and known(part):
                    return part
    return None


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
