"""Sales for `index`: a table with the columns `customer`, `time` and `item`, a line for each purchase."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from recommender.errors import DataError
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.sales import Sales
from recommender.shop.tables import Problem, plain_id, read_table


def read(path: str, catalogue: Catalogue) -> Sales:
    """The purchases of a file; lines of items that the catalogue doesn't have, or without a time, are left out, noted.

    Items are names or ids, times such as `2026-11-27 21:30` in UTC.

    Raises:
        DataError: if the file can't be read, lacks a column, or no line of it can be used.
    """
    table = read_table(path, required=("customer", "time", "item"))
    places = {item.id: place for place, item in enumerate(catalogue)}
    taken: list[tuple[str, int, int]] = []
    left = 0
    for line in table.lines:
        item, when = catalogue.find(plain_id(line.cells["item"])), _seconds(line.cells["time"])
        if item is None or when is None:
            left += 1
        else:
            taken.append((line.cells["customer"], when, places[item.id]))
    if not taken:
        raise DataError("index_no_sales", file=Path(path).name)
    number = {name: place for place, name in enumerate(dict.fromkeys(name for name, _, _ in taken))}
    customers = np.array([number[name] for name, _, _ in taken], np.int32)
    times = np.array([when for _, when, _ in taken], np.int64)
    order = np.lexsort((times, customers))
    notes = (*table.notes, *([Problem(0, "index_sales_left_out", {"count": left})] if left else ()))
    return Sales(
        catalogue,
        customers[order],
        np.array([place for _, _, place in taken], np.int32)[order],
        np.full(len(taken), PURCHASE, np.int8),
        times[order],
        np.ones(len(taken), np.float32),
        notes,
    )


def _seconds(text: str) -> int | None:
    try:
        found = datetime.fromisoformat(text.strip())
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
