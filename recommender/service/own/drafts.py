"""What a visitor has brought, looked at but not read yet: what it is, and which column holds what."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from recommender.errors import DataError
from recommender.language import LANGUAGES, SOURCE
from recommender.shop.items import NAMED_IN
from recommender.shop.sales.columns import Columns
from recommender.shop.sales.files import bytes_of
from recommender.shop.sales.reading import guess
from recommender.shop.sales.words import is_column, key_of
from recommender.shop.tables.columnar import read_columns
from recommender.shop.tables.encodings import decode
from recommender.shop.tables.workbook import ZIP

Kind = Literal["sales", "items"]
USES: Final[Mapping[Kind, tuple[str, ...]]] = {
    "sales": ("customer", "time", "item", "event", "quantity", "order", "basket"),
    "items": (*NAMED_IN, "sport"),
}
"""What a person may correct; the rest stays as it was guessed."""


@dataclass(frozen=True)
class Draft:
    """A table that was looked at.

    Attributes:
        columns: of sales, as they were guessed.
        named: of a list of items, the column of each use, empty for none.
    """

    file: str
    data: bytes = field(repr=False)
    kind: Kind
    columns: Columns
    named: Mapping[str, str]

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return len(self.data)

    def column(self, use: str) -> str:
        """The column that is taken for a use; empty for none."""
        return self.named.get(use, "") if self.kind == "items" else str(getattr(self.columns, use))

    def corrected(self, kind: object, columns: Mapping[str, Any], days: object = None) -> Draft:
        """The same with what a visitor has chosen; what is no column of it counts as none.

        `days` is `day` or `month` for what comes first in its dates; anything else leaves it to them.
        """
        kept: Kind = "items" if kind == "items" else "sales"
        header = self.columns.header
        chosen: dict[str, Any] = {
            use: name if (name := columns.get(use)) in header else "" for use in USES[kept] if use in columns
        }
        if kept == "items":
            return replace(self, kind=kept, named={**self.named, **chosen})
        day_first = {"day": True, "month": False}.get(str(days))
        return replace(self, kind=kept, columns=replace(self.columns, **chosen, day_first=day_first))

    def as_list(self) -> str:
        """Of a list of items the chosen columns, as the table that `read_items` reads.

        Raises:
            DataError: if no column of names is chosen.
        """
        chosen = {use: name for use, name in self.named.items() if name}
        if not any(code in chosen for code in NAMED_IN):
            raise DataError("own_no_name_column")
        known = {name.casefold() for name in chosen.values()}
        table = read_columns(
            self.data,
            self.file,
            lambda name: name.casefold() in known,
            tuple(dict.fromkeys(chosen.values())),
            sheet_with=tuple(known),
        )
        columns = [table.columns[name] for name in chosen.values()]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(chosen)
        writer.writerows(
            zip(*([column.cells[code] for code in column.codes.tolist()] for column in columns), strict=True)
        )
        return text.getvalue()


def looked_at(data: bytes, file: str, largest: int) -> Draft | None:
    """A table, with a guess at what it is; None for a plain list of names.

    Raises:
        DataError: if it is a file of another kind, or too large.
    """
    bytes_of(data, file, largest)
    is_book = data.startswith(ZIP)
    if not is_book:
        decode(data, file)
    try:
        columns = guess(data, file, largest=largest)
    except DataError:
        if is_book:
            raise
        return None  # a list, in which an inch is no quotation mark
    header = columns.header
    is_headed = any(is_column(name) or key_of(name) in LANGUAGES for name in header)
    if len(header) < 2 or not (is_headed or is_book or columns.time):
        return None
    has_item, has_customer = columns.item or columns.packed, columns.customer or columns.order or columns.basket
    keys = {key_of(name): name for name in header}
    named = {use: keys.get(use, "") for use in USES["items"]}
    if not any(named[code] for code in NAMED_IN):
        named[SOURCE] = columns.item or header[0]
    return Draft(file, data, "sales" if has_item and has_customer else "items", columns, named)
