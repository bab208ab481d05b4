"""The article's histories, `Input,Output`, as sales: each row is a customer, whose purchases have an order only."""

from __future__ import annotations

import hashlib

import numpy as np

from recommender.shop.baskets.article import COLUMNS, Article, article_of
from recommender.shop.baskets.rows import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.columns import Columns
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.left_out import NothingLeftError
from recommender.shop.sales.sales import Sales
from recommender.shop.tables import BadRowsError, Problem, Table, TableLine
from recommender.shop.tables.columnar import ColumnTable


def sales_of_article(
    table: ColumnTable, columns: Columns, catalogue: Catalogue | None
) -> tuple[Sales, tuple[Problem, ...]]:
    """The sales of a file whose rows are a basket and the item that was bought next, and what is wrong with other rows.

    The times are no times: a customer's purchases follow each other, and customers stand one behind another in an order
    that has nothing to do with the file's, so that a split by time is one by customers. Those with the same items stand
    side by side.

    Raises:
        NothingLeftError: if no row can be used.
    """
    baskets, following = table.columns[columns.basket], table.columns[columns.item]
    lines = [
        TableLine(number, dict(zip(COLUMNS, (baskets.cells[basket], following.cells[item]), strict=True)))
        for number, basket, item in zip(
            table.lines.tolist(), baskets.codes.tolist(), following.codes.tolist(), strict=True
        )
    ]
    article, problems = _without_bad_rows(Table(table.file, COLUMNS, lines, table.notes), catalogue)
    order = sorted(range(len(article.rows)), key=lambda place: (_drawn(article.rows[place]), place))
    rank = {place: number for number, place in enumerate(order)}
    places = {item.id: place for place, item in enumerate(article.catalogue)}
    width = 1 + max(len(row.basket) for row in article.rows)
    events = [
        (customer, places[item], 1 + rank[customer] * width + step)
        for customer, row in enumerate(article.rows)
        for step, item in enumerate((*row.basket, row.next))
    ]
    customers, items, times = (np.array(column) for column in zip(*events, strict=True))
    sales = Sales(
        article.catalogue,
        customers.astype(np.int32),
        items.astype(np.int32),
        np.full(len(events), PURCHASE, dtype=np.int8),
        times.astype(np.int64),
        np.ones(len(events), dtype=np.float32),
        article.notes,
    )
    return sales, problems


def _without_bad_rows(table: Table, catalogue: Catalogue | None) -> tuple[Article, tuple[Problem, ...]]:
    """What can be read of an article's file, and the problems of its other rows."""
    problems: list[Problem] = []
    while True:
        try:
            return article_of(table, catalogue), tuple(sorted(problems, key=lambda problem: problem.line))
        except BadRowsError as error:
            problems += error.problems
            bad = {problem.line for problem in error.problems}
            left = [line for line in table.lines if line.number not in bad]
            if not left or len(left) == len(table.lines):
                raise NothingLeftError(table.file, min(problems, key=lambda problem: problem.line)) from None
            table = Table(table.file, table.columns, left, table.notes)


def _drawn(row: Row) -> bytes:
    return hashlib.blake2b("\n".join(sorted(row.items)).encode(), digest_size=8).digest()
