"""A file that arrives in pieces, because no request may be larger than a megabyte. It is kept in memory only."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass, field
from typing import Final

from recommender.errors import DataError

MOST_PIECES: Final = 400
MOST_PIECE: Final = 1_000_000
"""Bytes that one piece can't be larger than."""
_GZIP: Final = 16 + zlib.MAX_WBITS


@dataclass
class Arriving:
    """The pieces of one file, in order; `zipped` where the browser has packed the whole of it with gzip."""

    name: str
    of: int
    zipped: bool
    parts: list[bytes] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return sum(map(len, self.parts))


def begin(name: str, of: object, zipped: bool) -> Arriving:
    """A file of which `of` pieces will come.

    Raises:
        DataError: if that is no number of pieces.
    """
    if type(of) is not int or not 1 <= of <= MOST_PIECES:
        raise DataError("own_broken_off", file=name)
    return Arriving(name, of, zipped)


def add(arriving: Arriving, number: object, text: object, most_bytes: int) -> bytes | None:
    """Take piece `number`, from 0, which is base64; the whole file once it is the last one, and None until then.

    Raises:
        DataError: if it is not the next piece, no base64, or the file is larger than `most_bytes`, unpacked.
    """
    if number != len(arriving.parts) or not isinstance(text, str):
        raise DataError("own_broken_off", file=arriving.name)
    try:
        arriving.parts.append(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        raise DataError("own_broken_off", file=arriving.name) from None
    if arriving.size > most_bytes:
        raise too_large(arriving.name, most_bytes)
    if len(arriving.parts) < arriving.of:
        return None
    data = b"".join(arriving.parts)
    arriving.parts.clear()
    return _unpacked(data, arriving.name, most_bytes) if arriving.zipped else data


def too_large(name: str, most_bytes: int) -> DataError:
    """That a file is larger than what is taken."""
    return DataError("own_too_large", file=name, limit=most_bytes // 1_000_000)


def _unpacked(data: bytes, name: str, most_bytes: int) -> bytes:
    """What gzip has packed. A megabyte can hold a thousand: no more than is allowed is ever unpacked."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        whole = unpacking.decompress(data, most_bytes + 1)
    except zlib.error:
        raise DataError("own_broken_off", file=name) from None
    if len(whole) > most_bytes:
        raise too_large(name, most_bytes)
    if not unpacking.eof:
        raise DataError("own_broken_off", file=name)
    return whole
