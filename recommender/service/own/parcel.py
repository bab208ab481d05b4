"""A folder as a ZIP archive that is made while it is sent: no copy of it is kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 18


class _Outlet(io.RawIOBase):
    """Takes what the archive writes until it is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        written = bytes(data)  # type: ignore[call-overload]
        self._held += written
        return len(written)

    def fetch(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data


def zipped(folder: Path, inside: str) -> Iterator[bytes]:
    """The files of `folder`, in a folder called `inside`, as the bytes of a ZIP archive, piece by piece.

    What we keep for ourselves, hidden files, isn't part of it, but the mark that the folder is ours is: where it is
    unpacked our commands may then write to it again.

    Raises:
        OSError: if a file can't be read any more.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.name == ".lock" or path.suffix == ".part":
                continue
            entry = zipfile.ZipInfo.from_file(path, f"{inside}/{path.relative_to(folder).as_posix()}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(entry, "w") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)
                    yield outlet.fetch()
    yield outlet.fetch()
