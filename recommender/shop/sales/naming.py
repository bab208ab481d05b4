"""The items of a file of sales: which names and numbers are one item, what it is called, and in which catalogue."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.language.text import NAME_LIMIT, clean, match_key, name_problem, shown, split_names
from recommender.shop.catalogue import Catalogue, item_named
from recommender.shop.items import Item
from recommender.shop.tables import Problem, is_shortened, plain_id
from recommender.shop.tables.columnar import Column

NO_ITEM: Final = -1
_READ: Final = 1000
"""Characters of a name that are looked at."""
_SURE: Final = 0.5
"""Share of a number's lines that have its commonest name, below which the number is that of a brand or of nothing."""
_ID: Final = re.compile(r"\w[\w.-]{0,99}")
_BRACKETS: Final = str.maketrans("<>{}", "()()")


@dataclass(frozen=True)
class Items:
    """The items of some lines.

    Attributes:
        numbers: of each line, the place of its item in `catalogue`, `NO_ITEM` where it has none; int32.
        why_not: why lines have none: for each of their names what is wrong, line 0.
        notes: on names that were not taken as written.
    """

    catalogue: Catalogue
    numbers: NDArray[np.int32]
    why_not: dict[str, Problem] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()


def usable_name(text: str) -> str:
    """`text` as a name that a prompt can hold, of any length: without commas and semicolons, and with other brackets.

    It may still have a `name_problem`: nothing visible, a label of the prompt, more than `NAME_LIMIT` characters.
    """
    name = clean(text[:_READ], _READ)
    if name_problem(name) in (None, "name_too_long") and len(name) <= NAME_LIMIT:
        return name
    for form in (name, unicodedata.normalize("NFKC", name)):
        name = clean(" ".join(split_names(form.translate(_BRACKETS))), _READ)
        if name_problem(name[:NAME_LIMIT]) is None:
            break
    return name


