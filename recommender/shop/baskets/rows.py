"""Histories of item ids with their next item and their split: loading, validating row by row, splitting by group."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from recommender.language.text import shown
from recommender.paths import DATA
from recommender.shop.catalogue import Catalogue
from recommender.shop.tables import BadRowsError, Problem, Table, TableLine, ids_in, plain_id, read_table

PATH: Final = DATA / "baskets.csv"
SPLITS: Final = ("train", "validation", "test")
COLUMNS: Final = ("group", "split", "kind", "basket", "next")


@dataclass(frozen=True)
class Nearest:
    """The item most like a name. It is searched for only when a sentence shows it: of 20,000 bad rows ten are shown.

    Attributes:
        language: of the name to be said; None for the id.
    """

    catalogue: Catalogue
    name: str
    language: str | None = None

    def __str__(self) -> str:
        """Its id or name, or `-` where nothing looks alike."""
        found = self.catalogue.nearest(self.name, 1)
        return "-" if not found else found[0].id if self.language is None else found[0].name(self.language)


@dataclass(frozen=True)
class Row:
    """One history: item ids in order of purchase, the item bought next, and the group that must stay in one split."""

    group: str
    split: str
    kind: str
    basket: tuple[str, ...]
    next: str

    @property
    def items(self) -> frozenset[str]:
        """What its group is made of: every item of the row, the next one included."""
        return group_of((*self.basket, self.next))


def group_of(ids: Iterable[str]) -> frozenset[str]:
    """The group that a row with these items, the next one included, belongs to: their set."""
    return frozenset(ids)


def load(path: str | Path, catalogue: Catalogue) -> list[Row]:
    """The rows of a CSV or XLSX file with the columns `COLUMNS`, the basket's ids separated by spaces or in a list.

    Raises:
        DataError: if the file is no such CSV.
        BadRowsError: listing every row with an unknown or repeated item, with its next item in its basket, in an
            unknown split, in a group of other items, or in a group that another row puts into another split.
    """
    return rows_of(read_table(path, required=COLUMNS), catalogue)


def rows_of(table: Table, catalogue: Catalogue) -> list[Row]:
    """The rows of a table that has the columns `COLUMNS`.

    Raises:
        BadRowsError: as `load` does.
    """
    lines = table.lines
    problems: list[Problem] = []
    rows = [_row(line, problems) for line in lines]
    problems += _group_problems(lines, rows)
    for line, row in zip(lines, rows, strict=True):
        problems += [Problem(line.number, key, fields) for key, fields in _row_problems(row, catalogue)]
    if problems:
        raise BadRowsError(table.file, problems)
    return rows


def of_split(rows: Iterable[Row], split: str) -> list[Row]:
    """The rows of one split, order kept."""
    return [row for row in rows if row.split == split]


def split_by_group(rows: Sequence[Row], validation: float = 0.1, test: float = 0.0, seed: int = 0) -> list[Row]:
    """The rows in their order with new splits, no group of items in two of them.

    Groups are shuffled by `seed` and dealt out until validation and test have at least their share of the rows;
    training always keeps one group.

    Raises:
        ValueError: if the shares are negative or leave nothing for training.
    """
    if min(validation, test) < 0 or validation + test >= 1:
        raise ValueError(f"shares of validation {validation} and test {test}")
    groups: dict[frozenset[str], int] = {}
    for row in rows:
        groups[row.items] = groups.get(row.items, 0) + 1
    order = list(groups)
    random.Random(seed).shuffle(order)
    split_of = dict.fromkeys(order, "train")
    for split, share in (("validation", validation), ("test", test)):
        count = 0
        while count < share * len(rows) and len(order) > 1:
            group = order.pop()
            split_of[group] = split
            count += groups[group]
    return [replace(row, split=split_of[row.items]) for row in rows]


def _row(line: TableLine, problems: list[Problem]) -> Row:
    cells = line.cells
    try:
        basket = tuple(ids_in(cells["basket"]))
    except ValueError:
        problems.append(Problem(line.number, "list_unreadable", {"text": shown(cells["basket"])}))
        basket = ()
    return Row(cells["group"], cells["split"], cells["kind"], basket, plain_id(cells["next"]))


def _row_problems(row: Row, catalogue: Catalogue) -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    if row.split not in SPLITS:
        found.append(("split_unknown", {"split": shown(row.split), "splits": SPLITS}))
    if not row.group:
        found.append(("group_empty", {}))
    if not row.basket:
        found.append(("row_basket_empty", {}))
    if not row.next:
        found.append(("row_next_empty", {}))
    for unknown in [item for item in dict.fromkeys((*row.basket, row.next)) if item and item not in catalogue]:
        nearest = Nearest(catalogue, unknown.replace("-", " "))
        found.append(("row_unknown_item", {"name": shown(unknown), "nearest": nearest}))
    for twice in [item for item in dict.fromkeys(row.basket) if row.basket.count(item) > 1]:
        found.append(("row_item_twice", {"name": shown(twice)}))
    if row.next and row.next in row.basket:
        found.append(("row_next_owned", {"name": shown(row.next)}))
    return found


def _group_problems(lines: Sequence[TableLine], rows: Sequence[Row]) -> list[Problem]:
    """Where a row contradicts the first one with its group or with its items."""
    problems: list[Problem] = []
    by_group: dict[str, tuple[int, Row]] = {}
    by_items: dict[frozenset[str], tuple[int, Row]] = {}
    for line, row in zip(lines, rows, strict=True):
        first_line, first = by_group.setdefault(row.group, (line.number, row))
        if not row.group:
            continue
        if first.items != row.items:
            problems.append(Problem(line.number, "group_mixed", {"group": shown(row.group), "first": first_line}))
        if first.split != row.split:
            fields = {"group": shown(row.group), "split": shown(first.split), "first": first_line}
            problems.append(Problem(line.number, "group_in_two_splits", fields))
        other_line, other = by_items.setdefault(row.items, (line.number, row))
        if other.group != row.group:
            fields = {"group": shown(other.group), "first": other_line}
            problems.append(Problem(line.number, "group_named_twice", fields))
    return problems
