"""Article-style histories, `Input,Output` by name: which names a file has, and what its lists are made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from recommender.language import SOURCE, by_letters
from recommender.language.text import clean, match_key, name_problem, shown
from recommender.shop.baskets.joined import Known, known_from, known_part, known_to, parts, second
from recommender.shop.baskets.rows import Nearest, Row
from recommender.shop.catalogue import Catalogue, item_named
from recommender.shop.items import Item
from recommender.shop.tables import BadRowsError, Problem, Table, TableLine, is_shortened, names_in, read_table

COLUMNS: Final = ("Input", "Output")


class Article(NamedTuple):
    """An article-style file: its catalogue, its rows (all `train`), and `notes` on what was not taken as written."""

    catalogue: Catalogue
    rows: list[Row]
    notes: tuple[Problem, ...]


def load_article(path: str | Path, catalogue: Catalogue | None = None) -> Article:
    """The rows of a CSV or XLSX file: `Input`, names in order of purchase, and `Output`, the next item's name.

    Names are parted as by `names_in`, and at an Arabic و where it joins names that are known: those of the catalogue,
    or else those that the file has by themselves; among at least two such names there may be others. Without a
    catalogue each distinct name is an item, in order of appearance; names with one match key are one item under the
    first spelling. That, a name twice in a basket (the first stays), a name that may be a list, and a row whose next
    item is already in its basket (left out: it is no candidate) are in `notes`.

    Raises:
        DataError: if the file is no such table.
        BadRowsError: listing every row with an empty cell, an unusable name, or an item outside the given catalogue; or
            the notes, where no row is left.
    """
    return article_of(read_table(path, required=COLUMNS), catalogue)


def article_of(table: Table, catalogue: Catalogue | None = None) -> Article:
    """The rows of a table that has the columns `COLUMNS`.

    Raises:
        BadRowsError: as `load_article` does.
    """
    shop = _Shop(Path(table.file).stem, catalogue)
    bought = [_names(line, "Input", shop) for line in table.lines]
    following = [_names(line, "Output", shop) for line in table.lines]
    if catalogue is None:
        outputs = (names[0] for names in following if names and len(names) == 1)
        known = known_from(outputs, (name for names in bought for name in names or ()))
    else:
        known = known_to(catalogue)
    rows = []
    for line, names, output in zip(table.lines, bought, following, strict=True):
        if names is not None and output is not None and (row := _row(line, names, output, known, shop)):
            rows.append(row)
    if shop.problems or not rows:
        raise BadRowsError(table.file, shop.problems or shop.notes)
    return Article(shop.catalogue(), rows, (*table.notes, *shop.notes))


class _Shop:
    """Turns names into ids, of a given catalogue or of one that grows, and keeps what was found on the way."""

    def __init__(self, name: str, given: Catalogue | None) -> None:
        self.name = name
        self.given = given
        self.items: dict[str, Item] = {}
        self.ids: dict[str, str | None] = {}
        self.taken: set[object] = set()
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def catalogue(self) -> Catalogue:
        return Catalogue(self.name, self.items.values()) if self.given is None else self.given

    def id_of(self, name: str, line: int) -> str | None:
        """The id of the item called `name`; None where there is none, which is then in `problems`."""
        found = self.ids.get(name)
        if found is None:
            item = self._put_on_sale(name, line) if self.given is None else self._on_sale(self.given, name, line)
            found = self.ids[name] = item.id if item else None
        return found

    def _on_sale(self, given: Catalogue, name: str, line: int) -> Item | None:
        if (item := given.find(name)) is None:
            nearest = Nearest(given, name, by_letters(name))
            self.problems.append(Problem(line, "row_unknown_item", {"name": shown(name), "nearest": nearest}))
        return item

    def _put_on_sale(self, name: str, line: int) -> Item | None:
        problem = "number_shortened" if is_shortened(name) else name_problem(name)
        if problem:
            self.problems.append(Problem(line, problem, {"name": shown(name)}))
            return None
        key, spelling = match_key(name), clean(name)
        kept = self.items.get(key)
        if kept is None:
            kept = self.items[key] = item_named(name, self.taken)
            self.taken.add(kept.id)
        elif spelling != kept.name(SOURCE):
            self.notes.append(Problem(line, "note_merged", {"name": spelling, "kept": kept.name(SOURCE)}))
        return kept


def _names(line: TableLine, column: str, shop: _Shop) -> list[str] | None:
    """The names in a cell; None where it can't be read, which is then in the problems."""
    try:
        return names_in(line.cells[column])
    except ValueError:
        shop.problems.append(Problem(line.number, "list_unreadable", {"text": shown(line.cells[column])}))
        return None


def _row(line: TableLine, listed: Sequence[str], following: Sequence[str], known: Known, shop: _Shop) -> Row | None:
    bought = [part for name in listed for part in parts(name, known)]
    if not bought:
        shop.problems.append(Problem(line.number, "row_basket_empty"))
    if len(following) != 1:
        key = "row_next_many" if following else "row_next_empty"
        shop.problems.append(Problem(line.number, key, {"names": shown(line.cells["Output"])}))
    _note_joined(bought, known, shop, line.number)
    ids = [shop.id_of(name, line.number) for name in bought]
    target = shop.id_of(following[0], line.number) if len(following) == 1 else None
    basket = tuple(dict.fromkeys(item for item in ids if item))
    if not target or not basket or None in ids:
        return None
    if len(basket) < len(ids):
        for name in [name for place, name in enumerate(bought) if ids[place] in ids[:place]]:
            shop.notes.append(Problem(line.number, "note_item_twice", {"name": shown(name)}))
    if target in basket:
        shop.notes.append(Problem(line.number, "note_next_owned", {"name": shown(following[0])}))
        return None
    return Row(" ".join(sorted({*basket, target})), "train", "article", basket, target)


def _note_joined(names: Sequence[str], known: Known, shop: _Shop, line: int) -> None:
    for name in names if shop.given is None else ():
        if " و" not in name or name in shop.ids:
            continue
        # Of a list that was cut an unknown part may be several names, too, and then none of them is known.
        if part := known_part(name, known) or (None if known(name) else second(name)):
            shop.notes.append(Problem(line, "note_joined", {"name": shown(name, 80), "part": shown(part)}))
