"""What the lines of one order say together: exports write what is the order's own on its first line only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.shop.sales.amounts import amounts_of
from recommender.shop.sales.words import is_no, is_undone
from recommender.shop.tables.columnar import Column

Codes = NDArray[np.int32]


def filled(columns: dict[str, Column]) -> dict[str, Column]:
    """The columns by their use, those that are an order's own filled in on all of its lines.

    A line with neither order, time nor customer belongs to the order above it.
    """
    if "order" not in columns:
        return columns
    order = columns["order"]
    has_order = has_text(order)
    if "time" in columns:
        goes_on = ~has_order & ~has_text(columns["time"])
        if "customer" in columns:
            goes_on &= ~has_text(columns["customer"])
        # Nothing stands above the first line.
        above = np.maximum.accumulate(np.where(goes_on, 0, np.arange(len(goes_on))))
        order = Column(order.codes[above] if len(above) else order.codes, order.cells)
        has_order = has_text(order)
    found = {**columns, "order": order}
    for use in ("customer", "time", "clock", "status", "cancelled", "refunded", "total"):
        if use in found:
            found[use] = _from_first(found[use], order, has_order)
    return found


def undone(columns: dict[str, Column]) -> NDArray[np.bool_]:
    """Which lines are of orders that were cancelled, or refunded as a whole, shape (lines,)."""
    found = np.zeros(len(next(iter(columns.values())).codes), dtype=np.bool_)
    if "status" in columns:
        found |= of_cells(columns["status"], [is_undone(cell) for cell in columns["status"].cells])
    if "cancelled" in columns:
        found |= of_cells(columns["cancelled"], [not is_no(cell) for cell in columns["cancelled"].cells])
    if "refunded" in columns and "total" in columns:
        back, total = (amounts_of(columns[use].cells)[columns[use].codes] for use in ("refunded", "total"))
        found |= (np.abs(back) >= total) & (total > 0)
    return found


def has_text(column: Column) -> NDArray[np.bool_]:
    """Where a column is not empty, shape (lines,)."""
    return of_cells(column, [bool(cell) for cell in column.cells])


def of_cells(column: Column, values: list[bool]) -> NDArray[np.bool_]:
    """For each line the value that its cell has, shape (lines,)."""
    return np.array(values, dtype=np.bool_)[column.codes] if values else np.zeros(len(column.codes), dtype=np.bool_)


def _from_first(column: Column, order: Column, has_order: NDArray[np.bool_]) -> Column:
    """The column with the first text that its order has, where it is empty."""
    written = has_text(column)
    source = written & has_order
    first = np.full(max(1, len(order.cells)), -1, dtype=np.int32)
    # Backwards: of several values for one place the last one stays.
    first[order.codes[source][::-1]] = column.codes[source][::-1]
    empty = ~written & has_order
    codes = column.codes.copy()
    from_order = first[order.codes[empty]]
    codes[empty] = np.where(from_order >= 0, from_order, codes[empty])
    return Column(codes, column.cells)
