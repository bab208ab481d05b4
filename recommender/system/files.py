"""Writing files that are whole or not there."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from recommender.errors import DataError

_REASONS: Final = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EROFS: "no_permission",
    errno.ENOENT: "folder_missing",
    errno.ENOTDIR: "folder_missing",
}


def version_of(*files: Path) -> tuple[int, int]:
    """Of the first of some files that is there, when it was written and its size: changes with it; else zeros."""
    for file in files:
        try:
            if file.is_file():
                found = file.stat()
                return found.st_mtime_ns, found.st_size
        except OSError:
            continue
    return 0, 0


@contextmanager
def atomic_write(path: str | Path, mode: str = "w") -> Iterator[IO[Any]]:
    """A handle (UTF-8 text, or bytes with `mode` `wb`) beside `path` that takes its place once the block ends well.

    After a full disk, an interruption or any other failure the old file is whole and nothing else is left behind.
    Line ends are written as given, and a link is followed.

    Raises:
        DataError: with the reason, if the file can't be written.
    """
    target = Path(os.path.realpath(path))
    try:
        with _beside(target, mode) as handle:
            yield handle
    except OSError as error:
        raise DataError(_REASONS.get(error.errno or 0, "not_writable"), file=str(path)) from error


@contextmanager
def _beside(target: Path, mode: str) -> Iterator[IO[Any]]:
    part = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    text: dict[str, Any] = {} if "b" in mode else {"encoding": "utf-8", "newline": ""}
    try:
        with part.open(mode.replace("w", "x"), **text) as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
