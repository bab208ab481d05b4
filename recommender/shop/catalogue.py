"""Catalogues: an ordered, closed set of things for sale."""

from __future__ import annotations

import csv
from collections.abc import Container, Iterable, Iterator, KeysView
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process

from recommender.errors import DataError, RequestError
from recommender.language import SOURCE, by_letters
from recommender.language.text import clean, match_key, name_problem, shown
from recommender.paths import DATA
from recommender.shop import rules
from recommender.shop.catalogue_rows import COLUMNS, free_id, further_languages, read
from recommender.shop.items import Item
from recommender.shop.tables import Problem, kept_cell
from recommender.system.files import atomic_write

FOLDER: Final = DATA / "catalogues"


class Catalogue:
    """Items in a fixed order, found by id or by any reasonable spelling of a name in either language."""

    def __init__(
        self, name: str, items: Iterable[Item], notes: Iterable[Problem] = (), *, repeats: bool = False
    ) -> None:
        """Index `items`; where two share a spelling, the first one has it. `notes` tell how the file was read.

        With `repeats` goods are used up and bought again: what was bought stays on offer.

        Raises:
            ValueError: if two items share an id.
        """
        self.name = name
        self.repeats = repeats
        self.notes = tuple(notes)
        self.items = tuple(items)
        self._by_id = {item.id: item for item in self.items}
        self._places: dict[str, int] = {}
        self._by_length: dict[int, list[str]] = {}
        if len(self._by_id) != len(self.items):
            raise ValueError(f"the catalogue {name!r} holds an id twice")
        self._by_name: dict[str, Item] = {}
        self._by_key: dict[str, Item] = {}
        names = [(name, item) for item in self.items for name in item.proper_names()]
        # Names go before aliases: no alias may hide the name of a later item.
        aliases = [(alias, item) for item in self.items for alias in item.aliases]
        for name, item in names:
            self._by_name.setdefault(name, item)
        for name, item in names + aliases:
            self._by_key.setdefault(match_key(name), item)

    @classmethod
    def load(cls, name_or_path: str | Path = "sports") -> Catalogue:
        """A shipped catalogue by name, a CSV or XLSX file with the columns `COLUMNS`, or a folder with `catalogue.csv`.

        Whether goods are bought again is what the folder's `shop.json` says.

        A name in one language is all that a row needs: without an `id` column ids are made from the names, and `en` or
        `ar`, `sport`, `role` and `aliases` (separated by `|`) may be empty or absent. Names are kept as `text.clean`
        leaves them. A name that an earlier row has is an error, but of more than `LARGE` items it is a note: by that
        name the earlier one is found, the later one by its id.

        Raises:
            DataError: if there is no such catalogue or file, or it is no such CSV.
            BadRowsError: listing every row that can't be used, and why.
        """
        shipped = FOLDER / f"{name_or_path}.csv"
        path = shipped if Path(name_or_path).name == str(name_or_path) and shipped.is_file() else Path(name_or_path)
        if path.is_dir() and (path / "catalogue.csv").is_file():
            return cls(path.name, *read(path / "catalogue.csv"), repeats=rules.repeats(path))
        if not path.is_file():
            known = tuple(sorted(file.stem for file in FOLDER.glob("*.csv")))
            raise DataError("catalogue_missing", name=shown(str(name_or_path), 200), known=known)
        return cls(path.stem, *read(path))

    def save(self, path: str | Path) -> None:
        """Write the CSV that `load` reads, and that a spreadsheet opens rightly, in Arabic too, and runs nothing of.

        Raises:
            DataError: if the file can't be written; the old one then stays whole.
        """
        with atomic_write(path) as handle:
            # A mark at the beginning: without it spreadsheets take Arabic for another encoding.
            handle.write("\ufeff")
            writer = csv.writer(handle, lineterminator="\n")
            further = [code for code in further_languages() if any(item.written(code) for item in self.items)]
            writer.writerow([*COLUMNS, *further])
            rows = (
                (i.id, i.en, i.ar, i.sport, i.role, "|".join(i.aliases), *map(i.written, further)) for i in self.items
            )
            writer.writerows(map(kept_cell, row) for row in rows)

    def get(self, item_id: str) -> Item | None:
        """The item with this id, or None."""
        return self._by_id.get(item_id)

    def find(self, text: str) -> Item | None:
        """The item with this id, else this exact name, else a name or alias with the same match key; or None."""
        return self._by_id.get(text) or self._by_name.get(text) or self._by_key.get(match_key(text))

    def nearest(self, text: str, n: int = 3) -> list[Item]:
        """The `n` items whose name or alias looks most like `text`, best first; none where nothing looks alike."""
        key = match_key(clean(text))
        hits = process.extract(key, list(self._by_key), scorer=fuzz.WRatio, limit=None, score_cutoff=1)
        return list(dict.fromkeys(self._by_key[key] for key, _, _ in hits))[:n]

    @property
    def ids(self) -> KeysView[str]:
        """The ids of all items."""
        return self._by_id.keys()

    def place(self, item_id: str) -> int:
        """Where an item stands, from 0.

        Raises:
            KeyError: if there is no such item.
        """
        if len(self._places) != len(self.items):
            self._places = {item.id: place for place, item in enumerate(self.items)}
        return self._places[item_id]

    def likest(self, key: str, least: float) -> list[tuple[Item, float]]:
        """The items with a name or alias whose match key is like `key` by `least` of 100 or more, the likest first."""
        if not self._by_length:
            for name in self._by_key:
                self._by_length.setdefault(len(name), []).append(name)
        # A ratio is 2 matches / both lengths: names of other lengths can't reach it, which spares most of a large shop.
        shortest, longest = len(key) * least / (200 - least), len(key) * (200 - least) / least
        near = [name for length, names in self._by_length.items() if shortest <= length <= longest for name in names]
        hits = process.extract(key, near, scorer=fuzz.ratio, limit=None, score_cutoff=least)
        best: dict[str, tuple[Item, float]] = {}
        for name, alike, _ in hits:
            best.setdefault(self._by_key[name].id, (self._by_key[name], alike))
        return list(best.values())

    def candidates(self, basket: Iterable[Item | str]) -> list[Item]:
        """What is on offer, in catalogue order: all but the basket (items or ids); all where goods are bought again."""
        if self.repeats:
            return list(self.items)
        bought = {entry if isinstance(entry, str) else entry.id for entry in basket}
        return [item for item in self.items if item.id not in bought]

    def with_items(self, extra: Iterable[str], language: str = SOURCE) -> Catalogue:
        """This catalogue and, after its own items, one item for each name that was typed in a request in `language`.

        A name is of the language that its letters and `language` tell (`by_letters`). Ids are made from the names and
        never collide. A name that the catalogue already has, in any spelling, adds nothing: it finds the item that is
        there.

        Raises:
            RequestError: if a text can't be a name.
        """
        grown = self
        for text in extra:
            if problem := name_problem(text):
                raise RequestError(problem, name=shown(text))
            if grown.find(text) is None:
                grown = grown._and(item_named(text, grown, language))
        return grown

    def _and(self, item: Item) -> Catalogue:
        """This catalogue and one more item, in moments: the spellings of 100,000 items take a second to find."""
        grown = Catalogue(self.name, (), repeats=self.repeats)
        grown.items = (*self.items, item)
        grown._by_id = {**self._by_id, item.id: item}
        grown._by_name, grown._by_key = dict(self._by_name), dict(self._by_key)
        for name in item.proper_names():
            grown._by_name.setdefault(name, item)
            grown._by_key.setdefault(match_key(name), item)
        return grown

    def sports(self) -> dict[str, list[Item]]:
        """Items by sport, sports and items in catalogue order; items without one under the empty string."""
        groups: dict[str, list[Item]] = {}
        for item in self.items:
            groups.setdefault(item.sport, []).append(item)
        return groups

    def __getitem__(self, item_id: str) -> Item:
        return self._by_id[item_id]

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._by_id

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"Catalogue({self.name!r}, {len(self)} items)"


def item_named(text: str, taken: Container[object], language: str = SOURCE) -> Item:
    """An item with nothing but the name `text`, said in `language`, and an id that is not `taken`."""
    name = clean(text)
    return Item(free_id(name, taken)).called(by_letters(name, language), name)
