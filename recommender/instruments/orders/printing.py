"""How the best candidates fare over the orders, as two tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recommender.cli.printer import Printer
from recommender.instruments.orders.computing import Orders, Spread


def lines(found: Mapping[str, Any], out: Printer) -> Iterator[str]:
    """The candidates' orders, then the purchases'."""
    for key in ("orders", "purchase_orders"):
        orders: Orders = found[key]
        if not orders.n:
            yield out.say("no_other_order")
            continue
        yield out.say(key, n=orders.n, agreement=out.percent(orders.agreement), item=out.name(orders.best))
        head = ["", *(out.say(name) for name in ("first", "lowest", "median", "highest", "in_order"))]
        yield from out.table([head, *(_row(spread, out) for spread in orders.top[: out.top])])


def _row(spread: Spread, out: Printer) -> list[str]:
    shares = (spread.share, spread.lowest, spread.median, spread.highest, spread.in_order)
    return [out.name(spread.item), *map(out.percent, shares)]
