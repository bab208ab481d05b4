"""What a training says of itself, `report.json` in its folder, as it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.shop_report import ShopReport
from recommender.language import figures
from recommender.page.wording import Words
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

METRICS: Final = ("hit@1", "ndcg@10")
_ALL: Final = "all"
_COLD: Final = "cold"
_BASKET: Final = "basket "


@dataclass(frozen=True)
class Figure:
    """A measured value and its interval as they are shown."""

    value: str
    interval: str


@dataclass(frozen=True)
class Method:
    """One line of a scoreboard."""

    name: str
    called: Markup
    figures: tuple[Figure | None, ...]


@dataclass(frozen=True)
class Board:
    """A scoreboard; `title` is None for that of all questions."""

    title: Markup | None
    methods: tuple[Method, ...]


@dataclass(frozen=True)
class Customer:
    """A customer to click through: what was bought, and next, and at what place of the answer that stands."""

    bought: tuple[Item, ...]
    next: Item
    place: int


@dataclass(frozen=True)
class Report:
    """All of it. `weights` are parts of the blend with their shares, in words and as a length in percent."""

    questions: int
    verdict: Markup
    boards: tuple[Board, ...]
    weights: tuple[tuple[str, Markup, str, str], ...]
    pairs: tuple[tuple[Item, Item, int], ...]
    customers: tuple[Customer, ...]


def drawn(found: Mapping[str, Any], catalogue: Catalogue, words: Words) -> Report | None:
    """A report for one language, of items of `catalogue`; None for what is no report."""
    try:
        report = ShopReport.from_json(found)
        groups = [name for name in next(iter(report.methods.values()), {}) if name != _ALL]
        boards = [_board(report, group, words) for group in (_ALL, *groups)]
        return Report(
            questions=report.questions,
            verdict=words.mark(report.verdict(words.language)),
            boards=tuple(board for board in boards if board.methods),
            weights=tuple(shares(report.weights, words)),
            pairs=tuple(_pairs(report, catalogue)),
            customers=tuple(_customers(report, catalogue)),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        # It comes from a file.
        return None


def method(name: str, words: Words) -> Markup:
    """What a method, or a part of a blend, is called."""
    return words.known(f"shop_method_{name.replace('-', '_')}", name)


def shares(parts: Mapping[str, float], words: Words) -> list[tuple[str, Markup, str, str]]:
    """The parts that count, the largest first: name, what it is called, its share in words, and in percent."""
    ordered = sorted(parts.items(), key=lambda part: -part[1])
    return [(name, method(name, words), words.percent(one), f"{100 * one:.1f}") for name, one in ordered if one > 0]


def _board(report: ShopReport, group: str, words: Words) -> Board:
    rows = [
        Method(name, method(name, words), tuple(_figure(found.get(metric), words) for metric in METRICS))
        for name, groups in report.methods.items()
        if (found := groups.get(group))
    ]
    return Board(_title(group, words), tuple(sorted(rows, key=lambda row: row.figures[-1] is None)))


def _title(group: str, words: Words) -> Markup | None:
    if group == _ALL:
        return None
    return (
        words("own_cold")
        if group == _COLD
        else words("own_length", count=figures(group.removeprefix(_BASKET), words.language))
    )


def _figure(found: Estimate | None, words: Words) -> Figure | None:
    if found is None:
        return None
    bounded = found.low is not None and found.high is not None
    interval = f"{words.number(found.low, 2)}–{words.number(found.high, 2)}" if bounded else ""  # type: ignore[arg-type]
    return Figure(words.number(found.value, 3), interval)


def _pairs(report: ShopReport, catalogue: Catalogue) -> list[tuple[Item, Item, int]]:
    found = [(catalogue.get(one.first), catalogue.get(one.then), one.times) for one in report.pairs]
    return [(first, then, times) for first, then, times in found if first and then]


def _customers(report: ShopReport, catalogue: Catalogue) -> list[Customer]:
    found = []
    for one in report.examples:
        bought = dict.fromkeys(filter(None, map(catalogue.get, one.bought)))
        following = catalogue.get(one.next)
        if bought and following:
            found.append(Customer(tuple(bought), following, one.rank))
    return found
