"""What a language is here: all in which one differs from another, as data that the rest of the project asks for.

A language has no plural rule: the sentences are worded so that none needs one ("12 more", "(12)"). Babel would bring
plurals and number formats; formats are one `translate` here, because sentences fill numbers in that Python has written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

Direction = Literal["ltr", "rtl"]
DIGITS: Final = "0123456789.,"
"""The ten digits, the decimal mark and the thousands separator, as Python writes them."""


@dataclass(frozen=True)
class Script:
    """The letters that a language is written in.

    Attributes:
        name: as Unicode calls it.
        letters: what stands between the brackets of a regular expression that finds one.
        run: a regular expression, without groups that capture, for words of the script that stand together: what is
            isolated whole within a text of the other direction.
    """

    name: str
    direction: Direction
    letters: str
    run: str

    @cached_property
    def letter(self) -> re.Pattern[str]:
        """Finds one of its letters."""
        return re.compile(f"[{self.letters}]")


@dataclass(frozen=True)
class Language:
    """One language.

    Attributes:
        code: as BCP 47 has it.
        name: in its own words.
        labels: of the prompt: what was bought, what is on offer, and the one behind which the model goes on writing.
        event_labels: of the prompt's sections for what was not bought, by event, in the order in which they stand.
        digits: what it writes for `DIGITS`.
        comma: parts the names of a list.
        semicolon: parts phrases that hold commas.
        joined: stands before the last name where a list is spoken.
        alphabet: its first four letters, which stand for names in an example of a prompt.
        iso639_3: the code of three letters that a translator's checkpoint may call it by.
        noun_first: whether a noun goes before what describes it, as in the names of goods.
        quotes: what a name within a list stands in.
        locale: by which a browser writes numbers; empty for `code`.
        folder: its sentences, TOML files of `key = "text"`. None for English and Arabic, whose sentences stand side by
            side in `strings`.
        is_source: whether the others fall back to its sentences; that of the article's prompt. English is.
    """

    code: str
    name: str
    script: Script
    labels: tuple[str, str, str]
    event_labels: Mapping[str, str]
    digits: str = DIGITS
    comma: str = ", "
    semicolon: str = "; "
    joined: str = ", "
    alphabet: str = "ABCD"
    iso639_3: str = ""
    noun_first: bool = False
    quotes: tuple[str, str] = ("", "")
    locale: str = ""
    folder: Path | None = None
    is_source: bool = False

    @property
    def direction(self) -> Direction:
        """Which way a line of it runs."""
        return self.script.direction

    @property
    def arrow(self) -> str:
        """From what comes first in a line to what follows."""
        return "→" if self.direction == "ltr" else "←"

    def figures(self, text: str) -> str:
        """A number that Python has written, such as `-1,234.5`, as the language writes it."""
        return text if self.digits == DIGITS else text.translate(str.maketrans(DIGITS, self.digits))
