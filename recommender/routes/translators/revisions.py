"""Models from the hub at a revision that never moves.

Where none was chosen, the commit found at the first load is noted in `recommender/revisions.json`, in
`XDG_CACHE_HOME` or `~/.cache`, and used from then on.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from recommender.errors import DataError
from recommender.system.files import atomic_write

_COMMIT: Final = re.compile(r"[0-9a-f]{40}")


def resolve(name: str, side: Sequence[str], weights: Sequence[str]) -> Path:
    """The folder of a hub model: files that fit `side`, and the first of `weights` that it has.

    What is in the hub's cache needs no network.

    Raises:
        Exception: of any class of the hub's client, if it can't be had.
    """
    from huggingface_hub import HfApi, snapshot_download

    revision = _noted().get(name)
    try:
        folder = Path(snapshot_download(name, revision=revision, local_files_only=True))
    except (OSError, ValueError):
        files = HfApi().list_repo_files(name, revision=revision)
        chosen = [file for file in weights if file in files][:1]
        folder = Path(snapshot_download(name, revision=revision, allow_patterns=[*side, *chosen]))
    if revision is None and _COMMIT.fullmatch(folder.name):
        _note(name, folder.name)
    return folder


def records() -> Path:
    """Where revisions are noted."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "recommender" / "revisions.json"


def _noted() -> dict[str, str]:
    try:
        found = json.loads(records().read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):  # the last one where there is no home
        return {}
    return {str(name): str(revision) for name, revision in found.items()} if isinstance(found, dict) else {}


def _note(name: str, commit: str) -> None:
    # A cache folder that can't be written costs the note, not the translation.
    with suppress(OSError, DataError, RuntimeError):
        records().parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(records()) as handle:
            handle.write(json.dumps({**_noted(), name: commit}, indent=2, sort_keys=True) + "\n")
