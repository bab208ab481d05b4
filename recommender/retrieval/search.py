"""Finding items of a large catalogue while their names are being typed, in any language that they have.

Every word of the query is looked for among the words of names, aliases and categories: itself, as the beginning of a
word, in singular or plural, and, where that finds little, with a mistake or two. Words are folded as `text.match_key`
folds them, so that case, harakat, hamza, ى/ي and ة/ه make no difference. The tables are numpy's: 100,000 items are
searched in some milliseconds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from recommender.language.stems import stem
from recommender.language.text import match_key
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

MOST: Final = 20
"""Items that a search finds."""
LONGEST: Final = 100
"""Characters of a query that count, and `WORDS` of its words."""
WORDS: Final = 8
LETTERS: Final = 10
"""The first letters of a word in which mistakes are looked for."""
FEW: Final = 20
"""Items with a word as it is typed, below which it may be a mistake."""
_CLOSER: Final = 200
"""The best by their words, which are compared letter by letter."""
_WHOLE, _SAME, _BEGINS, _ALIKE = 1.0, 0.9, 0.8, 0.6
_END: Final = "\U0010ffff"
_DIGIT: Final = re.compile("[0-9]")

Qualities = NDArray[np.float32]


class NameSearch:
    """The words of one catalogue. Threads may share one.

    Attributes:
        groups: the catalogue's categories with how many items each has, the largest first; empty where it has none.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Read all names: some seconds for 100,000 items."""
        # Not the catalogue itself: who keeps searches by catalogues forgets them together.
        self._items = catalogue.items
        self._by_id = {item.id: place for place, item in enumerate(catalogue.items)}
        numbers: dict[str, int] = {}
        words, places = [], []
        for place, item in enumerate(catalogue.items):
            for word in {word for name in (*item.names(), item.sport) for word in match_key(name).split()}:
                words.append(numbers.setdefault(word, len(numbers)))
                places.append(place)
        self._words = sorted(numbers)
        rank = np.empty(len(numbers), np.int64)
        rank[[numbers[word] for word in self._words]] = np.arange(len(numbers))
        ranked = rank[words] if words else np.zeros(0, np.int64)
        order = np.argsort(ranked, kind="stable")
        self._places = np.array(places, np.int32)[order]
        self._starts = np.searchsorted(ranked[order], np.arange(len(numbers) + 1))
        self._stems: dict[str, list[int]] = {}
        for number, word in enumerate(self._words):
            self._stems.setdefault(stem(word), []).append(number)
        self._beginnings = {length: self._cut(length) for length in range(3, LETTERS + 2)}
        sports = catalogue.sports()
        self.groups = tuple(sorted(((name, len(items)) for name, items in sports.items() if name), key=_by_size))
        codes = {name: number for number, name in enumerate(sports)}
        self._codes = codes
        self._code = np.array([codes[item.sport] for item in catalogue.items], np.int32)

    def find(self, text: str, count: int = MOST, group: str = "") -> list[Item]:
        """The `count` items that `text` most likely means, the likeliest first; of one category if a `group` is named.

        Without a text they are the first of the category, without both none. Where no item has all words of the text,
        those that have most of them are found.
        """
        words = match_key(text[:LONGEST]).split()[:WORDS]
        within = self._code == self._codes.get(group, -1) if group else None
        if not words:
            return [] if within is None else [self._items[place] for place in np.flatnonzero(within)[:count]]
        best: list[Item] = []
        for tried in self._ways(words):
            found, whole = self._found(tried, within, count)
            if whole:
                best = found
                break
            best = best or found
        place = self._by_id.get(text.strip())
        if place is not None and (within is None or within[place]):
            named = self._items[place]
            best = [named, *(item for item in best if item.id != named.id)][:count]
        return best

    def _ways(self, words: list[str]) -> Iterator[list[str]]:
        """The words as they are, as one, and one of them as two: spaces are easily mistaken."""
        yield words
        if len(words) > 1 and self._begins("".join(words)):
            yield ["".join(words)]
        for number, word in enumerate(words):
            for cut in range(2, len(word) - 1):
                if self._has(word[:cut]) and self._begins(word[cut:]):
                    yield [*words[:number], word[:cut], word[cut:], *words[number + 1 :]]
                    break

    def _found(self, words: list[str], within: NDArray[np.bool_] | None, count: int) -> tuple[list[Item], bool]:
        """The best by these words, and whether they have all of them."""
        score = np.zeros(len(self._items), np.float32)
        hits = np.zeros(len(self._items), np.int8)
        for word in words:
            quality = self._qualities(word)
            score += quality
            hits += quality > 0
        if within is not None:
            hits[~within] = 0
        most = int(hits.max(initial=0))
        if most == 0:
            return [], False
        rows = np.flatnonzero(hits == most)
        if len(rows) > _CLOSER:
            # Of equally good ones the earlier; numbers of two bytes are sorted in a pass.
            rows = rows[np.argsort((score[rows] * -1000).astype(np.int16), kind="stable")[:_CLOSER]]
        key = " ".join(words)
        told = [(float(score[row]) + self._closeness(key, self._items[row]), int(row)) for row in rows]
        told.sort(key=lambda one: (-one[0], one[1]))
        return [self._items[row] for _, row in told[:count]], most == len(words)

    def _qualities(self, word: str) -> Qualities:
        """How well each item has a word, from 0, not at all, to 1."""
        found = np.zeros(len(self._items), np.float32)
        begin, end = self._range(word)
        found[self._of(begin, end)] = _BEGINS
        for number in self._stems.get(stem(word), ()):
            found[self._of(number, number + 1)] = _SAME
        if self._has(word):
            found[self._of(begin, begin + 1)] = _WHOLE
        # A number is what it is.
        if len(word) > 2 and not _DIGIT.search(word) and np.count_nonzero(found) < FEW:
            for quality, first, last in self._mistaken(word[:LETTERS]):
                places = self._of(first, last)
                found[places] = np.maximum(found[places], quality)
        return found

    def _mistaken(self, word: str) -> Iterator[tuple[float, int, int]]:
        """Ranges of words that begin much like `word`, with what that is worth."""
        size = len(word)
        most = 1 if size < 7 else 2
        # A letter left out, or one too many; in three letters neither can be told from another word.
        for length in (size - 1, size, size + 1) if size > 3 else (size,):
            beginnings, starts = self._beginnings[length]
            alike = process.extract(word, beginnings, scorer=OSA.distance, score_cutoff=most, limit=None)
            for beginning, distance, at in alike:
                first, last = starts[at], starts[at + 1]
                if length < size < 6:
                    # So few letters begin too many words: of those it is the whole.
                    last = first + (self._words[first] == beginning)
                yield _ALIKE - 0.1 * distance, first, last

    def _cut(self, length: int) -> tuple[list[str], list[int]]:
        """The distinct beginnings of this length, and where the words of each begin; the end of the last one too."""
        found, starts = [], []
        number = 0
        for beginning, words in groupby(self._words, key=lambda word: word[:length]):
            found.append(beginning)
            starts.append(number)
            number += sum(1 for _ in words)
        return found, [*starts, number]

    def _closeness(self, key: str, item: Item) -> float:
        """How near a query is to an item's best name: whole, as its beginning, by its letters."""
        best = 0.0
        for name in item.names():
            own = match_key(name)
            near = 0.2 * fuzz.ratio(key, own) / 100
            best = max(best, near + (0.6 if own == key else 0.3 if own.startswith(key) else 0.0))
        return best

    def _range(self, beginning: str) -> tuple[int, int]:
        """The numbers of the words that begin like this."""
        return bisect_left(self._words, beginning), bisect_left(self._words, beginning + _END)

    def _begins(self, beginning: str) -> bool:
        first, last = self._range(beginning)
        return first < last

    def _has(self, word: str) -> bool:
        at = bisect_left(self._words, word)
        return at < len(self._words) and self._words[at] == word

    def _of(self, first: int, last: int) -> NDArray[np.int32]:
        """The places of items that have one of the words from number `first` to before `last`."""
        return self._places[self._starts[first] : self._starts[last]]


def _by_size(group: tuple[str, int]) -> tuple[int, str]:
    return -group[1], group[0]
