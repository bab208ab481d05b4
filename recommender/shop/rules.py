"""How a shop sells: what a folder made for one shop says of it, in `shop.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from recommender.errors import DataError

FILE: Final = "shop.json"


def read(folder: Path) -> dict[str, Any]:
    """What `shop.json` in a folder says; nothing where there is none.

    Raises:
        DataError: if it can't be read, or is no such file.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError("shop_file_broken", folder=str(folder), file=FILE) from error
    if not isinstance(found, dict) or not isinstance(found.get("repeats", False), bool):
        raise DataError("shop_file_broken", folder=str(folder), file=FILE)
    return found


def repeats(folder: Path) -> bool:
    """Whether customers of the shop buy the same thing again, so that what was bought stays on offer.

    Raises:
        DataError: as `read` does.
    """
    return bool(read(folder).get("repeats", False))
