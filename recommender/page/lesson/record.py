"""What a class has guessed, done and noted. It comes from the visitor's browser, so nothing in it is taken on trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from recommender.language.text import clean
from recommender.page.given import number, plain
from recommender.page.state import STEPS

_MOST: Final = {"guess": 120, "truth": 120, "at": 4000, "note": 400}


@dataclass(frozen=True)
class Recorded:
    """One step.

    Attributes:
        guess: an item's id or the key of a choice; empty before there is one.
        truth: what the live page answered, in the same terms; empty until the step has been done.
        figure: the number that goes with it: a probability, a share or a count.
        at: the query of the address that it was done at, and `look` the instrument's settings then.
        note: what the class wrote down.
    """

    guess: str = ""
    truth: str = ""
    figure: float = 0.0
    at: str = ""
    look: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""

    @property
    def done(self) -> bool:
        """Whether the page has answered the guess."""
        return bool(self.guess and self.truth)

    @classmethod
    def read(cls, data: object) -> Recorded:
        """The entry in a JSON object; what makes no sense is left out."""
        given: Mapping[str, Any] = data if isinstance(data, dict) else {}
        texts = {name: _text(given.get(name), limit) for name, limit in _MOST.items()}
        figure, look = given.get("figure"), given.get("look")
        return cls(
            figure=number(figure),
            look=_look(look) if isinstance(look, dict) else {},
            **texts,
        )

    def to_json(self) -> dict[str, object]:
        """What `read` reads."""
        return {
            "guess": self.guess,
            "truth": self.truth,
            "figure": self.figure,
            "at": self.at,
            "look": dict(self.look),
            "note": self.note,
        }


@dataclass(frozen=True)
class Record:
    """The entries of the steps that were begun, by number."""

    entries: Mapping[int, Recorded] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def read(cls, data: object) -> Record:
        """The record in a JSON object `{"1": {...}}`."""
        given: Mapping[str, Any] = data if isinstance(data, dict) else {}
        return cls({n: Recorded.read(given[str(n)]) for n in range(1, STEPS + 1) if str(n) in given})

    def to_json(self) -> dict[str, object]:
        """What `read` reads."""
        return {str(number): entry.to_json() for number, entry in self.entries.items()}

    def __getitem__(self, number: int) -> Recorded:
        return self.entries.get(number, Recorded())

    @property
    def done(self) -> frozenset[int]:
        """The steps that have been done."""
        return frozenset(number for number, entry in self.entries.items() if entry.done)

    @property
    def begun(self) -> bool:
        """Whether anything was guessed."""
        return any(entry.guess for entry in self.entries.values())

    def with_truth(self, number: int, truth: str, figure: float, at: str, look: Mapping[str, object]) -> Record:
        """The record with what the page answered to a step; the first answer after the guess stands."""
        entry = self[number]
        if not entry.guess or entry.truth:
            return self
        done = replace(entry, truth=truth, figure=figure, at=at, look=look)
        return Record({**self.entries, number: done})


def _text(value: object, limit: int) -> str:
    return clean(value[: 2 * limit], limit) if isinstance(value, str) else ""


def _look(given: Mapping[str, object]) -> dict[str, object]:
    return {clean(name[:40]): plain(value) for name, value in list(given.items())[:10]}
