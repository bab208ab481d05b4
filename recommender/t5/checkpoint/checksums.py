"""Whether a checkpoint's files are as they were written: a flipped bit changes answers without any other sign.

Whoever writes a checkpoint puts the SHA-256 of each of its files into `recommender.json`, as `{"sha256": {file: hex}}`.
A folder without them, anybody's own, is taken as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from recommender.errors import ModelError

KEY: Final = "sha256"


def sums(folder: Path, files: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of files of a folder, in hexadecimal, by name.

    Raises:
        OSError: if one can't be read.
    """
    return {name: _sum(folder / name) for name in sorted(files)}


def verify(folder: Path, files: Iterable[str], expected: object) -> None:
    """Hold `files` against what `recommender.json` says of them under `KEY`; what it does not name is let through.

    Raises:
        ModelError: naming the first file that is not what was written, or if what is said of it means nothing.
    """
    if expected is None:
        return
    if not isinstance(expected, dict) or not all(isinstance(value, str) for value in expected.values()):
        raise ModelError("model_file_broken", folder=folder, file="recommender.json")
    for name in files:
        if name in expected and not _is(folder / name, expected[name]):
            raise ModelError("model_file_changed", folder=folder, file=name)


def _is(path: Path, expected: str) -> bool:
    try:
        return _sum(path) == expected.casefold()
    except OSError as error:
        raise ModelError("model_file_broken", folder=path.parent, file=path.name) from error


def _sum(path: Path) -> str:
    if path.suffix == ".json":
        # Git may have given its lines other ends, which mean nothing in JSON.
        return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
