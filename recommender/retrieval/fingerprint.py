"""What tells one checkpoint's vectors from another's: the files that they are made of."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from recommender.errors import ModelError

FILES: Final = ("together.safetensors", "model.safetensors", "tokenizer.json")


def of_checkpoint(folder: Path) -> str:
    """A fingerprint of a checkpoint's vectors, 32 hexadecimal digits.

    Where its `recommender.json` says what SHA-256 a file has, which loading the model has held it against, the file is
    not read again.

    Raises:
        ModelError: if a file can't be read.
    """
    stated = _stated(folder)
    found = hashlib.sha256()
    for name in FILES:
        path = folder / name
        try:
            digest = stated.get(name) or (_sum(path) if path.is_file() else "")
        except OSError as error:
            raise ModelError("model_file_broken", folder=folder, file=name) from error
        found.update(f"{name}:{digest.casefold()};".encode())
    return found.hexdigest()[:32]


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stated(folder: Path) -> dict[str, str]:
    try:
        sums = json.loads((folder / "recommender.json").read_text(encoding="utf-8"))["sha256"]
        return {str(name): str(value) for name, value in sums.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
