"""What happened on the way: hops, and the problems that code found in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from recommender.language import LANGUAGES, listed, sentence
from recommender.shop.catalogue import Item

Source = Literal["table", "machine", "model"]


@dataclass(frozen=True)
class Problem:
    """Something to tell the reader: a key of `strings`, which is the JSON's `code`, and its fields.

    A field may be an `Item`, said by its name in the reader's language, another `Problem`, said as its sentence, or a
    tuple of such (at least one), said as a list.
    """

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """The problem as a sentence in `language`."""
        return sentence(self.key, language, **{name: _said(value, language) for name, value in self.fields.items()})

    def to_json(self) -> dict[str, str]:
        """`{"code", "en", "ar"}`."""
        return {"code": self.key, **{language: self.sentence(language) for language in LANGUAGES}}


@dataclass(frozen=True)
class Hop:
    """One step of a route: text in, text out, who did it, and what went wrong.

    `input` and `output` are a whole prompt or answer, or a list of names, one on each line; line by line the output's
    names are then the input's.
    """

    from_: str
    to: str
    source: Source
    input: str
    output: str
    problems: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, object]:
        """`{"from", "to", "source", "input", "output", "problems"}`, problems worded in both languages."""
        return {
            "from": self.from_,
            "to": self.to,
            "source": self.source,
            "input": self.input,
            "output": self.output,
            "problems": [problem.to_json() for problem in self.problems],
        }


def _said(value: object, language: str) -> object:
    if isinstance(value, Item):
        return value.name(language)
    if isinstance(value, Problem):
        return value.sentence(language)
    return _listed(value, language) if isinstance(value, tuple) else value


def _listed(parts: tuple[object, ...], language: str) -> str:
    """Names as any list of names; phrases hold commas and names of their own, so semicolons part them."""
    said = [str(_said(part, language)) for part in parts]
    if isinstance(parts[0], Problem):
        return LANGUAGES[language].semicolon.join(said)
    return LANGUAGES[language].comma.join(
        text if isinstance(part, Problem) else listed([text], language) for part, text in zip(parts, said, strict=True)
    )
