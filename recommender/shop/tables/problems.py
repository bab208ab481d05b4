"""What is wrong with single lines of a file, and how much of it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from recommender.errors import DataError
from recommender.language import sentence

REPORTED: Final = 10
"""Problems or notes that are worded one by one; of the others there is a count."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line of a file, or to be noted on it: a key of `strings` and its fields.

    Attributes:
        line: the file's line on which the row begins, 1 the first; 0 where the whole file is meant.
    """

    line: int
    key: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """The problem behind its line number, if it has one, in `language`."""
        problem = sentence(self.key, language, **self.fields)
        return sentence("problem_line", language, line=self.line, problem=problem) if self.line else problem


class BadRowsError(DataError):
    """A file with rows that can't be used: one error for all of them, `problems` in the order of the lines."""

    def __init__(self, path: str | Path, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("bad_rows", file=Path(path).name, count=len({problem.line for problem in problems}))

    def sentence(self, language: str = "en") -> str:
        """The file and the count of its bad rows, and below it at most `REPORTED` problems, in `language`."""
        return "\n".join([super().sentence(language), *told(self.problems, language)])


def told(problems: Sequence[Problem], language: str = "en") -> list[str]:
    """The sentences of the first `REPORTED` problems, and how many more there are."""
    lines = [problem.sentence(language) for problem in problems[:REPORTED]]
    left = len(problems) - len(lines)
    return [*lines, sentence("problems_more", language, count=left)] if left else lines
