"""Cells that hold several items of an order, as some exports have them: one line an order, unpacked to one an item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.shop.tables import names_in
from recommender.shop.tables.columnar import Column, column_of

_LABELLED: Final = re.compile(r"(?:^|[|;])\s*name\s*:", re.IGNORECASE)
# Between items, not within the name of one.
_NEXT_LABELLED: Final = re.compile(r";\s*(?=(?:id|name|product_id|item_id|sku)\s*:)", re.IGNORECASE)
_TIMES: Final = r"\s?[×xX]\s"
_COUNTED: Final = re.compile(rf"(\d+){_TIMES}(.+?)(?=[,;]\s*\d+{_TIMES}|\s*$)")
_COUNTED_BEHIND: Final = re.compile(r"(?:^|[,;])\s*(.+?)\s[×xX]\s?(\d+)(?=\s*(?:[,;]|$))")


class Packed(NamedTuple):
    """An item in a cell."""

    name: str
    number: str = ""
    quantity: str = ""


def packed_in(cell: str) -> list[Packed]:
    """The items in `cell`, in order.

    `name:Cup|sku:C1|quantity:2;name:Pot|…` and `2× Cup, 1× Pot` as WooCommerce's programs write them, `Cup x 2`, or
    names in any list that `names_in` reads.
    """
    if _LABELLED.search(cell):
        return [_labelled(part) for part in _NEXT_LABELLED.split(cell)]
    if _COUNTED.match(cell.strip()):
        return [Packed(name.strip(), quantity=count) for count, name in _COUNTED.findall(cell)]
    if found := _COUNTED_BEHIND.findall(cell):
        return [Packed(name.strip(), quantity=count) for name, count in found]
    try:
        return [Packed(name) for name in names_in(cell)]
    except ValueError:
        return [Packed(cell)]


def is_labelled(cell: str) -> bool:
    """Whether `cell` holds items of which each part has its name: `name:Cup|quantity:2`."""
    return _LABELLED.search(cell) is not None


def unpacked(columns: Mapping[str, Column], packed: Sequence[Column]) -> tuple[dict[str, Column], NDArray[np.int64]]:
    """The columns by their use with a line for each item that the columns `packed` hold, and the row of each line.

    A row that holds none is one line without an item.
    """
    entries: list[Packed] = []
    rows: list[NDArray[np.int64]] = []
    places: list[NDArray[np.int64]] = []
    for column in packed:
        held = [packed_in(cell) if cell else [] for cell in column.cells]
        sizes = np.array([len(one) for one in held], dtype=np.int64)
        begins = np.cumsum(sizes) - sizes + len(entries)
        entries += [entry for one in held for entry in one]
        counts = sizes[column.codes]
        rows.append(np.repeat(np.arange(len(counts)), counts))
        within = np.arange(len(rows[-1])) - np.repeat(np.cumsum(counts) - counts, counts)
        places.append(np.repeat(begins[column.codes], counts) + within)
    without = np.setdiff1d(np.arange(len(packed[0].codes)), np.concatenate(rows))
    row = np.concatenate([*rows, without])
    place = np.concatenate([*places, np.full(len(without), len(entries))])
    order = np.argsort(row, kind="stable")
    row, place = row[order], place[order]
    entries.append(Packed(""))
    found = {use: Column(column.codes[row], column.cells) for use, column in columns.items()}
    uses: dict[str, list[str]] = {
        "item": [entry.name for entry in entries],
        "quantity": [entry.quantity for entry in entries],
        "item_id": [entry.number for entry in entries],
    }
    for use, texts in uses.items():
        cells = column_of(texts)
        found[use] = Column(cells.codes[place], cells.cells)
    return found, row


def _labelled(part: str) -> Packed:
    pieces = (piece.partition(":") for piece in part.split("|"))
    fields = {name.strip().casefold(): value.strip() for name, _, value in pieces}
    number = fields.get("sku") or fields.get("product_id", "")
    return Packed(fields.get("name", ""), number, fields.get("quantity") or fields.get("qty", ""))
