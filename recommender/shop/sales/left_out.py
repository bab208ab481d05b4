"""Which lines of a file are left out, why, and how that is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import DataError
from recommender.language.text import shown
from recommender.shop.tables import Problem
from recommender.shop.tables.columnar import Column, ColumnTable

_LISTED: Final = 40
"""Lines that are listed of one reason."""
_COUNTED: Final = "sales_out_"
"""Begins the key of the sentence that counts the lines of one reason."""


class NothingLeftError(DataError):
    """A file of which no line can be used; `problem` is what is wrong with the first."""

    def __init__(self, file: str, problem: Problem) -> None:
        super().__init__("sales_nothing_left", file=file)
        self.problem = problem

    def sentence(self, language: str = "en") -> str:
        """That no line can be used, and why not the first, in `language`."""
        return f"{super().sentence(language)} {self.problem.sentence(language)}"


class LeftOut:
    """The lines of a table that are left out so far; the first reason that is found is a line's own.

    Attributes:
        kept: which lines are not left out, shape (lines,).
        counts: how many lines each reason has, by the key of the sentence that says it of them all.
    """

    def __init__(self, table: ColumnTable) -> None:
        self.lines = len(table.lines) + table.too_long
        self.kept: NDArray[np.bool_] = np.ones(len(table.lines), dtype=np.bool_)
        self.counts: dict[str, int] = {}
        self._numbers = table.lines
        self._listed: list[Problem] = list(table.problems[:_LISTED])
        if table.too_long:
            self.counts[f"{_COUNTED}too_long"] = table.too_long

    def where(self, bad: NDArray[np.bool_], reason: str, column: Column | None = None) -> None:
        """Leave out the lines that are `bad` for a `reason`, whose sentence quotes the cell of `column`."""
        if not len(rows := np.flatnonzero(bad & self.kept)):
            return
        self.kept[rows] = False
        self.counts[_COUNTED + reason] = len(rows)
        for row in rows[:_LISTED].tolist():
            fields = {} if column is None else {"text": shown(column.cells[column.codes[row]])}
            self._listed.append(Problem(int(self._numbers[row]), f"sales_{reason}", fields))

    def names(self, bad: NDArray[np.bool_], why: Mapping[str, Problem], column: Column) -> None:
        """Leave out the lines that are `bad` because of the name in `column`; `why` has what is wrong with each."""
        rows = np.flatnonzero(bad & self.kept)
        self.kept[rows] = False
        codes, counts = np.unique(column.codes[rows], return_counts=True)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            found = why[column.cells[code]].key.removeprefix("sales_")
            key = _COUNTED + ("bad_name" if found.startswith("name_") else found)
            self.counts[key] = self.counts.get(key, 0) + count
        for row in rows[:_LISTED].tolist():
            problem = why[column.cells[column.codes[row]]]
            self._listed.append(Problem(int(self._numbers[row]), problem.key, problem.fields))

    def listed(self) -> tuple[Problem, ...]:
        """Some of the lines, each with what is wrong with it, in their order."""
        return tuple(sorted(self._listed, key=lambda problem: problem.line))

    def notes(self) -> tuple[Problem, ...]:
        """A sentence for each reason with the number of its lines, the commonest first."""
        ranked = sorted(self.counts.items(), key=lambda one: -one[1])
        return tuple(Problem(0, key, {"count": count}) for key, count in ranked)
