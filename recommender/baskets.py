"""Purchase histories with their next item: loading, validating row by row, splitting by group."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from recommender.catalogue import Catalogue, Item, item_named
from recommender.files import BadRowsError, Line, Problem, read_csv
from recommender.text import NAME_LIMIT, clean, is_arabic, match_key, name_problem, shown, split_names

PATH: Final = Path(__file__).resolve().parents[1] / "data" / "baskets.csv"
SPLITS: Final = ("train", "validation", "test")
COLUMNS: Final = ("group", "split", "kind", "basket", "next")


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
    """The rows of a CSV file with the columns `COLUMNS`, the basket's ids separated by spaces.

    Raises:
        DataError: if the file is no such CSV.
        BadRowsError: listing every row with an unknown or repeated item, with its next item in its basket, in an
            unknown split, in a group of other items, or in a group that another row puts into another split.
    """
    lines = read_csv(path, required=COLUMNS)
    rows = [_row(line) for line in lines]
    problems = _group_problems(lines, rows)
    for line, row in zip(lines, rows, strict=True):
        problems += [Problem(line.number, key, fields) for key, fields in _row_problems(row, catalogue)]
    if problems:
        raise BadRowsError(path, problems)
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


def _row(line: Line) -> Row:
    cells = {name: cell.strip() for name, cell in line.cells.items()}
    return Row(cells["group"], cells["split"], cells["kind"], tuple(cells["basket"].split()), cells["next"])


def _row_problems(row: Row, catalogue: Catalogue) -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    if row.split not in SPLITS:
        found.append(("split_unknown", {"split": shown(row.split), "splits": " ".join(SPLITS)}))
    if not row.group:
        found.append(("group_empty", {}))
    if not row.basket:
        found.append(("row_basket_empty", {}))
    if not row.next:
        found.append(("row_next_empty", {}))
    for unknown in [item for item in dict.fromkeys((*row.basket, row.next)) if item and item not in catalogue]:
        nearest = ", ".join(item.id for item in catalogue.nearest(unknown.replace("-", " "), 1))
        found.append(("row_unknown_item", {"name": shown(unknown), "nearest": nearest or "-"}))
    for twice in [item for item in dict.fromkeys(row.basket) if row.basket.count(item) > 1]:
        found.append(("row_item_twice", {"name": shown(twice)}))
    if row.next and row.next in row.basket:
        found.append(("row_next_owned", {"name": shown(row.next)}))
    return found


def _group_problems(lines: Sequence[Line], rows: Sequence[Row]) -> list[Problem]:
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


class Article(NamedTuple):
    """An article-style file: its catalogue, its rows (all `train`), and `notes` on what was not taken as written."""

    catalogue: Catalogue
    rows: list[Row]
    notes: tuple[Problem, ...]


def load_article(path: str | Path, catalogue: Catalogue | None = None) -> Article:
    """The rows of a CSV file with the columns `Input` (names in order of purchase) and `Output` (the next item's name).

    Names are parted as by `split_names`, and at an Arabic و where that leaves only names that are known: those of the
    catalogue, or else those that the file has by themselves. Without a catalogue each distinct name is an item, in
    order of appearance; names with one match key are one item under the first spelling. That, a name twice in a basket
    (the first stays) and a row whose next item is already in its basket (left out: it is no candidate) are in `notes`.

    Raises:
        DataError: if the file is no such CSV.
        BadRowsError: listing every row with an empty cell, an unusable name, or an item outside the given catalogue; or
            the notes, where no row is left.
    """
    lines = read_csv(path, required=("Input", "Output"))
    known = _known(lines, catalogue)
    shop = _Shop(Path(path).stem, catalogue)
    rows = [row for line in lines if (row := _article_row(line, known, shop))]
    if shop.problems or not rows:
        raise BadRowsError(path, shop.problems or shop.notes)
    return Article(shop.catalogue(), rows, tuple(shop.notes))


class _Shop:
    """Turns names into ids, of a given catalogue or of one that grows, and keeps what was found on the way."""

    def __init__(self, name: str, given: Catalogue | None) -> None:
        self.name = name
        self.given = given
        self.items: dict[str, Item] = {}
        self.spellings: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def catalogue(self) -> Catalogue:
        return Catalogue(self.name, self.items.values()) if self.given is None else self.given

    def id_of(self, name: str, line: int) -> str | None:
        item = self._put_on_sale(name, line) if self.given is None else self._on_sale(self.given, name, line)
        return item.id if item else None

    def _on_sale(self, given: Catalogue, name: str, line: int) -> Item | None:
        if (item := given.find(name)) is None:
            language = "ar" if is_arabic(name) else "en"
            nearest = ", ".join(near.name(language) for near in given.nearest(name, 1))
            self.problems.append(Problem(line, "row_unknown_item", {"name": shown(name), "nearest": nearest or "-"}))
        return item

    def _put_on_sale(self, name: str, line: int) -> Item | None:
        if problem := name_problem(name):
            self.problems.append(Problem(line, problem, {"name": shown(name)}))
            return None
        key, spelling = match_key(name), clean(name)
        if key not in self.items:
            self.items[key] = item_named(name, {item.id for item in self.items.values()})
            self.spellings[spelling] = spelling
        kept = self.items[key]
        if spelling not in self.spellings:
            self.spellings[spelling] = kept.name("en")
            self.notes.append(Problem(line, "note_merged", {"name": spelling, "kept": kept.name("en")}))
        return kept


def _article_row(line: Line, known: Callable[[str], bool], shop: _Shop) -> Row | None:
    bought = [part for name in split_names(line.cells["Input"]) for part in _parts(name, known)]
    following = split_names(line.cells["Output"])
    if not bought:
        shop.problems.append(Problem(line.number, "row_basket_empty"))
    if len(following) != 1:
        key = "row_next_many" if following else "row_next_empty"
        shop.problems.append(Problem(line.number, key, {"names": shown(line.cells["Output"])}))
    ids = [shop.id_of(name, line.number) for name in bought]
    target = shop.id_of(following[0], line.number) if len(following) == 1 else None
    basket = tuple(dict.fromkeys(item for item in ids if item))
    if not target or not basket or None in ids:
        return None
    for name in [name for place, name in enumerate(bought) if ids[place] in ids[:place]]:
        shop.notes.append(Problem(line.number, "note_item_twice", {"name": shown(name)}))
    if target in basket:
        shop.notes.append(Problem(line.number, "note_next_owned", {"name": shown(following[0])}))
        return None
    return Row(" ".join(sorted({*basket, target})), "train", "article", basket, target)


def _known(lines: Sequence[Line], catalogue: Catalogue | None) -> Callable[[str], bool]:
    """Whether a text is a name: of the catalogue; else an Output, or one of a list in which no و can be an "and"."""
    if catalogue is not None:
        return lambda name: catalogue.find(name) is not None
    listed = [name for line in lines for name in split_names(line.cells["Input"])]
    keys = {match_key(line.cells["Output"]) for line in lines}
    keys |= {match_key(name) for name in listed if not any(word.startswith("و") for word in name.split())}
    # A first word with a و of its own (واقي الساق) is told from "and": without its و the name is no other's.
    own = [name for name in listed if name.startswith("و") and not any(w.startswith("و") for w in name.split()[1:])]
    keys |= {match_key(name) for name in own if match_key(name[1:]) not in keys}
    keys.discard("")
    return lambda name: match_key(name) in keys


def _parts(name: str, known: Callable[[str], bool]) -> list[str]:
    """`name` cut at each و that joins known names, the longest names first; whole where that leaves an unknown one."""
    words = name.split()
    if known(name) or not any(word.startswith("و") for word in words):
        return [name]
    # rest[i]: the names that words[i:] are made of, if they are made of known names only.
    rest: list[list[str] | None] = [None] * len(words) + [[]]
    for start in reversed(range(len(words))):
        if words[start].startswith("و"):
            rest[start] = _longest(words[start].removeprefix("و"), words, start, rest, known)
        if start == 0 and rest[0] is None:
            rest[0] = _longest(words[0], words, 0, rest, known)
    return rest[0] or [name]


def _longest(
    first: str, words: Sequence[str], start: int, rest: Sequence[list[str] | None], known: Callable[[str], bool]
) -> list[str] | None:
    for end in range(min(len(words), start + NAME_LIMIT), start, -1):
        tail = rest[end]
        if tail is None:
            continue
        name = " ".join([first, *words[start + 1 : end]]).strip()
        if len(name) <= 2 * NAME_LIMIT and known(name):
            return [name, *tail]
    return None
