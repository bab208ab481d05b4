"""A shop's file as it was read: a plain table to take home, that a spreadsheet opens rightly and runs nothing of."""

from __future__ import annotations

import csv
import io

import numpy as np

from recommender.language import SOURCE
from recommender.shop.sales.events import EVENTS
from recommender.shop.sales.reading import Brought
from recommender.shop.sales.times import iso_text
from recommender.shop.tables import kept_cell

COLUMNS = ("customer", "time", "item", "event", "quantity")


def mended_csv(brought: Brought) -> str:
    """The CSV of what was read, with the columns `COLUMNS`; it is read as the same sales again.

    There is no `time` where the file had none: the order of the lines says it. Where the shop numbers its items, there
    is an `item id`.
    """
    sales, has_times = brought.sales, bool(brought.told.first)
    has_numbers = bool(brought.columns.item_id or brought.columns.packed)
    order = np.arange(len(sales)) if has_times else np.argsort(sales.times, kind="stable")
    customers = [kept_cell(name) for name in brought.customers]
    names = [kept_cell(item.name(SOURCE)) for item in sales.catalogue]
    numbers = [kept_cell(item.id) for item in sales.catalogue]
    text = io.StringIO()
    # A mark at the beginning: without it spreadsheets take Arabic for another encoding.
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\n")
    header = [name for name in COLUMNS if has_times or name != "time"]
    writer.writerow([*header, "item id"] if has_numbers else header)
    columns = (sales.customers, sales.times, sales.items, sales.events, sales.quantities)
    for who, when, what, event, quantity in zip(*(column[order].tolist() for column in columns), strict=True):
        row = [customers[who], names[what], EVENTS[event], f"{quantity:.6g}"]
        if has_times:
            row.insert(1, iso_text(when))
        writer.writerow([*row, numbers[what]] if has_numbers else row)
    return text.getvalue()
