"""A made-up school kiosk, for a class that has no shop at hand: its sales as lines to paste into *My shop*.

Its customers do what no name tells: one thing is followed by another that has nothing to do with it.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from recommender.language import template

CUSTOMERS: Final = 60
_FIRST: Final = date(2025, 9, 1)
_HABITS: Final = ((0, 1, 2), (3, 4, 5), (6, 7, 8))
"""Numbers of the goods: each habit is bought in this order, by a third of the customers."""
_STRAYS: Final = 4
"""Every so many customers one buys something else in between."""


def lines(language: str) -> str:
    """`customer,time,item`, one line a purchase, with the names of the goods in a language; always the same."""
    goods = [name.strip() for name in template("lesson_own_goods", language).split("|")]
    rng = random.Random(17)
    rows = ["customer,time,item"]
    for customer in range(CUSTOMERS):
        bought = list(_HABITS[customer % len(_HABITS)])
        if customer % _STRAYS == 0:
            bought.insert(rng.randrange(1, len(bought)), rng.choice([n for n in range(len(goods)) if n not in bought]))
        begun = _FIRST + timedelta(days=customer)
        rows += [f"{customer + 1},{begun + timedelta(days=day)},{goods[item]}" for day, item in enumerate(bought)]
    return "\n".join(rows)
