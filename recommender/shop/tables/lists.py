"""The names or ids of one cell, however a program wrote the list."""

from __future__ import annotations

import ast
import csv
import json
import re
from typing import Final

from recommender.language.text import split_names
from recommender.shop.tables.cells import is_missing, unescaped

_WRAPPED: Final = re.compile(r"(?:array|list|set|frozenset|tuple|Index)\((.*?)(?:,\s*dtype=[^)]*)?\)", re.DOTALL)
_BRACKETS: Final = {"[": "]", "{": "}", "(": ")"}
_QUOTED: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
# What may stand between quoted elements: separators, or elements that are no text.
_BETWEEN: Final = re.compile(r"[\s,;]*(?:(?:nan|none|null|-?\d+(?:\.\d+)?)[\s,;]*)*", re.IGNORECASE)
_WHOLE_NUMBER: Final = re.compile(r"-?\d+\.0*")
_SHORTENED: Final = re.compile(r"-?\d+(?:[.,]\d+)?E\+\d{2,}", re.IGNORECASE)


def plain_id(text: str) -> str:
    """`text`, but `12` for the `12.0` that a table program makes of a number beside an empty cell."""
    return text.partition(".")[0] if "." in text and _WHOLE_NUMBER.fullmatch(text) else text


def is_shortened(text: str) -> bool:
    """Whether a spreadsheet has shortened a long number (`5.90123E+12`), so that nobody can tell which it was."""
    return _SHORTENED.fullmatch(text) is not None


def names_in(cell: str) -> list[str]:
    """The names in `cell`, in order.

    A list of Python, numpy, JSON or PostgreSQL (`['a', 'b']`), parts joined by `|`, or names parted as `split_names`
    does it; elements that say that there is no value are none.

    Raises:
        ValueError: if it begins as a list of a programming language and can't be read as one.
    """
    cell = cell.strip()
    if cell.endswith(")") and (wrapped := _WRAPPED.fullmatch(cell)):
        cell = wrapped[1].strip()
    if cell[:1] in _BRACKETS and (cell[0] != "(" or _QUOTED.match(cell[1:].lstrip())):
        found = _elements(cell)
    elif _is_quoted(cell):
        found = _quoted(cell)
    elif "|" in cell:
        found = cell.split("|")
    else:
        found = split_names(cell)
    tidy = (plain_id(name.strip()) for name in found)
    return [name for name in tidy if name and not is_missing(name)]


def ids_in(cell: str) -> list[str]:
    """The ids in `cell`: parted by spaces, or as `names_in` parts names.

    Raises:
        ValueError: as `names_in` does.
    """
    if any(mark in cell for mark in ",;|[{،؛"):
        return names_in(cell)
    return [plain_id(item_id) for item_id in cell.split()]


def _elements(cell: str) -> list[str]:
    inner, end = cell[1:-1].strip(), cell[-1:]
    if len(cell) < 2 or end != _BRACKETS[cell[0]]:
        raise ValueError("a list that does not end")
    if not inner:
        return []
    if cell[0] == "{" and inner[0] != "'":
        return next(csv.reader([inner], escapechar="\\", skipinitialspace=True))
    if _QUOTED.search(inner):
        return _quoted(inner)
    if any(mark in inner for mark in "[]{}\"'"):
        raise ValueError("a list in a list")
    # numpy parts figures by spaces only.
    return split_names(inner) if re.search("[^\\d\\s.]", inner) else inner.split()


def _is_quoted(cell: str) -> bool:
    """Whether `cell` is a list without its brackets: each element in quotation marks."""
    return cell[:1] in {'"', "'"} and _QUOTED.match(cell) is not None and _is_between(_QUOTED.sub(",", cell))


def _is_between(text: str) -> bool:
    return _BETWEEN.fullmatch(text) is not None


def _quoted(inner: str) -> list[str]:
    """The elements of a list of quoted texts; by hand, because Python joins texts that only a space parts."""
    if not _is_between(_QUOTED.sub(",", inner)):
        raise ValueError("more than quoted elements")
    bare = re.compile(r"[^\s,;]+")
    found: list[str] = []
    place = 0
    for match in [*_QUOTED.finditer(inner), None]:
        found += bare.findall(inner[place : match.start() if match else len(inner)])
        if match:
            found.append(unescaped(_text(match[0])))
            place = match.end()
    return found


def _text(literal: str) -> str:
    try:
        return str(json.loads(literal)) if literal[0] == '"' else str(ast.literal_eval(literal))
    except (ValueError, SyntaxError):
        return literal[1:-1]
