"""What was read of a shop's file, in numbers, and what was left out of it and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from recommender.shop.sales.events import EVENTS, PURCHASE
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.times import iso_text
from recommender.shop.tables import Problem

REPEATED: Final = 0.1
"""Share of later purchases of what the customer has bought before, from which on goods are taken as used up."""


@dataclass(frozen=True)
class Told:
    """A file of sales in numbers.

    Attributes:
        lines: rows of the file below its header that are not blank.
        kept: events that came of them.
        items: items in the catalogue.
        sold: those of them that were bought.
        events: how many events of each kind of `events.EVENTS`.
        first: the time of the first event, as ISO has it; empty where the file has no times.
        last: that of the last event.
        left_out: how many lines were left out, by the key of the reason's sentence; the commonest first.
        problems: some of these lines, each with its number and what is wrong, in their order.
        notes: what was not taken as written, in sentences.
        repeats: of the purchases on a customer's later visits, the share of what they had bought before, 0 to 1.
    """

    lines: int
    kept: int
    items: int
    sold: int
    customers: int
    events: Mapping[str, int]
    first: str = ""
    last: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = field(default=(), repr=False)
    notes: tuple[Problem, ...] = field(default=(), repr=False)
    repeats: float = 0.0

    @property
    def goods_repeat(self) -> bool:
        """Whether people buy the same again here."""
        return self.repeats >= REPEATED


def told_of(
    sales: Sales, lines: int, left_out: Mapping[str, int], problems: tuple[Problem, ...], has_times: bool
) -> Told:
    """The numbers of `sales` that came of so many `lines`."""
    counts = np.bincount(sales.events, minlength=len(EVENTS)).tolist()
    return Told(
        lines=lines,
        kept=len(sales),
        items=len(sales.catalogue),
        sold=len(np.unique(sales.items[sales.events == PURCHASE])),
        customers=len(sales.starts) - 1,
        events=dict(zip(EVENTS, counts, strict=True)),
        first=iso_text(int(sales.times.min())) if has_times and len(sales) else "",
        last=iso_text(int(sales.times.max())) if has_times and len(sales) else "",
        left_out=dict(sorted(left_out.items(), key=lambda one: -one[1])),
        problems=problems,
        notes=sales.notes,
        repeats=repeat_share(sales),
    )


def repeat_share(sales: Sales) -> float:
    """Of the purchases on a customer's later visits, the share of what they had bought before; 0 without such."""
    bought = sales.events == PURCHASE
    customers, items, times = sales.customers[bought], sales.items[bought], sales.times[bought]
    if not len(customers):
        return 0.0
    # Sorted by customer, then time: the first visit is the time of a customer's first purchase.
    starts = np.searchsorted(customers, customers)
    later = times > times[starts]
    pairs = customers.astype(np.int64) * len(sales.catalogue) + items
    order = np.lexsort((times, pairs))
    first = np.empty(len(pairs), dtype=np.int64)
    begins = np.searchsorted(pairs[order], pairs[order])
    first[order] = times[order][begins]
    return float((times > first)[later].mean()) if later.any() else 0.0
