"""The nearest training purchases, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recommender.cli.printer import Printer
from recommender.instruments.neighbours.computing import Neighbour, Neighbours
from recommender.language import LANGUAGES


def lines(found: Mapping[str, Any], out: Printer) -> Iterator[str]:
    """Whether the basket was seen, and a line for each purchase."""
    near: Neighbours = found["neighbours"]
    if near.reason is not None:
        yield near.reason.sentence(out.language)
        return
    yield out.say("seen" if near.seen else "unseen", count=near.seen_count)
    if near.found:
        yield out.say("neighbours")
        yield from out.table([_row(one, out) for one in near.found], left=(1, 3))


def _row(one: Neighbour, out: Printer) -> list[str]:
    basket = out.listed(map(out.named, one.basket))
    bought = f"{basket} {LANGUAGES[out.language].arrow} {out.named(one.next)}"
    return [out.percent(one.similarity), bought, out.figure(f"×{one.count}"), out.say(f"source_{one.source}")]
