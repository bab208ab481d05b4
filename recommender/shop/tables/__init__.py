"""Reading every table that a person may bring: CSV as Excel, LibreOffice, pandas and shops write it, and XLSX."""

from recommender.shop.tables.cells import kept_cell
from recommender.shop.tables.lists import ids_in, is_shortened, names_in, plain_id
from recommender.shop.tables.problems import REPORTED, BadRowsError, Problem, told
from recommender.shop.tables.reading import Table, TableLine, read_table, read_text

__all__ = [
    "REPORTED",
    "BadRowsError",
    "Problem",
    "Table",
    "TableLine",
    "ids_in",
    "is_shortened",
    "kept_cell",
    "names_in",
    "plain_id",
    "read_table",
    "read_text",
    "told",
]  # fmt: skip
