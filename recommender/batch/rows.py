"""What one row asks, however its basket is written: a cell, a line of JSON, or a list."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from recommender.errors import DataError, RecommenderError, RequestError
from recommender.language.text import match_key, shown
from recommender.service import Answer, Request, Service
from recommender.shop.tables import names_in, plain_id

RequestOf = Callable[[Any, Any], Request]
"""From a row's basket and its new names to what is asked."""


class Row(NamedTuple):
    """What a row asks, or why it can't.

    Attributes:
        twice: names that it had twice, of which the first is kept.
        lost: whether it couldn't be read at all, for its file is damaged.
    """

    asked: Request | RecommenderError
    twice: tuple[str, ...] = ()
    lost: bool = False


def of_cell(cell: str, request_of: RequestOf) -> Row:
    """The row of a table whose column `Input` has `cell`."""
    try:
        names = names_in(cell)
    except ValueError:
        return Row(DataError("list_unreadable", text=shown(cell)))
    return of_list(names, (), request_of)


def of_json(line: str, request_of: RequestOf) -> Row:
    """The row that is a line of JSON, `{"basket": [names or ids]}` with or without `"new"`."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or "basket" not in row:
        return Row(RequestError("cli_bad_json_row"))
    return of_list(row["basket"], row.get("new", ()), request_of)


def of_list(basket: Any, new: Any, request_of: RequestOf) -> Row:
    """The row whose basket and new names came as they are; numbers among them are ids."""
    twice: tuple[str, ...] = ()
    if isinstance(basket, list):
        basket = [plain_id(str(name)) if type(name) in (int, float) else name for name in basket]
        if all(isinstance(name, str) for name in basket):
            basket, twice = _once(basket)
    try:
        return Row(request_of(basket, new), twice)
    except RecommenderError as error:
        return Row(error, twice)


def _once(names: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The names without those that were there before in some spelling, and the first spelling of each of those."""
    kept: dict[str, str] = {}
    twice = [first for name in names if (first := kept.setdefault(match_key(name), name)) is not name]
    return list(kept.values()), tuple(twice)


def answers(asked: Sequence[Request | RecommenderError], service: Service) -> Iterator[Answer | RecommenderError]:
    """One outcome per row, in order; the requests among them answered together."""
    outcomes = iter(service.answer_many([row for row in asked if isinstance(row, Request)]))
    for row in asked:
        yield row if isinstance(row, RecommenderError) else next(outcomes)
