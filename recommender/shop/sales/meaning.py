"""What the cells of a line mean: who did it, what, when, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from recommender.shop.sales.amounts import amounts_of
from recommender.shop.sales.events import PURCHASE, RETURN
from recommender.shop.sales.orders import has_text
from recommender.shop.sales.times import Times, times_of
from recommender.shop.sales.words import event_of, is_nobody
from recommender.shop.tables import plain_id
from recommender.shop.tables.columnar import Column


def customers_of(by_use: Mapping[str, Column]) -> Column:
    """Who did it: the customer, else whoever gave the order, who is one more customer; empty where nobody is known."""
    order = by_use.get("order")
    if "customer" not in by_use:
        assert order is not None
        return Column(order.codes, [plain_id(cell) for cell in order.cells])
    column = by_use["customer"]
    places: dict[str, int] = {"": 0}
    # An address is one in any case.
    names = [plain_id(cell) for cell in column.cells]
    names = [name.casefold() if "@" in name else name for name in names]
    place_of = [0 if is_nobody(name) else places.setdefault(name, len(places)) for name in names]
    codes = np.array(place_of, np.int32)[column.codes]
    cells = list(places)
    if order is not None and not codes.all():
        unknown = codes == 0
        named = has_text(order)
        codes = np.where(unknown & named, order.codes + len(cells), codes).astype(np.int32)
        cells += [f"#{cell}" if cell in places else cell for cell in order.cells]
    return Column(codes, cells)


def times_of_lines(
    by_use: Mapping[str, Column], day_first: bool | None, count: int
) -> tuple[NDArray[np.int64], Times | None]:
    """The time of each line; without a column of times it is the number of the line."""
    if "time" not in by_use:
        return np.arange(1, count + 1, dtype=np.int64), None
    days = by_use["time"]
    if "clock" in by_use:
        clock = by_use["clock"]
        size = len(clock.cells)
        pairs, codes = np.unique(days.codes.astype(np.int64) * size + clock.codes, return_inverse=True)
        cells = [f"{days.cells[pair // size]} {clock.cells[pair % size]}".strip() for pair in pairs.tolist()]
        days = Column(codes.astype(np.int32), cells)
    found = times_of(days.cells, day_first)
    return found.seconds[days.codes], found


def quantities_of(by_use: Mapping[str, Column], count: int) -> NDArray[np.float64]:
    """The quantity of each line, 1 where none is written, nan where it is no number."""
    if "quantity" not in by_use:
        return np.ones(count)
    column = by_use["quantity"]
    amounts = amounts_of(column.cells)
    amounts[[not cell for cell in column.cells]] = 1
    return np.asarray(amounts[column.codes])


def events_of(by_use: Mapping[str, Column], quantities: NDArray[np.float64]) -> NDArray[np.int8]:
    """What each line is, -1 where nobody can tell: a purchase where nothing is written, a return if it is negative."""
    events = np.full(len(quantities), PURCHASE, dtype=np.int8)
    if "event" in by_use:
        column = by_use["event"]
        numbers = [PURCHASE if not cell else event_of(cell) for cell in column.cells]
        events = np.array([-1 if number is None else number for number in numbers], dtype=np.int8)[column.codes]
    events[(events == PURCHASE) & (quantities < 0)] = RETURN
    return events
