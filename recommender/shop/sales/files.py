"""The bytes of what a person brings, where they are no more than can be read, and no file of another kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from recommender.errors import DataError

LARGEST: Final = 50_000_000
"""Bytes that a file may have unless it is said otherwise: a million lines of sales, about."""
_SAMPLE: Final = 4096


def bytes_of(source: str | Path | bytes, file_name: str = "", largest: int = LARGEST) -> tuple[bytes, str]:
    """The bytes of a file and its name.

    Raises:
        DataError: if it can't be read, is empty, has more than `largest` bytes, or is JSON.
    """
    if isinstance(source, bytes):
        data, size = source, len(source)
        file = file_name or "sales.csv"
    else:
        path = Path(source)
        file = file_name or path.name
        try:
            size = path.stat().st_size
            data = path.read_bytes() if size <= largest else b""
        except FileNotFoundError:
            raise DataError("file_missing", file=str(source)) from None
        except (OSError, ValueError) as error:
            raise DataError("file_unreadable", file=str(source)) from error
    if size > largest:
        raise DataError("sales_too_large", file=file, size=-(-size // 1_000_000), limit=largest // 1_000_000)
    if not data.strip():
        raise DataError("file_empty", file=file)
    if _is_json(data):
        raise DataError("sales_json", file=file)
    return data, file


def _is_json(data: bytes) -> bool:
    """Whether it is JSON, or JSON line by line; a list in brackets within a table is none."""
    head = data[:_SAMPLE].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"{":
        return not head.startswith(b"{\\rtf")
    if head[:1] != b"[":
        return False
    if head[1:].lstrip()[:1] in (b"{", b"["):
        return True
    try:
        json.loads(data)
    except ValueError:
        return False
    return True
