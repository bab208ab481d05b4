"""Items alone: names pasted one a line, with all that stands around a name in a list, or a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from recommender.errors import DataError
from recommender.language import LANGUAGES
from recommender.language.text import clean, name_problem, split_names
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import ROLES, Item
from recommender.shop.sales.columns import guessed
from recommender.shop.sales.files import LARGEST, bytes_of
from recommender.shop.sales.naming import NO_ITEM, Items, items_of, shortened, usable_name
from recommender.shop.sales.orders import has_text
from recommender.shop.sales.words import column_names, is_column, key_of, roles
from recommender.shop.tables import Problem
from recommender.shop.tables.columnar import Column, ColumnTable, column_of, read_columns
from recommender.shop.tables.encodings import decode
from recommender.shop.tables.workbook import ZIP, records_of_workbook

_BULLET: Final = re.compile(r"[\s>]*(?:[-–—*•·◦‣▪●○■□☐☑✓✔➤►+]+\s+|[•·◦‣▪●○■□☐☑✓✔➤►]|\[[ xX]?\]\s*)+")
_NUMBERED: Final = re.compile(r"\s*[(\[]?\d{1,4}\s*[.):\]-]\s+(?=\S)|\s*[(\[]?\d{1,4}[.)\]](?=[^\W\d])")
_CURRENCY: Final = (
    r"(?:[$€£¥₹₺﷼]|US\$|USD|EUR|GBP|SAR|AED|EGP|KWD|QAR|JOD|MAD|SR|Dhs?\.?|LE|ر\.?\s?س\.?|ريال(?: سعودي)?|درهم"
    r"|د\.?\s?إ\.?|ج\.?\s?م\.?|جنيه|دينار|د\.?\s?ك\.?)"
)
_SUM: Final = r"\d[\d.,٫٬]*"
_PRICE: Final = re.compile(
    rf"[\s\-–—:=|,;،.(@]*(?:{_CURRENCY}\s?{_SUM}|{_SUM}\s?{_CURRENCY})(?:\s?(?:each|ea|per piece|للقطعة))?[\s).]*$",
    re.IGNORECASE,
)
_BARE_PRICE: Final = re.compile(
    r"(?:[\s\-–—:=|,;،]+|\.{2,}\s*)\d+[.,٫]\d{2}\s*$|(?:\s*[=:|,;،]|\s[-–—]|\.{2,})\s*\d+\s*$"
)
_COUNT: Final = re.compile(
    r"(?:[\s,;،\-–—]+[(\[]?(?:[x×]\s?\d{1,3}|#\s?\d{1,4})[)\]]?|\s*[(\[]\d{1,3}[)\]])\s*$", re.IGNORECASE
)
_USUAL: Final = 0.5
"""Share of the lines that have a thing at one end, from which on it is no part of their names."""


def read_items(source: str | bytes, file_name: str = "", *, largest: int = LARGEST) -> Catalogue:
    """The catalogue of a list of items, its `notes` on what was not taken as written.

    A table has a header with a column of names, or of names by language (`en`, `ar`), and may have the items' own ids,
    sports and roles. Anything else is a list of names, one a line or with commas between them, of which
    bullets, numbers and prices are taken away. A name that is there again in any spelling is one item.

    Args:
        source: what was pasted, as text, or the bytes of a file.
        file_name: what it is called in sentences, and its stem the catalogue.
        largest: bytes that it may have.

    Raises:
        DataError: if it is a file of another kind or too large, or names less than two items.
    """
    packed = source.encode("utf-8", "replace") if isinstance(source, str) else source
    data, file = bytes_of(packed, file_name or "items.csv", largest)
    table = _table(data, file)
    found = _of_table(table, file) if table else _of_list(data, file)
    if len(found) < 2:
        raise DataError("items_too_few", file=file)
    return found


def _table(data: bytes, file: str) -> ColumnTable | None:
    """The table, if it is one: its header names a column of items, as no item is called."""
    try:
        table = read_columns(data, file, is_column, sheet_with=column_names())
    except DataError:
        return None  # a list, in which an inch is no quotation mark
    keys = [key_of(name) for name in table.header]
    is_headed = any(key in roles()["item"] or key in roles()["item_id"] or key in LANGUAGES for key in keys)
    is_first = all(note.key != "note_header" for note in table.notes)
    return table if is_headed and (is_first or len(keys) > 1) else None


def _of_table(table: ColumnTable, file: str) -> Catalogue:
    columns = guessed(table)
    by_language = {name.casefold(): name for name in table.header if name.casefold() in LANGUAGES}
    names = [table.columns[name] for name in by_language.values()] or [table.columns[columns.item]]
    id_column = columns.item_id or next((name for name in table.header if key_of(name) == "id"), "")
    items = items_of(_first_filled(names), table.columns.get(id_column), Path(file).stem)
    grown = list(items.catalogue.items)
    for code, name in by_language.items():
        for place, text in _first_texts(items, table.columns[name]):
            if not grown[place].written(code) and not name_problem(usable := shortened(usable_name(text))):
                grown[place] = grown[place].called(code, usable)
    for name in table.header:
        for place, text in _first_texts(items, table.columns[name]) if name.casefold() in ("sport", "role") else ():
            if name.casefold() == "sport" and not name_problem(text):
                grown[place] = replace(grown[place], sport=clean(text))
            elif name.casefold() == "role" and text.casefold() in ROLES:
                grown[place] = replace(grown[place], role=text.casefold())
    return _noted(grown, items, file, table.notes)


def _first_filled(columns: Sequence[Column]) -> Column:
    """For each line the first of its cells that is not empty."""
    first = columns[0]
    for column in columns[1:]:
        empty = ~has_text(first)
        codes = np.where(empty, column.codes + len(first.cells), first.codes).astype(np.int32)
        first = Column(codes, [*first.cells, *column.cells])
    return first


def _first_texts(items: Items, column: Column) -> Iterator[tuple[int, str]]:
    """The first text that each item has in `column`, with the item's place."""
    seen: set[int] = set()
    for place, code in zip(items.numbers.tolist(), column.codes.tolist(), strict=True):
        if place != NO_ITEM and place not in seen and column.cells[code]:
            seen.add(place)
            yield place, column.cells[code]


