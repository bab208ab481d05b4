"""What may be set of an instrument: read with care where a page sends it, checked where a program does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from recommender.errors import RequestError
from recommender.instruments.checks import check_count, check_number
from recommender.language.text import clean, shown

Settings = Mapping[str, Any]
"""The values of an instrument's settings, by name."""
_LONGEST = 1000
"""Characters of a text at most: a hundred token ids fit in."""


@dataclass(frozen=True)
class Setting:
    """One thing that may be set.

    Attributes:
        name: in the page's JSON and the endpoint's; `--name` on the command line.
        kind: of its values: `str`, `float`, or `int` for a count from 1.
        default: None where only the question tells what is used.
        low: the least of a `float`; `high` the most of any number.
        choices: what a text may be; empty for any text.
        metavar: stands for the value in the command line's help, which is the sentence `cli_explain_{name}`.
        about: one line for programs, in the list of endpoints.
    """

    name: str
    kind: type[str] | type[int] | type[float] = str
    default: str | float | None = None
    low: float = 0
    high: float = 1
    choices: tuple[str, ...] = ()
    metavar: str = ""
    about: str = ""

    @property
    def annotation(self) -> Any:
        """The type of its values, as the endpoint states it."""
        kind: Any = Literal[self.choices] if self.choices else self.kind
        return kind | None if self.default is None else kind

    def read(self, value: object) -> object:
        """A value that a page has sent; the default for what makes no sense."""
        if self.choices:
            return value if value in self.choices else self.default
        if self.kind is str:
            text = clean(value[:_LONGEST], _LONGEST) if isinstance(value, str) else ""
            return text or self.default
        number = _number(value)
        if number is None or not self._least <= number <= self.high:
            return self.default
        if self.kind is int:
            return int(number) if number.is_integer() else self.default
        return number

    def checked(self, value: object) -> object:
        """A value that a program has given.

        Raises:
            RequestError: naming the setting, its value and what may stand there.
        """
        if value is None and self.default is None:
            return None
        if self.choices:
            if value not in self.choices:
                raise RequestError("option_unknown", option=self.name, value=shown(str(value)), known=self.choices)
            return value
        if self.kind is str:
            if not isinstance(value, str):
                raise RequestError("service_not_text", field=self.name)
            return value
        if self.kind is int:
            return check_count(self.name, value, self.high)
        return check_number(self.name, value, self.low, self.high)

    @property
    def _least(self) -> float:
        return 1 if self.kind is int else self.low


def read_all(settings: Iterable[Setting], data: object) -> Settings:
    """The values in a page's JSON object; what is missing or makes no sense is as by default."""
    given: Mapping[str, Any] = data if isinstance(data, dict) else {}
    return {one.name: one.read(given.get(one.name)) for one in settings}


def check_all(settings: Iterable[Setting], given: Settings) -> Settings:
    """The values that a program has given, and the defaults of the others.

    Raises:
        RequestError: for a value that can't be.
        TypeError: for a name that is none of the settings': a mistake of ours, never of a user.
    """
    known = {one.name: one for one in settings}
    if unknown := [name for name in given if name not in known]:
        raise TypeError(f"there is no setting {unknown[0]!r}, but {', '.join(known)}")
    return {name: one.checked(given.get(name, one.default)) for name, one in known.items()}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
