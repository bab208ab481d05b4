"""What a visitor brings becomes a shop: a plain list of names at once, a table once its columns are confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import DataError
from recommender.messages import Message
from recommender.service.own.drafts import Draft, looked_at
from recommender.service.own.shops import OwnShop
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.pasted import read_items
from recommender.shop.sales.reading import Brought, bring
from recommender.shop.sales.sales import Sales
from recommender.shop.tables import Problem

MOST_ITEMS: Final = 5000
"""Of a visitor's shop; a prompt is about a shortlist of them anyway."""


@dataclass(frozen=True)
class Reading:
    """What was read of what a visitor has brought, to be said in numbers.

    Attributes:
        brought: the sales; None for a list of items.
        notes: what was not taken as written, and what was left out.
    """

    file: str
    items: int
    brought: Brought | None = None
    notes: tuple[Message, ...] = ()


def receive(shop: OwnShop, data: bytes, file: str, largest: int) -> None:
    """Make a shop of a plain list, or keep a table as the draft whose columns are to be confirmed.

    Raises:
        DataError: if it is neither; the shop is as it was.
    """
    draft = looked_at(data, file, largest)
    if draft is None:
        _stock(shop, file, read_items(data, file, largest=largest))
        return
    with shop.lock:
        shop.draft = draft


def take(shop: OwnShop, kind: object, columns: Mapping[str, Any], days: object = None) -> None:
    """Make a shop of the draft, with its columns as the visitor has chosen them, and what its dates begin with.

    Sales are read for the items that there are, or bring their own. Items take the place of those that there were, and
    of their sales.

    Raises:
        DataError: if nothing can be made of it; the shop is as it was, the draft waits.
    """
    draft = shop.draft
    if not isinstance(draft, Draft):
        raise DataError("own_nothing")
    shop.draft = draft = draft.corrected(kind, columns, days)
    if draft.kind == "items":
        _stock(shop, draft.file, read_items(draft.as_list(), draft.file))
        return
    given = shop.catalogue if shop.sales is None else None
    brought = bring(draft.data, draft.file, draft.columns, given, largest=max(len(draft.data), 1))
    sales, before = fitting(brought.sales)
    left = len(brought.sales.catalogue) - len(sales.catalogue)
    customers = tuple(brought.customers[number] for number in before.tolist())
    notes = [Message("own_items_sold", {"left": left, "limit": len(sales.catalogue)})] if left else []
    notes += _messages(brought.told.notes)
    reading = Reading(
        draft.file, len(sales.catalogue), replace(brought, sales=sales, customers=customers), tuple(notes)
    )
    with shop.lock:
        shop.catalogue, shop.sales, shop.customers = sales.catalogue, sales, customers
        shop.draft, shop.reading, shop.folder, shop.report = None, reading, None, None


def fitting(sales: Sales) -> tuple[Sales, NDArray[np.int32]]:
    """The sales of the best sellers, `MOST_ITEMS` at most, and what numbers their customers had before."""
    count = len(sales.catalogue)
    sold = np.bincount(sales.items[sales.events == PURCHASE], minlength=count)
    # By place where they sell alike, so that the same file always gives the same shop.
    best = sorted(range(count), key=lambda place: (-sold[place], place))
    most = min(count, MOST_ITEMS)
    kept = np.array(sorted(best[:most]))
    places = np.full(count, -1, dtype=np.int32)
    places[kept] = np.arange(most, dtype=np.int32)
    chosen = places[sales.items] >= 0
    before, customers = np.unique(sales.customers[chosen], return_inverse=True)
    fewer = replace(
        sales,
        catalogue=Catalogue(sales.catalogue.name, [sales.catalogue.items[place] for place in kept.tolist()]),
        customers=customers.astype(np.int32),
        items=places[sales.items[chosen]],
        events=sales.events[chosen],
        times=sales.times[chosen],
        quantities=sales.quantities[chosen],
    )
    return fewer, before.astype(np.int32)


def _stock(shop: OwnShop, file: str, catalogue: Catalogue) -> None:
    most = min(len(catalogue), MOST_ITEMS)
    left = len(catalogue) - most
    notes = [Message("own_items_cut", {"left": left, "limit": most})] if left else []
    reading = Reading(file, most, None, (*notes, *_messages(catalogue.notes)))
    with shop.lock:
        shop.catalogue, shop.sales, shop.customers = Catalogue("own", catalogue.items[:most]), None, ()
        shop.draft, shop.reading, shop.folder, shop.report = None, reading, None, None


def _messages(notes: Sequence[Problem]) -> list[Message]:
    return [Message(note.key, note.fields) for note in notes]