def shortened(name: str, most: int = NAME_LIMIT) -> str:
    """`name` in at most `most` characters, cut between words if there is a space in its second half."""
    cut = name[:most]
    while len(unicodedata.normalize("NFKC", cut)) > most:
        cut = cut[:-1]
    if len(cut) == len(name):
        return name
    if not name[len(cut)].isspace() and " " in cut[most // 2 :]:
        cut = cut.rpartition(" ")[0]
    return clean(cut.rstrip(" -–—:/&+"))


def items_of(names: Column, ids: Column | None, shop: str, given: Catalogue | None = None) -> Items:
    """The items that lines name, by `names` and, where the shop numbers its items, `ids`.

    Names with one match key are one item, called as most of its lines do. Lines with one number are one item, too, and
    so are numbers whose items have one name, which nothing could tell apart; a number of which most lines have another
    name than the commonest is passed over. Items are in the order of their first lines, or those of the catalogue that
    is `given`.
    """
    pairs, inverse, counts = _pairs(names, ids)
    if given is not None:
        return _found_in(given, pairs, inverse)
    usable = {name: usable_name(name) for name in dict.fromkeys(name for _, name in pairs)}
    groups, group_of, why_not = _groups(pairs, counts, usable)
    items, notes = _named(groups)
    mended = [name for name, text in usable.items() if name not in why_not and text != clean(name[:_READ], _READ)]
    if mended:
        fields = {"count": len(mended), "name": shown(mended[0]), "kept": shown(usable[mended[0]])}
        notes = (Problem(0, "sales_note_mended", fields), *notes)
    places = {key: place for place, key in enumerate(groups)}
    by_pair = np.array([NO_ITEM if key is None else places[key] for key in group_of], dtype=np.int32)
    return Items(Catalogue(shop, items), by_pair[inverse], why_not, notes)


def _pairs(names: Column, ids: Column | None) -> tuple[list[tuple[str, str]], NDArray[np.int64], list[int]]:
    """The different (number, name) in the order of their first lines, each line's pair, and their counts."""
    codes = names.codes.astype(np.int64)
    if ids is not None:
        codes += ids.codes.astype(np.int64) * max(1, len(names.cells))
    found, first, inverse, counts = np.unique(codes, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    size = max(1, len(names.cells))
    pairs = [
        (_number(ids.cells[code // size]) if ids is not None else "", names.cells[code % size])
        for code in found[order].tolist()
    ]
    return pairs, rank[inverse], counts[order].tolist()


def _number(cell: str) -> str:
    return "" if is_shortened(cell) else plain_id(cell)


def _found_in(given: Catalogue, pairs: list[tuple[str, str]], inverse: NDArray[np.int64]) -> Items:
    places = {item.id: place for place, item in enumerate(given)}
    numbers: list[int] = []
    why_not: dict[str, Problem] = {}
    for number, name in pairs:
        item = (given.get(number) if number else None) or given.find(name) or given.find(usable_name(name))
        numbers.append(places[item.id] if item else NO_ITEM)
        if item is None:
            text = name or number
            key = "sales_item_unknown" if text else "sales_no_item"
            why_not.setdefault(name, Problem(0, key, {"name": shown(text)} if text else {}))
    return Items(given, np.array(numbers, dtype=np.int32)[inverse], why_not)


@dataclass
class _Group:
    """An item as it grows: how many lines have each spelling and each number."""

    spellings: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return max(self.spellings, key=lambda name: self.spellings[name])

    def add(self, other: _Group) -> None:
        for mine, its in ((self.spellings, other.spellings), (self.numbers, other.numbers)):
            for text, count in its.items():
                mine[text] = mine.get(text, 0) + count


def _groups(
    pairs: list[tuple[str, str]], counts: list[int], usable: dict[str, str]
) -> tuple[dict[str, _Group], list[str | None], dict[str, Problem]]:
    """The items by their names' match keys, in the order of their first lines, and the key of each pair."""
    problems = {name: name_problem(shortened(text)) for name, text in usable.items()}
    doubtful = _doubtful(pairs, counts, usable)
    by_number: dict[str, _Group] = {}
    handles: list[str | None] = []
    why_not: dict[str, Problem] = {}
    for (written, name), count in zip(pairs, counts, strict=True):
        number = "" if written in doubtful else written
        problem = problems[name]
        if problem and not number:
            key = "sales_no_item" if problem == "name_empty" else problem
            why_not.setdefault(name, Problem(0, key, {"name": shown(name)} if name else {}))
            handles.append(None)
            continue
        # A number and the match key of a name are kept apart by a character that no key has.
        handle = f"\n{number}" if number else match_key(usable[name])
        single = _Group({usable[name]: count} if not problem else {}, {number: count} if number else {})
        by_number.setdefault(handle, _Group()).add(single)
        handles.append(handle)
    groups: dict[str, _Group] = {}
    key_of: dict[str, str] = {}
    for handle, group in by_number.items():
        if not group.spellings:
            group.spellings = {shortened(usable_name(handle[1:])): 1}
        key_of[handle] = match_key(group.name)
        groups.setdefault(key_of[handle], _Group()).add(group)
    return groups, [None if handle is None else key_of[handle] for handle in handles], why_not


def _doubtful(pairs: list[tuple[str, str]], counts: list[int], usable: dict[str, str]) -> set[str]:
    """The numbers that are no item's own: those of lines most of which have another name than the commonest."""
    by_number: dict[str, dict[str, int]] = {}
    for (number, name), count in zip(pairs, counts, strict=True):
        if number and name:
            keys = by_number.setdefault(number, {})
            key = match_key(usable[name])
            keys[key] = keys.get(key, 0) + count
    return {number for number, keys in by_number.items() if max(keys.values()) < _SURE * sum(keys.values())}


def _named(groups: dict[str, _Group]) -> tuple[list[Item], tuple[Problem, ...]]:
    """An item for each group, in their order, and what is to be said of them."""
    names = list(_apart([group.name for group in groups.values()]))
    numbers = [max(group.numbers, key=lambda one: group.numbers[one], default="") for group in groups.values()]
    taken: set[object] = {number for number in numbers if _ID.fullmatch(number)}
    items = []
    for name, number in zip(names, numbers, strict=True):
        item = item_named(name, taken)
        if _ID.fullmatch(number):
            item = replace(item, id=number)
        taken.add(item.id)
        items.append(item)
    return items, tuple(_notes(groups, names))


def _apart(names: Iterable[str]) -> Iterator[str]:
    """Names that are short enough, and numbered where cutting has made two of them one."""
    taken: set[str] = set()
    for name in names:
        cut = free = shortened(name)
        number = 2
        while match_key(free) in taken:
            free, number = f"{shortened(cut, NAME_LIMIT - 6)} {number}", number + 1
        taken.add(match_key(free))
        yield free


def _notes(groups: dict[str, _Group], names: list[str]) -> Iterator[Problem]:
    merged = [group for group in groups.values() if len({clean(name) for name in group.spellings}) > 1]
    if merged:
        others = [name for name in merged[0].spellings if name != merged[0].name]
        fields = {"count": len(merged), "name": shown(others[0]), "kept": shown(merged[0].name)}
        yield Problem(0, "sales_note_merged", fields)
    cut = [(group.name, name) for group, name in zip(groups.values(), names, strict=True) if group.name != name]
    if cut:
        yield Problem(0, "sales_note_shortened", {"count": len(cut), "name": shown(cut[0][0]), "limit": NAME_LIMIT})