def _of_list(data: bytes, file: str) -> Catalogue:
    if data.startswith(ZIP):
        lines = ["\t".join(row) for _, row in records_of_workbook(data, (), file).records]
        notes: tuple[Problem, ...] = ()
    else:
        text, notes = decode(data, file)
        lines = text.splitlines()
    names = names_of_list([line for line in lines if line.strip()])
    items = items_of(column_of(names), None, Path(file).stem)
    return _noted(list(items.catalogue.items), items, file, notes)


def names_of_list(lines: Sequence[str]) -> list[str]:
    """The names in a list: without bullets, numbers before them, and prices and counts behind them.

    What could be part of a name (a number without a currency) is taken away only where half of the lines have it.
    """
    if len(lines) == 1 and len(found := split_names(lines[0])) > 1:
        lines = found
    cells = [_longest(line) for line in lines]
    cells = [_BULLET.sub("", cell, count=1) if _BULLET.match(cell) else cell for cell in cells]
    for pattern in (_NUMBERED, _BARE_PRICE):
        if sum(pattern.search(cell) is not None for cell in cells) >= _USUAL * len(cells) and len(cells) > 1:
            cells = [pattern.sub("", cell) for cell in cells]
    return [_COUNT.sub("", _PRICE.sub("", cell)).strip(" \t,;،|") or cell for cell in cells]


def _longest(line: str) -> str:
    """The first cell of a line with letters, where tabs or bars part cells: the others are prices and stock."""
    cells = [re.sub('^"(.*)"$', r"\1", cell.strip()) for cell in re.split("[\t|]", line)]
    return next((cell for cell in cells if any(map(str.isalpha, cell))), cells[0])


def _noted(grown: list[Item], items: Items, file: str, notes: tuple[Problem, ...]) -> Catalogue:
    """The catalogue, with notes on names that are there again and lines without one."""
    used = int((items.numbers != NO_ITEM).sum())
    found = [*notes, *items.notes]
    if used > len(grown):
        found.append(Problem(0, "items_again", {"count": used - len(grown)}))
    if left := len(items.numbers) - used:
        found.append(Problem(0, "sales_out_bad_name", {"count": left}))
    return Catalogue(Path(file).stem, grown, found)
