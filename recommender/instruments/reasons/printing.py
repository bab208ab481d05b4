"""What each purchase adds, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recommender.cli.printer import Printer
from recommender.instruments.reasons.computing import Influence, LeaveOneOut


def lines(found: Mapping[str, Any], out: Printer) -> Iterator[str]:
    """A line a purchase, in order of purchase."""
    why: LeaveOneOut = found["leave_one_out"]
    names = {"item": out.name(why.recommendation)}
    if why.against is not None and why.against_probability is not None:
        names |= {"other": out.name(why.against), "probability": out.percent(why.against_probability)}
    yield out.say("influences_against" if why.against else "influences", **names)
    head = ["", out.say("nats"), out.say("change"), *([out.say("contrast")] if why.against else [])]
    yield from out.table([head, *(_row(one, out) for one in why.influences)])
    if why.from_nothing:
        yield out.say("from_nothing")


def _row(one: Influence, out: Printer) -> list[str]:
    cells = [out.name(one.item), _nats(one.nats, out), out.signed(one.probability_change)]
    return cells if one.contrast is None else [*cells, _nats(one.contrast, out)]


def _nats(nats: float, out: Printer) -> str:
    return out.figure(f"{nats:+.2f}")
