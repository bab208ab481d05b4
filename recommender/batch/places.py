"""Where rows come from: files, folders and globs, on this machine or at the URL of an object store."""

from __future__ import annotations

import glob
import io
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from recommender.errors import DataError, RequestError

JSONL: Final = (".jsonl", ".ndjson")
TABLES: Final = (".csv", ".tsv", ".tab")
PARQUET: Final = (".parquet", ".pq")
KINDS: Final = (*PARQUET, *JSONL, *TABLES)
_WILD: Final = "*?["
_PATIENCE: Final = "retry_limit_seconds=20"


class Source(NamedTuple):
    """A file of rows: its path or URL, its size in bytes, and when it was changed (ns since 1970)."""

    name: str
    size: int
    changed: int

    @property
    def suffix(self) -> str:
        """How its name ends, in lower case."""
        return Path(self.name).suffix.casefold()

    @property
    def short(self) -> str:
        """Its name without the folders that it lies in."""
        return Path(self.name).name


def is_url(name: str) -> bool:
    """Whether `name` is a URL and no path."""
    return "://" in name


def sources(name: str) -> tuple[Source, ...]:
    """The files that a path, a folder, a glob or the URL of either means, by name.

    A folder means the files of a kind that can be read in it and below it; hidden ones, and those whose name or folder
    begins with `_`, are other programs' marks.

    Raises:
        DataError: if there is none, or the store can't be asked.
        RequestError: if it is a file of another kind, or pyarrow isn't there for a URL.
    """
    found = _remote(name) if is_url(name) else _local(name)
    if not found:
        raise DataError("batch_no_files", place=name, known=KINDS)
    if wrong := next((one for one in found if one.suffix not in KINDS), None):
        raise RequestError("cli_file_kind", file=wrong.name, known=KINDS)
    return tuple(sorted(found))


@contextmanager
def opened(source: Source) -> Iterator[IO[bytes]]:
    """A handle that reads a source's bytes and may be moved in them.

    Raises:
        DataError: if it can't be opened, or read in the block.
    """
    try:
        with _handle(source.name) as handle:
            yield handle
    except FileNotFoundError:
        raise DataError("file_missing", file=source.name) from None
    except OSError as error:
        raise DataError("file_unreadable", file=source.name) from error


def filesystem(url: str) -> tuple[Any, str]:
    """Pyarrow's file system of a URL, and the path in it.

    Raises:
        RequestError: if pyarrow isn't there, or knows no such store.
        DataError: if the store can't be asked.
    """
    try:
        from pyarrow import fs
    except ImportError:
        raise RequestError("batch_needs_pyarrow", what=url) from None
    if url.startswith(("gs://", "gcs://")) and _PATIENCE.partition("=")[0] not in url:
        url += ("&" if "?" in url else "?") + _PATIENCE  # else it asks for minutes where nobody answers
    try:
        system, path = fs.FileSystem.from_uri(url)
    except ValueError as error:
        raise RequestError("batch_url_unknown", url=url) from error
    except OSError as error:  # a bucket of S3 is asked where it is
        raise DataError("batch_url_unreachable", url=url) from error
    return system, path


def _handle(name: str) -> IO[bytes]:
    if not is_url(name):
        return Path(name).open("rb")
    system, path = filesystem(name)
    return io.BufferedReader(system.open_input_file(path))


def _local(name: str) -> list[Source]:
    path = Path(name)
    if path.is_dir():
        parts = ((one, one.relative_to(path).parts) for one in path.rglob("*") if one.is_file())
        files = [one for one, inside in parts if _is_meant(inside)]
    elif path.exists() or not any(mark in name for mark in _WILD):
        files = [path]
    else:
        files = [Path(one) for one in glob.glob(name, recursive=True) if Path(one).is_file()]
    return [_stated(file) for file in files]


def _stated(file: Path) -> Source:
    try:
        found = file.stat()
    except FileNotFoundError:
        raise DataError("file_missing", file=str(file)) from None
    except OSError as error:
        raise DataError("file_unreadable", file=str(file)) from error
    return Source(str(file), found.st_size, found.st_mtime_ns)


def _remote(url: str) -> list[Source]:
    """The files at a URL; names are URLs again, without what stands behind a `?`."""
    first = min((place for mark in "*[" if (place := url.find(mark)) >= 0), default=len(url))
    base = url if first == len(url) else url[: url.rfind("/", 0, first)]
    system, path = filesystem(base)
    start = base.partition("?")[0]
    try:
        from pyarrow import fs

        info = system.get_file_info(path)
        if info.type == fs.FileType.File:
            return [_told(start, info)]
        inside = system.get_file_info(fs.FileSelector(path, recursive=True, allow_not_found=True))
    except OSError as error:
        raise DataError("batch_url_unreachable", url=url) from error
    found = []
    for one in inside:
        rest = one.path[len(path) :].strip("/")
        name = f"{start.rstrip('/')}/{rest}"
        wanted = _is_meant(tuple(rest.split("/"))) if first == len(url) else fnmatchcase(name, url)
        if one.type == fs.FileType.File and wanted:
            found.append(_told(name, one))
    return found


def _told(name: str, info: Any) -> Source:
    return Source(name, int(info.size or 0), int(info.mtime_ns or 0))


def _is_meant(parts: tuple[str, ...]) -> bool:
    """Whether a file below a folder is one of its rows' files."""
    return Path(parts[-1]).suffix.casefold() in KINDS and not any(part[0] in "._" for part in parts)
