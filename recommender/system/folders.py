"""Folders that we write and may therefore replace: each has a marker that says so, and of what it consists.

A folder is ours if its marker says that we made it for this use, and if it holds nothing but what the marker names. Any
other folder that isn't empty belongs to somebody: nothing in it is read, moved, overwritten or removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from recommender.errors import DataError
from recommender.system.files import atomic_write

MARKER: Final = ".made-by-recommender.json"
_MAKER: Final = "recommender"
_LOCK: Final = ".lock"
_PASSING: Final = (MARKER, _LOCK, ".*.????????.part", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What may lie in any folder of ours: what a killed writer of ours leaves, and what file managers make unasked."""


@dataclass(frozen=True)
class Marker:
    """What we have noted in a folder of ours.

    Attributes:
        kind: what the folder is for; a folder of another kind is not to be replaced.
        files: patterns of the files in it, relative, `/` between names; `*` stays within one name.
        identity: of what the folder's content is made, for those who would go on with it.
    """

    kind: str
    files: tuple[str, ...]
    identity: Mapping[str, str] = field(default_factory=dict)


def read(folder: Path) -> Marker | None:
    """The marker of a folder; None where there is none, or none that we can have written."""
    try:
        found = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        made_by, kind, files, identity = (found[key] for key in ("made_by", "kind", "files", "identity"))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if made_by != _MAKER or not isinstance(kind, str) or not isinstance(files, list) or not isinstance(identity, dict):
        return None
    return Marker(kind, tuple(map(str, files)), {str(key): str(one) for key, one in identity.items()})


def mark(folder: Path, marker: Marker) -> None:
    """Note in a folder that it is ours.

    Raises:
        DataError: if the marker can't be written.
    """
    document = {"made_by": _MAKER, "kind": marker.kind, "files": marker.files, "identity": dict(marker.identity)}
    with atomic_write(folder / MARKER) as handle:
        handle.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def check(folder: Path, kind: str) -> None:
    """Refuse a folder unless it is new, empty, or ours for this use; nothing in it is touched.

    Raises:
        DataError: naming something in it that we have not written; or if it can't be looked into, or is a file.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise DataError("train_output_is_file", folder=str(folder))
    marker = read(folder)
    ours = marker.files if marker and marker.kind == kind else ()
    for name in _inside(folder):
        if not any(_matches(name, pattern) for pattern in (*ours, *_PASSING)):
            raise DataError("folder_has_more" if ours else "folder_not_ours", folder=str(folder), file=name)


def clear(folder: Path, kind: str) -> None:
    """Empty a folder of ours, but for its marker and its lock.

    Raises:
        DataError: if it isn't ours, or something in it can't be removed.
    """
    check(folder, kind)
    try:
        for entry in sorted(folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name not in (MARKER, _LOCK):
                entry.unlink()
    except OSError as error:
        raise DataError("folder_not_writable", folder=str(folder)) from error


@contextlib.contextmanager
def locked(folder: Path, kind: str) -> Iterator[None]:
    """Make a folder if need be, and keep others of our processes out of it for as long as the block lasts.

    Raises:
        DataError: if it isn't ours, can't be written to, or another process is at work in it.
    """
    # Only whoever trains needs it.
    from filelock import FileLock, Timeout

    check(folder, kind)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise DataError("folder_in_use", folder=str(folder)) from error
    except OSError as error:
        raise DataError("folder_not_writable", folder=str(folder)) from error
    try:
        yield
    finally:
        lock.release()


def holding(folder: Path, files: Iterable[Path]) -> Path | None:
    """The first of some files (or folders) that lies in a folder, links followed; None if none does."""
    whole = os.path.realpath(folder)
    return next((file for file in files if Path(os.path.realpath(file)).is_relative_to(whole)), None)


def _inside(folder: Path) -> Iterator[str]:
    """Every file below a folder, and every link, as a relative name.

    Raises:
        DataError: if a folder can't be looked into.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise DataError("folder_not_writable", folder=str(folder)) from error
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            yield from (f"{entry.name}/{name}" for name in _inside(entry))
        else:
            yield entry.name


def _matches(name: str, pattern: str) -> bool:
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def patterns(folders: Sequence[str], files: Sequence[str]) -> tuple[str, ...]:
    """Each of `files` in each of `folders`, "" being the folder itself."""
    return tuple(f"{folder}/{file}".lstrip("/") for folder in folders for file in files)
