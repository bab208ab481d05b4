"""The rows of a catalogue's file: items, and what is wrong with those that are none."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Final

from recommender.errors import DataError
from recommender.language import LANGUAGES
from recommender.language.text import clean, match_key, name_problem, shown, slug
from recommender.shop.items import NAMED_IN, ROLES, Item
from recommender.shop.tables import BadRowsError, Problem, TableLine, is_shortened, names_in, plain_id, read_table

COLUMNS: Final = ("id", *NAMED_IN, "sport", "role", "aliases")
"""A catalogue may have a column for each further language of `LANGUAGES`, too."""
LARGE: Final = 300
"""Items above which two of one name are no mistake any more: in a shop of that size they come from its suppliers."""

# Ids stand in space-separated lists and in command lines; stock numbers such as `AB_12.3` are ids too.
_ID: Final = re.compile(r"\w[\w.-]{0,99}")


def further_languages() -> list[str]:
    """The languages that a catalogue may have a column for besides its own two."""
    return [code for code in LANGUAGES if code not in NAMED_IN]


def free_id(name: str, taken: Container[object]) -> str:
    """The slug of `name`, numbered from 2 where it is taken."""
    base = free = slug(name)
    number = 2
    while free in taken:
        free, number = f"{base}-{number}", number + 1
    return free


def read(path: Path) -> tuple[list[Item], tuple[Problem, ...]]:
    """The items of a file in its order, and notes on what was not taken as written.

    Raises:
        DataError: if the file can't be read, or has no column of names.
        BadRowsError: listing every row that can't be used, and why.
    """
    table = read_table(path, optional=(*COLUMNS, *further_languages()))
    if not {*NAMED_IN, *further_languages()} & set(table.columns):
        raise DataError("no_name_column", file=path.name)
    problems: list[Problem] = []
    twins: list[Problem] = []
    ids: dict[str, int] = {}
    keys: dict[str, int] = {}
    items = []
    for line in table.lines:
        item = _item(line, ids)
        problems += _id_problems(item, line, ids)
        problems += _cell_problems(item, line)
        twins += _name_problems(item, line, keys)
        items.append(item)
    if len(items) <= LARGE:
        problems += twins
    if problems:
        raise BadRowsError(path, problems)
    return items, (*table.notes, *_told_once(twins))


def _item(line: TableLine, taken: dict[str, int]) -> Item:
    cells = line.cells
    names = {code: clean(cells.get(code, "")) for code in (*NAMED_IN, *further_languages())}
    return Item(
        id=plain_id(cells["id"]) if "id" in cells else free_id(next(filter(None, names.values()), ""), taken),
        **{code: names.pop(code) for code in NAMED_IN},
        sport=clean(cells.get("sport", "")),
        role=clean(cells.get("role", "")).casefold(),
        aliases=tuple(filter(None, map(clean, _aliases(cells)))),
        others=tuple((code, name) for code, name in names.items() if name),
    )


def _aliases(cells: Mapping[str, str]) -> list[str]:
    """The parts between `|`, or a list of Python or JSON."""
    cell = cells.get("aliases", "")
    try:
        return names_in(cell) if cell[:1] == "[" else cell.split("|")
    except ValueError:
        return [cell]


def _id_problems(item: Item, line: TableLine, ids: dict[str, int]) -> list[Problem]:
    if not item.id:
        return [Problem(line.number, "id_empty")]
    if is_shortened(item.id):
        return [Problem(line.number, "number_shortened", {"name": item.id})]
    if not _ID.fullmatch(item.id):
        return [Problem(line.number, "id_unusable", {"id": shown(item.id)})]
    if (first := ids.setdefault(item.id, line.number)) != line.number:
        return [Problem(line.number, "id_twice", {"id": item.id, "first": first})]
    return []


def _cell_problems(item: Item, line: TableLine) -> list[Problem]:
    cells = [*(line.cells.get(code, "") for code in (*NAMED_IN, *further_languages())), *_aliases(line.cells)]
    # A sport is no name, but it ends up in the same places.
    cells.append(line.cells.get("sport", ""))
    found = [(name_problem(cell), cell) for cell in cells if cell.strip()]
    problems = [Problem(line.number, key, {"name": shown(cell)}) for key, cell in found if key]
    if not item.proper_names() and not problems:
        problems.append(Problem(line.number, "name_empty", {"name": ""}))
    if item.role and item.role not in ROLES:
        fields = {"role": shown(item.role), "roles": ROLES}
        problems.append(Problem(line.number, "role_unknown", fields))
    return problems


def _told_once(twins: list[Problem]) -> list[Problem]:
    """Of all spellings that an earlier row has one note, the first of them its example."""
    lines = {problem.line for problem in twins}
    return [Problem(0, "names_twice", {"count": len(lines), "name": twins[0].fields["name"]})] if twins else []


def _name_problems(item: Item, line: TableLine, keys: dict[str, int]) -> list[Problem]:
    """Spellings that an earlier row has; the same one twice within a row does no harm."""
    found = [(name, keys.setdefault(match_key(name), line.number)) for name in item.names()]
    return [
        Problem(line.number, "name_twice", {"name": shown(name), "first": first})
        for name, first in found
        if first != line.number
    ]
