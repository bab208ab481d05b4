"""Sales as lines that a test can compare."""

from __future__ import annotations

from recommender.shop.sales.columns import Columns
from recommender.shop.sales.events import EVENTS
from recommender.shop.sales.reading import Brought, bring
from recommender.shop.sales.times import iso_text

Line = tuple[str, str, str, str, float]


def lines_of(brought: Brought) -> list[Line]:
    """Customer, time, item, event, quantity of each event."""
    sales = brought.sales
    columns = (sales.customers, sales.times, sales.items, sales.events, sales.quantities)
    return [
        (brought.customers[who], iso_text(when), sales.catalogue.items[what].name("en"), EVENTS[event], quantity)
        for who, when, what, event, quantity in zip(*(column.tolist() for column in columns), strict=True)
    ]


def read(text: str, columns: Columns | None = None) -> Brought:
    return bring(text.encode(), "shop.csv", columns)
