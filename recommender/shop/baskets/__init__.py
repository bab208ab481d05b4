"""Purchase histories with their next item, by id or by name, from any table that holds them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from recommender.shop.baskets.article import COLUMNS as ARTICLE_COLUMNS
from recommender.shop.baskets.article import Article, article_of, load_article
from recommender.shop.baskets.rows import COLUMNS, PATH, SPLITS, Row, group_of, load, of_split, rows_of, split_by_group
from recommender.shop.catalogue import Catalogue
from recommender.shop.tables import Problem, read_table

__all__ = [
    "COLUMNS", "PATH", "SPLITS", "Article", "Histories", "Row", "group_of", "load", "load_any", "load_article",
    "of_split", "split_by_group",
]  # fmt: skip


class Histories(NamedTuple):
    """The rows of a file of either kind, the catalogue of their items, whether they have splits, and notes."""

    catalogue: Catalogue
    rows: list[Row]
    has_splits: bool
    notes: tuple[Problem, ...] = ()


def load_any(path: str | Path, catalogue: Catalogue | None, default: str = "sports") -> Histories:
    """The rows of a file, which its header says the kind of: `Input,Output` by name, or those of `COLUMNS` by id.

    Without a `catalogue` rows by name are their own inventory, and ids are those of the `default` catalogue.

    Raises:
        DataError: if the file is neither, or can't be read.
        BadRowsError: listing every row that can't be used.
    """
    both = read_table(path, optional=(*ARTICLE_COLUMNS, *COLUMNS))
    if {"Input", "Output"} & set(both.columns) or not {"basket", "group"} & set(both.columns):
        named = both if set(ARTICLE_COLUMNS) <= set(both.columns) else read_table(path, required=ARTICLE_COLUMNS)
        found = article_of(named, catalogue)
        return Histories(found.catalogue, found.rows, False, found.notes)
    table = both if set(COLUMNS) <= set(both.columns) else read_table(path, required=COLUMNS)
    items = catalogue or Catalogue.load(default)
    return Histories(items, rows_of(table, items), True, table.notes)
