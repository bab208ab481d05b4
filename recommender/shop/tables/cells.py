"""One cell as it was meant: without a program's escapes, and empty where the program wrote that there is nothing."""

from __future__ import annotations

import html
import re
from typing import Final

from recommender.language.text import safe_cell

HELD: Final = "\uf8ff"
"""Stands for an entity's semicolon while lines are cut at semicolons."""
_HELD: Final = re.compile("&(?:amp;)*(?:#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ENTITY: Final = re.compile(f"&(?:#\\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}})[;{HELD}]")
# Marks of direction and embeddings that some programs put around each Arabic cell; never overrides, which deceive.
_EDGES: Final = "\ufeff\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_TRIMMED: Final = re.compile(f"^[\\s\x00{_EDGES}]+|[\\s\x00{_EDGES}]+$")
_MISSING: Final = frozenset(
    ("nan", "-nan", "none", "null", "(null)", "<na>", "n/a", "#n/a", "nat", "\\n", "#value!", "#ref!", "#name?",
     "#div/0!", "#num!", "#null!")
)  # fmt: skip


def tidy_cell(cell: str) -> str:
    """`cell` without the space around it, its entities unescaped (`&amp;`), and empty for `nan`, `None` or `NULL`.

    The ways in which people keep a spreadsheet from counting go too: `="00123"`, and an apostrophe before a sign or
    before anything else that would not be taken as it stands.
    """
    cell = cell.strip() if cell.isascii() else _TRIMMED.sub("", cell)
    if cell[:1] == "'":
        return cell[1:] if _is_altered(cell.lstrip("'")) else cell
    return _meant(cell)


def kept_cell(text: str) -> str:
    """`text` as a cell that `tidy_cell` turns into `text` again, and that no spreadsheet runs."""
    return f"'{text}" if _is_altered(text.lstrip("'")) else text


def _is_altered(text: str) -> bool:
    return safe_cell(text) != text or _meant(text) != text


def _meant(cell: str) -> str:
    if "&" in cell:
        cell = unescaped(cell)
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1]
    return "" if is_missing(cell) else cell


def is_missing(cell: str) -> bool:
    """Whether `cell` says that there is no value, as pandas, databases and spreadsheets do."""
    return len(cell) <= 8 and cell.casefold() in _MISSING


def unescaped(cell: str) -> str:
    """`cell` with its entities as characters; those escaped twice too (`&amp;#8211;`). `R&D` has none."""
    cell = cell.replace(HELD, ";") if HELD in cell else cell
    for _ in range(3):
        found = _ENTITY.sub(lambda match: html.unescape(match[0]), cell)
        if found == cell:
            break
        cell = found
    return _TRIMMED.sub("", cell)


def hold_entities(text: str) -> str:
    """`text` with `HELD` for the semicolon of each entity, for lines that are cut at semicolons."""
    return _HELD.sub(
        lambda match: match[0].replace(";", HELD) if html.unescape(match[0]) != match[0] else match[0], text
    )
