"""Reading every table that a person may bring: CSV as Excel, LibreOffice, pandas and shops write it, and XLSX."""

from recommender.shop.tables.cells import kept_cell, tidy_cell
from recommender.shop.tables.delimited import Records, header_of, named, records_of
from recommender.shop.tables.encodings import decode
from recommender.shop.tables.lists import ids_in, is_shortened, names_in, plain_id
from recommender.shop.tables.problems import REPORTED, BadRowsError, Problem, told
from recommender.shop.tables.reading import Table, TableLine, read_table, read_text

__all__ = [
    "REPORTED",
    "BadRowsError",
    "Problem",
    "Records",
    "Table",
    "TableLine",
    "decode",
    "header_of",
    "ids_in",
    "is_shortened",
    "kept_cell",
    "named",
    "names_in",
    "plain_id",
    "read_table",
    "read_text",
    "records_of",
    "tidy_cell",
    "told",
]  # fmt: skip
