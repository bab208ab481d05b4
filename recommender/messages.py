"""Something to tell a reader, as a key and fields, until it is known in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from recommender.language import LANGUAGES, listed, sentence


@runtime_checkable
class Named(Protocol):
    """What has a name in each language; `recommender.shop.items.Item` is one."""

    def name(self, language: str) -> str:
        """The name in `language`."""
        ...


@dataclass(frozen=True)
class Message:
    """A key of `strings`, which is the JSON's `code`, and its fields.

    A field may be an item, said by its name in the reader's language, another message, said as its sentence, or a
    tuple of such (at least one), said as a list.
    """

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """The message in `language`."""
        return sentence(self.key, language, **{name: _said(value, language) for name, value in self.fields.items()})

    def to_json(self) -> dict[str, str]:
        """`{"code", "en", "ar"}`, and one more for each further language."""
        return {"code": self.key, **{language: self.sentence(language) for language in LANGUAGES}}


def _said(value: object, language: str) -> object:
    if isinstance(value, Message):
        return value.sentence(language)
    if isinstance(value, tuple):
        return _listed(value, language)
    return value.name(language) if isinstance(value, Named) else value


def _listed(parts: tuple[object, ...], language: str) -> str:
    """Names as any list of names; phrases hold commas and names of their own, so semicolons part them."""
    said = [str(_said(part, language)) for part in parts]
    if isinstance(parts[0], Message):
        return LANGUAGES[language].semicolon.join(said)
    return LANGUAGES[language].comma.join(
        text if isinstance(part, Message) else listed([text], language) for part, text in zip(parts, said, strict=True)
    )
