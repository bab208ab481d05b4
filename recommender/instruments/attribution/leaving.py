"""What can be left out of a prompt, and the prompt that there is without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from recommender.language import LANGUAGES
from recommender.prompt import Section, sections, written
from recommender.recommenders.ranking import RankRequest

Grain = Literal["words", "items"]
Spot = tuple[int, int, int]
"""A word: the number of its list, of its name in the list, and of the word in the name."""
ANSWER = -1
"""In place of a list's number: the label at the end of the prompt."""


@dataclass(frozen=True)
class Leaving:
    """What is left out together.

    Attributes:
        kind: a `word`, or a word at all its places (`repeated`); all words of a name (`item`), or of all that was
            ticked (`all`); a `label`; a list's names (`list`).
        spots: the words that go; a label's is `(list, -1, -1)`.
        text: what is left out, as it is written.
    """

    kind: Literal["word", "repeated", "item", "all", "label", "list"]
    spots: frozenset[Spot]
    text: str


@dataclass(frozen=True)
class Layout:
    """A prompt in its parts."""

    lists: tuple[Section, ...]
    answer: str

    @classmethod
    def of(cls, request: RankRequest) -> Layout:
        """The prompt of a request, as it is put to the model."""
        told = (request.basket, request.candidates, request.viewed, request.cart)
        names = [[item.name(request.language) for item in items] for items in told]
        lists = sections(names[0], names[1], request.language, names[2], names[3])
        return cls(lists, LANGUAGES[request.language].labels[2])

    @property
    def text(self) -> str:
        """The whole prompt."""
        return written(self.lists, self.answer)

    def words(self, place: int, name: int) -> tuple[str, ...]:
        """The words of a name; a name that is not written with single spaces is one word."""
        whole = self.lists[place].names[name]
        found = tuple(whole.split())
        return found if " ".join(found) == whole else (whole,)

    def without(self, spots: Iterable[Spot]) -> str:
        """The prompt without these words. A name without any is no longer listed, and a list is `{}` without names.

        One of views or of the cart is then left out, as in any prompt that has nothing of them.
        """
        gone = frozenset(spots)
        lists = []
        for place, section in enumerate(self.lists):
            names = tuple(filter(None, (self._name(place, name, gone) for name in range(len(section.names)))))
            if not names and section.kind in ("viewed", "cart"):
                continue
            label = "" if (place, -1, -1) in gone else section.label
            lists.append(section._replace(label=label, names=names))
        return written(lists, "" if (ANSWER, -1, -1) in gone else self.answer)

    def leavings(self, grain: Grain, singles: Sequence[int]) -> tuple[Leaving, ...]:
        """All that is left out in turn; `singles` are the numbers of the candidates that are left out by themselves."""
        ticked = [place for place, section in enumerate(self.lists) if section.kind != "offered"]
        names = [(place, name) for place in ticked for name in range(len(self.lists[place].names))]
        found = list(self._labels())
        for place, name in names:
            found += self._of_name(place, name, grain)
        if len(names) > 1:
            found.append(Leaving("all", frozenset(spot for pair in names for spot in self._spots(*pair)), ""))
        if grain == "words":
            found += self._repeated(names)
        offered = next(place for place, section in enumerate(self.lists) if section.kind == "offered")
        every = range(len(self.lists[offered].names))
        found.append(Leaving("list", frozenset(spot for one in every for spot in self._spots(offered, one)), ""))
        found += [Leaving("item", self._spots(offered, one), self.lists[offered].names[one]) for one in singles]
        return tuple(found)

    def _labels(self) -> Iterator[Leaving]:
        for place, section in enumerate(self.lists):
            yield Leaving("label", frozenset({(place, -1, -1)}), section.label)
        yield Leaving("label", frozenset({(ANSWER, -1, -1)}), self.answer)

    def _of_name(self, place: int, name: int, grain: Grain) -> Iterator[Leaving]:
        words = self.words(place, name)
        if grain == "words":
            for number, word in enumerate(words):
                yield Leaving("word", frozenset({(place, name, number)}), word)
        if len(words) > 1 or grain == "items":
            yield Leaving("item", self._spots(place, name), self.lists[place].names[name])

    def _repeated(self, names: Sequence[tuple[int, int]]) -> Iterator[Leaving]:
        places: dict[str, list[Spot]] = {}
        spelt: Counter[str] = Counter()
        shown: dict[str, str] = {}
        for pair in names:
            for number, word in enumerate(self.words(*pair)):
                key = word.casefold()
                places.setdefault(key, []).append((*pair, number))
                spelt[key] += 1
                shown.setdefault(key, word)
        for key, spots in places.items():
            if spelt[key] > 1:
                yield Leaving("repeated", frozenset(spots), shown[key])

    def _spots(self, place: int, name: int) -> frozenset[Spot]:
        return frozenset((place, name, number) for number in range(len(self.words(place, name))))

    def _name(self, place: int, name: int, gone: frozenset[Spot]) -> str:
        words = self.words(place, name)
        return " ".join(word for number, word in enumerate(words) if (place, name, number) not in gone)
