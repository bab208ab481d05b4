"""Words, numbers and names for one language, as HTML that can be trusted.

Whatever is not `Markup` is escaped. A run of the other script is marked with its language and isolated, so that a line
reads in the right order and is spoken in the right voice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from markupsafe import Markup, escape

from recommender.errors import RecommenderError
from recommender.language import LANGUAGES, figures, sentence, table, template
from recommender.language.bidi import holds_other, language_of, quoted, runs_marked
from recommender.messages import Message
from recommender.page.given import without_folders
from recommender.shop.items import Item

# Around a name within a sentence that is still text: taken for `<bdi>` once the sentence is HTML.
_OPEN: Final = "\u2068"
_SHUT: Final = "\u2069"
_HELD: Final = re.compile(f"{_OPEN}([^{_OPEN}{_SHUT}]*){_SHUT}")


class Words:
    """What the page says, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = LANGUAGES[language].direction
        self.comma = LANGUAGES[language].comma

    def __call__(self, key: str, **fields: object) -> Markup:
        """The sentence `key` as HTML; its fields are escaped, and numbers written as the language writes them."""
        return runs_marked(self._template(key), self.language).format(**{k: self._field(v) for k, v in fields.items()})

    def known(self, key: str, otherwise: str = "") -> Markup:
        """The sentence `key` as HTML; `otherwise`, a name, where no table has words for it yet."""
        return self(key) if key in table() else self.own(otherwise)

    def plain(self, key: str, **fields: object) -> str:
        """The sentence `key` as text, for attributes and titles; not escaped."""
        return self._template(key).format(**{name: self._text(value) for name, value in fields.items()})

    def mark(self, text: str) -> Markup:
        """`text` as HTML, runs of the other script marked and isolated."""
        return runs_marked(text, self.language)

    def own(self, text: str) -> Markup:
        """A name or a quotation as HTML: whole and in its own direction where that isn't the page's."""
        if not holds_other(text, self.language):
            return escape(text)
        is_own = language_of(text, self.language) == self.language
        return runs_marked(text, self.language) if is_own else quoted(text, self.language)

    def name(self, item: Item) -> Markup:
        """An item's name as HTML."""
        return self.own(item.name(self.language))

    def names(self, items: Iterable[Item | str | Markup]) -> Markup:
        """Names within a sentence, as the language parts and quotes them."""
        left, right = LANGUAGES[self.language].quotes
        said = (self.name(item) if isinstance(item, Item) else self._field(item) for item in items)
        return Markup(self.comma).join(Markup("{}{}{}").format(left, name, right) for name in said)

    def sport(self, sport: str) -> str:
        """The name of a sport; a shop's own sport is called what the shop calls it."""
        key = f"ui_sport_{sport.replace('-', '_')}" if sport else "ui_sport_other"
        return self._template(key) if key in table() else sport.replace("-", " ").capitalize()

    def language_named(self, code: str) -> Markup:
        """The name of a language in a sentence; in its own words where this language has no name for it."""
        key = f"ui_language_{code}"
        return self(key) if key in table() else self.own(LANGUAGES[code].name)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with separators: 1,234.5 or ١٬٢٣٤٫٥."""
        return figures(f"{value:,.{digits}f}", self.language)

    def percent(self, probability: float) -> str:
        """A probability as a percentage, finer where it is small; never a false 0 or 100."""
        if probability < 0.001:
            return self.plain("ui_less_than", value=self._percent(0.1, 1))
        if 0.999 < probability < 1:
            return self.plain("ui_more_than", value=self._percent(99.9, 1))
        return self._percent(100 * probability, 0 if probability >= 0.0995 else 1)

    def problem(self, problem: Message) -> Markup:
        """What went wrong on a hop, as a sentence."""
        return self._sentence(Message(problem.key, self._fields(problem.fields)).sentence(self.language))

    def error(self, error: RecommenderError) -> Markup:
        """Why there is no answer, as a sentence."""
        return self._sentence(sentence(error.key, self.language, **self._fields(without_folders(error.fields))))

    def _sentence(self, text: str) -> Markup:
        """A sentence as HTML, the names that `_fields` holds together each as one run."""
        parts = enumerate(_HELD.split(text))
        return Markup("").join(self.own(part) if place % 2 else self.mark(part) for place, part in parts)

    def _percent(self, value: float, digits: int) -> str:
        return self._template("ui_percent").format(value=self.number(value, digits))

    def _template(self, key: str) -> str:
        return template(key, self.language)

    def _field(self, value: object) -> object:
        if isinstance(value, Markup):
            return value
        if isinstance(value, tuple):
            return self.names(value)
        return self.own(value) if isinstance(value, str) else self._text(value)

    def _text(self, value: object) -> object:
        if isinstance(value, float) and not value.is_integer():
            return self.number(value, 2).rstrip(LANGUAGES[self.language].digits[0])
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return self.number(value) if is_number and isinstance(value, int | float) else value

    def _fields(self, fields: Mapping[str, object]) -> dict[str, object]:
        """The fields of a problem, numbers written out and names held together however deep they stand."""
        return {name: self._deep(value) for name, value in fields.items()}

    def _deep(self, value: object) -> object:
        if isinstance(value, Message):
            return Message(value.key, self._fields(value.fields))
        if isinstance(value, tuple):
            return tuple(map(self._deep, value))
        text = value.name(self.language) if isinstance(value, Item) else value
        if isinstance(text, str) and holds_other(text, self.language):
            return f"{_OPEN}{text.replace(_OPEN, '').replace(_SHUT, '')}{_SHUT}"
        return self._text(text)
