"""What a shop exports, read into `Sales`: lines of who did what when, in any form that shops' programs write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import DataError
from recommender.language import SOURCE
from recommender.language.text import shown
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.articles import sales_of_article
from recommender.shop.sales.columns import LOOKED_AT, Columns, guessed
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.files import LARGEST, bytes_of
from recommender.shop.sales.left_out import LeftOut, NothingLeftError
from recommender.shop.sales.meaning import customers_of, events_of, quantities_of, times_of_lines
from recommender.shop.sales.naming import NO_ITEM, Items, items_of
from recommender.shop.sales.orders import filled, has_text, of_cells, undone
from recommender.shop.sales.packed import unpacked
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.times import UNREAD, Times
from recommender.shop.sales.told import Told, told_of
from recommender.shop.sales.words import column_names, is_column, is_nobody
from recommender.shop.tables import Problem
from recommender.shop.tables.columnar import MOST_PROBLEMS, Column, ColumnTable, read_columns

_USES: Final = (
    "customer", "time", "item", "event", "quantity", "item_id", "order", "clock", "status", "cancelled", "refunded",
    "total",
)  # fmt: skip


@dataclass(frozen=True)
class Brought:
    """A file of sales as it was read.

    Attributes:
        columns: which column was taken for what.
        customers: each customer's own name in the file, by number; it is the visitor's and is shown to nobody else.
    """

    sales: Sales
    told: Told
    columns: Columns
    customers: tuple[str, ...] = field(repr=False)


def guess(source: str | Path | bytes, file_name: str = "", *, largest: int = LARGEST) -> Columns:
    """Which column of a file holds what, with its header and first rows: to be shown, and corrected, before it is read.

    Args:
        source: a path, or the bytes of a file.
        file_name: what the file is called in sentences; the path's own name if empty.
        largest: bytes that a file may have.

    Raises:
        DataError: if it is no table or too large.
    """
    data, file = bytes_of(source, file_name, largest)
    return guessed(read_columns(data, file, is_column, sheet_with=column_names(), most=LOOKED_AT))


def read_sales(
    source: str | Path | bytes,
    file_name: str = "",
    columns: Columns | None = None,
    catalogue: Catalogue | None = None,
    *,
    largest: int = LARGEST,
) -> Sales:
    """The sales of a file, as `bring` reads them.

    Raises:
        DataError: as `bring` does.
    """
    return bring(source, file_name, columns, catalogue, largest=largest).sales


def bring(
    source: str | Path | bytes,
    file_name: str = "",
    columns: Columns | None = None,
    catalogue: Catalogue | None = None,
    *,
    largest: int = LARGEST,
) -> Brought:
    """The sales of a file, with what is to be said of how it was read.

    Lines that can't be used are left out, counted and partly listed; what is left has to be sales of two items and two
    customers at least. Without a `catalogue` the items are those of these lines.

    Args:
        source: a path, or the bytes of a file.
        file_name: what the file is called in sentences, and its stem the catalogue; the path's own name if empty.
        columns: which column holds what; guessed if None.
        catalogue: the items that there are: lines of others are left out.
        largest: bytes that a file may have.

    Raises:
        DataError: if it is no table, too large, lacks a column, or nothing can be learned from what is left.
    """
    data, file = bytes_of(source, file_name, largest)
    if columns is None:
        columns = guessed(read_columns(data, file, is_column, sheet_with=column_names(), most=LOOKED_AT))
    _check_columns(columns, file)
    names = set(map(str.casefold, columns.chosen()))
    table = read_columns(
        data,
        file,
        lambda name: is_column(name) or name.casefold() in names,
        columns.chosen(),
        sheet_with=(*column_names(), *names),
    )
    del data
    return _brought(table, columns, catalogue)


def _check_columns(columns: Columns, file: str) -> None:
    found = shown(", ".join(columns.header), 200)
    if not columns.item and not columns.packed:
        raise DataError("sales_no_item_column", file=file, found=found)
    if not columns.customer and not columns.order and not columns.basket:
        raise DataError("sales_no_customer_column", file=file, found=found)


def _brought(table: ColumnTable, columns: Columns, catalogue: Catalogue | None) -> Brought:
    if not len(table.lines):
        raise DataError("file_empty", file=table.file)
    if columns.basket:
        return _of_article(table, columns, catalogue)
    by_use = {use: table.columns[name] for use in _USES if (name := getattr(columns, use))}
    if columns.packed:
        by_use, rows = unpacked(by_use, [table.columns[name] for name in columns.packed])
        table = replace(table, lines=table.lines[rows])
    by_use = filled(by_use)
    left = LeftOut(table)
    left.where(undone(by_use), "cancelled")
    customers = customers_of(by_use)
    left.where(~has_text(customers), "no_customer")
    times, found = times_of_lines(by_use, columns.day_first, len(table.lines))
    left.where(times == UNREAD, "bad_time", by_use.get("time"))
    quantities = quantities_of(by_use, len(table.lines))
    left.where(np.isnan(quantities), "bad_quantity", by_use.get("quantity"))
    events = events_of(by_use, quantities)
    left.where(events < 0, "event_unknown", by_use.get("event"))
    left.where((quantities == 0) & (events >= PURCHASE), "nothing_sold")
    items = _items(left, by_use, Path(table.file).stem, catalogue)
    quantities = np.where(quantities == 0, 1, np.abs(quantities))
    if not left.kept.any():
        raise NothingLeftError(table.file, left.listed()[0])
    notes = (*table.notes, *items.notes, *_note_on_times(found, table.file), *_note_on_orders(by_use, left))
    notes = (*notes, *left.notes())
    sales, labels = _sorted(items, left.kept, customers, events, times, quantities, notes)
    _check(sales, table.file)
    told = told_of(sales, left.lines, left.counts, left.listed(), "time" in by_use)
    return Brought(sales, told, columns, labels)


def _items(left: LeftOut, by_use: Mapping[str, Column], shop: str, catalogue: Catalogue | None) -> Items:
    """The items of the lines that are not left out; of the others the number of the item is `NO_ITEM`."""
    rows = np.flatnonzero(left.kept)
    names, ids = by_use["item"], by_use.get("item_id")
    found = items_of(
        Column(names.codes[rows], names.cells), ids and Column(ids.codes[rows], ids.cells), shop, catalogue
    )
    numbers = np.full(len(left.kept), NO_ITEM, dtype=np.int32)
    numbers[rows] = found.numbers
    left.names(numbers == NO_ITEM, found.why_not, names)
    return replace(found, numbers=numbers)


def _of_article(table: ColumnTable, columns: Columns, catalogue: Catalogue | None) -> Brought:
    sales, problems = sales_of_article(table, columns, catalogue)
    lines = len({problem.line for problem in problems})
    counts = {"sales_out_bad_row": lines} if problems else {}
    if table.too_long:
        counts["sales_out_too_long"] = table.too_long
    problems = tuple(sorted((*problems, *table.problems), key=lambda problem: problem.line))[:MOST_PROBLEMS]
    notes = (*sales.notes, *(Problem(0, key, {"count": count}) for key, count in counts.items()))
    sales = replace(sales, notes=(*notes, Problem(0, "sales_note_article", {"file": table.file})))
    _check(sales, table.file)
    told = told_of(sales, len(table.lines) + table.too_long, counts, problems, has_times=False)
    return Brought(sales, told, columns, tuple(map(str, range(1, int(sales.customers[-1]) + 2))))


def _sorted(
    items: Items,
    kept: NDArray[np.bool_],
    customers: Column,
    events: NDArray[np.int8],
    times: NDArray[np.int64],
    quantities: NDArray[np.float64],
    notes: tuple[Problem, ...],
) -> tuple[Sales, tuple[str, ...]]:
    """The kept lines in the order of `Sales`, customers numbered in the order of their first lines, and their names."""
    rows = np.flatnonzero(kept)
    found, first, inverse = np.unique(customers.codes[rows], return_index=True, return_inverse=True)
    rank = np.empty(len(found), dtype=np.int32)
    by_first = np.argsort(first)
    rank[by_first] = np.arange(len(found), dtype=np.int32)
    numbers = rank[inverse]
    order = np.lexsort((times[rows], numbers))
    rows = rows[order]
    sales = Sales(
        items.catalogue,
        numbers[order],
        items.numbers[rows],
        events[rows],
        times[rows],
        quantities[rows].astype(np.float32),
        notes,
    )
    return sales, tuple(customers.cells[code] for code in found[by_first].tolist())


def _check(sales: Sales, file: str) -> None:
    """Refuse what nothing can be learned from.

    Raises:
        DataError: if there is one item, one customer, or no purchase.
    """
    if len(sales.catalogue) < 2:
        raise DataError("sales_one_item", file=file, name=sales.catalogue.items[0].name(SOURCE))
    if not (sales.events == PURCHASE).any():
        raise DataError("sales_no_purchase", file=file)
    if not sales.customers[-1]:
        raise DataError("sales_one_customer", file=file)


def _note_on_orders(by_use: Mapping[str, Column], left: LeftOut) -> list[Problem]:
    """How many lines have an order for their customer."""
    nobody = np.ones_like(left.kept)
    if "customer" in by_use:
        nobody = of_cells(by_use["customer"], list(map(is_nobody, by_use["customer"].cells)))
    count = int((nobody & left.kept).sum())
    return [Problem(0, "sales_note_orders", {"count": count})] if count else []


def _note_on_times(found: Times | None, file: str) -> list[Problem]:
    if found is None:
        return [Problem(0, "sales_note_no_times", {"file": file})]
    if found.is_sure or found.day_first is None:
        return []
    return [Problem(0, "sales_note_day_first" if found.day_first else "sales_note_month_first")]
