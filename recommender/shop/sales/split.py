"""Splitting sales by time: what came before trains, what was bought after it judges."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.history import History, Question
from recommender.shop.sales.sales import Sales

LONGEST: Final = 50
"""Events of a history that count: the latest."""


@dataclass(frozen=True)
class Split:
    """Sales up to a moment, and questions on what was bought from then on."""

    before: Sales
    questions: tuple[Question, ...]
    moment: int
    """Seconds since 1970: the first second that is no longer `before`."""


def split_by_time(sales: Sales, share: float, *, repeats: bool, most: int | None = None) -> Split:
    """The latest `share` of the purchases as questions, one a customer, and all events before them.

    A customer's question is one of the purchases from then on that something went before, chosen by a hash of the
    customer's number; without `repeats` it is of an item that was not bought before. With `most`, so many customers,
    chosen the same way. There may be no question.

    Raises:
        ValueError: unless 0 < share < 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"a share of {share}")
    bought = np.sort(sales.times[sales.events == PURCHASE])
    if not len(bought):
        return Split(sales, (), int(sales.times.max(initial=0)) + 1)
    # Ties fall after the moment: nothing that happened at the same time may train.
    moment = int(bought[-max(1, round(len(bought) * share))])
    before = _of(sales, sales.times < moment)
    return Split(before, tuple(_questions(sales, moment, repeats, most)), moment)


def _questions(sales: Sales, moment: int, repeats: bool, most: int | None) -> list[Question]:
    found: list[Question] = []
    starts = sales.starts
    late = np.unique(sales.customers[(sales.times >= moment) & (sales.events == PURCHASE)])
    for customer in sorted(late.tolist(), key=_drawn):
        if most is not None and len(found) == most:
            break
        begin, end = starts[customer], starts[customer + 1]
        pairs = list(zip(sales.events[begin:end].tolist(), sales.items[begin:end].tolist(), strict=True))
        places = [
            place
            for place in range(1, len(pairs))
            if pairs[place][0] == PURCHASE
            and sales.times[begin + place] >= moment
            and (repeats or (PURCHASE, pairs[place][1]) not in pairs[:place])
        ]
        if places:
            place = places[_drawn(customer) % len(places)]
            history = History(tuple(pairs[max(0, place - LONGEST) : place]))
            found.append(Question(customer, history, pairs[place][1]))
    return found


def _drawn(customer: int) -> int:
    return int.from_bytes(hashlib.blake2b(str(customer).encode(), digest_size=6).digest(), "big")


def _of(sales: Sales, chosen: NDArray[np.bool_]) -> Sales:
    """The chosen events; the customers that are left are numbered anew."""
    customers = np.unique(sales.customers[chosen], return_inverse=True)[1].astype(np.int32)
    parts = (sales.items[chosen], sales.events[chosen], sales.times[chosen], sales.quantities[chosen])
    return replace(sales, customers=customers, items=parts[0], events=parts[1], times=parts[2], quantities=parts[3])
