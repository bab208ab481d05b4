"""What a training says of itself, `report.json` in its folder, as it is drawn.

    {"questions": 1909, "best_counting": "transitions", "verdict": "better" | "even" | "worse",
     "methods": [{"name": "blend", "metrics": {"hit@1": {"value", "low", "high"}, "ndcg@10": {…}}}, …],
     "cold": {"items": 4, "questions": 120, "methods": […]} or null,
     "by_length": [{"from": 1, "to": 1 or null, "questions": 300, "methods": […]}, …],
     "pairs": [{"item": id, "next": id, "count": 31}, …],
     "customers": [{"events": [["purchase", id], …], "next": id, "place": 2}, …]}

It comes from a file, so what makes no sense in it is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from recommender.page.wording import Words
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

METRICS: Final = ("hit@1", "ndcg@10")
_MOST: Final = 12
_VERDICTS: Final = ("better", "even", "worse")
_MARKS: Final = {"cart": "cart", "view": "viewed", "bookmark": "viewed", "purchase": "bought"}


@dataclass(frozen=True)
class Figure:
    """A measured value, 0 to 1, as it is shown; its interval, and its place on a line of 100."""

    value: str
    interval: str
    percent: str


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
    """A customer to click through: ids by what was done with the items, and what was bought next."""

    ticked: tuple[Item, ...]
    cart: tuple[Item, ...]
    viewed: tuple[Item, ...]
    next: Item
    place: int | None


@dataclass(frozen=True)
class Report:
    """All of it."""

    questions: int
    verdict: Markup | None
    boards: tuple[Board, ...]
    pairs: tuple[tuple[Item, Item, int], ...]
    customers: tuple[Customer, ...]


def drawn(report: Mapping[str, Any], catalogue: Catalogue, words: Words) -> Report:
    """A report for one language; its items are those of `catalogue`."""
    boards = [_board(report, None, words)]
    if isinstance(cold := report.get("cold"), dict):
        boards.append(_board(cold, words("own_cold"), words))
    for part in _list(report.get("by_length")):
        boards.append(_board(part, _length(part, words), words))
    return Report(
        questions=_count(report.get("questions")),
        verdict=_verdict(report, words),
        boards=tuple(board for board in boards if board.methods),
        pairs=tuple(_pairs(report, catalogue)),
        customers=tuple(_customers(report, catalogue)),
    )


def method(name: str, words: Words) -> Markup:
    """What a method, or a part of a blend, is called."""
    return words.known(f"own_part_{name.replace('-', '_')}", name)


def _board(part: Mapping[str, Any], title: Markup | None, words: Words) -> Board:
    rows = []
    for one in _list(part.get("methods")):
        metrics = one.get("metrics")
        found = metrics if isinstance(metrics, dict) else {}
        figures = tuple(_figure(found.get(name), words) for name in METRICS)
        if isinstance(one.get("name"), str) and any(figures):
            rows.append(Method(one["name"], method(one["name"], words), figures))
    return Board(title, tuple(rows[:_MOST]))


def _figure(metric: object, words: Words) -> Figure | None:
    if not isinstance(metric, dict):
        return None
    value, low, high = (_share(metric.get(name)) for name in ("value", "low", "high"))
    if value is None:
        return None
    interval = "" if low is None or high is None else f"{words.number(low, 2)}–{words.number(high, 2)}"
    return Figure(words.number(value, 3), interval, f"{100 * value:.1f}")


def _verdict(report: Mapping[str, Any], words: Words) -> Markup | None:
    verdict, best = report.get("verdict"), report.get("best_counting")
    if verdict not in _VERDICTS or not isinstance(best, str):
        return None
    return words(f"own_verdict_{verdict}", name=method(best, words))


def _length(part: Mapping[str, Any], words: Words) -> Markup:
    first, last = _count(part.get("from")), _count(part.get("to"))
    if not last:
        return words("own_length_more", first=first)
    return words("own_length_one", first=first) if first == last else words("own_length_many", first=first, last=last)


def _pairs(report: Mapping[str, Any], catalogue: Catalogue) -> list[tuple[Item, Item, int]]:
    found = []
    for one in _list(report.get("pairs"))[:_MOST]:
        first, then = (catalogue.get(str(one.get(name))) for name in ("item", "next"))
        if first and then:
            found.append((first, then, _count(one.get("count"))))
    return found


def _customers(report: Mapping[str, Any], catalogue: Catalogue) -> list[Customer]:
    found = []
    for one in _list(report.get("customers"))[:_MOST]:
        kinds: dict[str, list[Item]] = {"bought": [], "cart": [], "viewed": []}
        ticked: dict[str, Item] = {}
        events = one.get("events")
        for event in events if isinstance(events, list) else ():
            kind, item = _event(event, catalogue)
            if item is not None and kind:
                ticked[item.id] = item
                kinds[kind].append(item)
        following = catalogue.get(str(one.get("next")))
        if following and ticked:
            bought = {item.id for item in kinds["bought"]}
            cart, viewed = ([item for item in kinds[kind] if item.id not in bought] for kind in ("cart", "viewed"))
            place = _count(one.get("place")) or None
            found.append(Customer(tuple(ticked.values()), tuple(cart), tuple(viewed), following, place))
    return found


def _event(event: object, catalogue: Catalogue) -> tuple[str, Item | None]:
    if not isinstance(event, list) or len(event) != 2:
        return "", None
    return _MARKS.get(str(event[0]), ""), catalogue.get(str(event[1]))


def _list(value: object) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else 0


def _share(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and isinstance(value, int | float) and 0 <= value <= 1 else None
