"""Which column of a shop's file holds what: guessed from its header and first rows, and corrected by a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from recommender.shop.sales.packed import Packed, is_labelled, packed_in
from recommender.shop.sales.times import is_time, times_of
from recommender.shop.sales.words import event_of, key_of, roles
from recommender.shop.tables.columnar import ColumnTable

SHOWN: Final = 5
"""Rows that are shown of a file."""
LOOKED_AT: Final = 200
"""Rows by which columns are guessed."""
_CLOCK: Final = re.compile(r"\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?\s*")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d*)?")
_MANY: Final = 0.8
"""Share of the filled cells by which a column is told by what it holds."""
_NUMBERED: Final = re.compile("line item (?:[0-9]+|s)")
_PLURAL: Final = frozenset(map(key_of, ("product s", "products", "items", "line items", "المنتجات", "الأصناف")))
_SOME: Final = 0.2
"""Share of the cells that hold several items, from which on a column is taken for one of lists."""


@dataclass(frozen=True)
class Columns:
    """Which column holds what, by its name in `header`; empty where there is none. Only `item` is always needed.

    Attributes:
        time: a date, with or without the time of day.
        clock: the time of day, where the date stands in another column.
        item_id: the shop's own number of an item.
        order: the number of an order; it stands for the customer where that is not known.
        status: of an order: cancelled ones are left out.
        cancelled: when an order was cancelled, or whether it was.
        refunded: what was paid back of an order, beside its `total`.
        basket: names in order of purchase, the article's `Input`; `item` is then the next item.
        packed: columns of which each cell holds several items of an order with their quantities.
        day_first: whether `03/04/2011` is in April; None to judge by the whole column.
        header: all columns of the file.
        sample: its first rows, each with a cell for each column.
    """

    customer: str = ""
    time: str = ""
    item: str = ""
    event: str = ""
    quantity: str = ""
    item_id: str = ""
    order: str = ""
    clock: str = ""
    status: str = ""
    cancelled: str = ""
    refunded: str = ""
    total: str = ""
    basket: str = ""
    packed: tuple[str, ...] = ()
    day_first: bool | None = None
    header: tuple[str, ...] = field(default=(), compare=False, repr=False)
    sample: tuple[tuple[str, ...], ...] = field(default=(), compare=False, repr=False)

    @property
    def dates_mean_either(self) -> bool:
        """Whether the first rows have dates such as 03/04/2011, in which the day or the month may be first."""
        place = self.header.index(self.time) if self.time in self.header else None
        cells = [] if place is None else [row[place] for row in self.sample]
        return times_of(cells).day_first is not None

    def chosen(self) -> tuple[str, ...]:
        """The names of the columns that are read."""
        single = [getattr(self, one.name) for one in fields(self) if one.name not in _NO_COLUMNS]
        return tuple(dict.fromkeys(filter(None, (*single, *self.packed))))


_NO_COLUMNS: Final = frozenset(("packed", "day_first", "header", "sample"))


def guessed(table: ColumnTable) -> Columns:
    """The columns of a table whose first rows are read, all columns of them."""
    found = _by_names(table)
    filled = {name: [cell for cell in _cells(table, name, LOOKED_AT) if cell] for name in table.header}
    sample = tuple(zip(*(_cells(table, name, SHOWN) for name in table.header), strict=True))
    keys = {key_of(name): name for name in table.header}
    if "input" in keys and "output" in keys:
        return Columns(basket=keys["input"], item=keys["output"], header=table.header, sample=sample)
    packed = tuple(name for name in table.header if _is_packed(key_of(name), filled[name], name == found.get("item")))
    if packed:
        for role in ("item", "item_id", "quantity", "event"):
            found.pop(role, None)
    if not found.get("item") and found.get("item_id"):
        found["item"] = found.pop("item_id")
    _correct_customer(found, filled)
    _correct_times(found, filled)
    cells = filled.get(found.get("event", ""), [])
    if cells and all(event_of(cell) is None for cell in cells):
        del found["event"]
    if "total" in found and "refunded" not in found:
        del found["total"]
    return Columns(**found, packed=packed, header=table.header, sample=sample)  # type: ignore[arg-type]


def _by_names(table: ColumnTable) -> dict[str, str]:
    """The best named column for each use; none has two."""
    keys = {name: key_of(name) for name in table.header}
    is_shopify = "lineitem name" in keys.values()
    found: dict[str, str] = {}
    if is_shopify and "name" in keys.values():
        # There a name is that of the order: #1001.
        found["order"] = next(name for name, key in keys.items() if key == "name")
    for role, ranks in roles().items():
        if role in found or role == "clock":
            continue
        taken = set(found.values())
        ranked = [(ranks[key], place, name) for place, (name, key) in enumerate(keys.items()) if key in ranks]
        best = min((one for one in ranked if one[2] not in taken), default=None)
        if best:
            found[role] = best[2]
    return found


def _is_packed(key: str, cells: Sequence[str], is_item: bool) -> bool:
    """Whether a column has several items in a cell; its name has to say so, for a list may also be one name."""
    if _NUMBERED.fullmatch(key) or is_item:
        return _share(cells, is_labelled) >= _MANY or (
            key in _PLURAL and _share(cells, lambda cell: packed_in(cell) != [Packed(cell)]) >= _SOME
        )
    return False


def _correct_customer(found: dict[str, str], filled: dict[str, list[str]]) -> None:
    """WooCommerce numbers all guests 0, but knows their addresses."""
    if "0" in filled.get(found.get("customer", ""), ()):
        addresses = [name for name, cells in filled.items() if any("@" in cell for cell in cells)]
        named = [name for name in addresses if key_of(name) in roles()["customer"]]
        if named:
            found["customer"] = named[0]


def _correct_times(found: dict[str, str], filled: dict[str, list[str]]) -> None:
    """Find the dates by what a column holds where its name says nothing, and the column of the time of day."""
    times = {name: _share(cells, is_time) for name, cells in filled.items()}
    clocks = {name: _share(cells, lambda cell: _CLOCK.fullmatch(cell) is not None) for name, cells in filled.items()}
    named = [name for name in filled if key_of(name) in roles()["time"]]
    if "time" in found and times[found["time"]] < _MANY:
        better = [name for name in named if times[name] >= _MANY]
        if better:
            found["time"] = better[0]
    if "time" not in found:
        free = [name for name in filled if name not in found.values() and times[name] >= _MANY]
        # A number alone may be anything.
        dates = [name for name in free if not all(map(_NUMBER.fullmatch, filled[name]))]
        if dates:
            found["time"] = dates[0]
    if "time" in found and not any(":" in cell for cell in filled[found["time"]]):
        own = [name for name in filled if key_of(name) in roles()["clock"] and clocks[name] >= _MANY]
        if own and own[0] != found["time"]:
            found["clock"] = own[0]


def _share(cells: Sequence[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, cells)) / len(cells) if cells else 0.0


def _cells(table: ColumnTable, name: str, most: int) -> list[str]:
    column = table.columns[name]
    return [column.cells[code] for code in column.codes[:most]]
