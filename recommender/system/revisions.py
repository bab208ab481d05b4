"""Models from the Hugging Face hub at a revision that never moves.

Where none was chosen, the commit found at the first load is noted in `recommender/revisions.json`, in
`XDG_CACHE_HOME` or `~/.cache`, and used from then on.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from recommender.errors import DataError
from recommender.system.files import atomic_write

_COMMIT: Final = re.compile(r"[0-9a-f]{40}")


def pinned(name: str, find: Callable[[str | None], Path], revision: str | None = None) -> Path:
    """The folder of the hub model `name`, at `revision` or else at the one that is noted.

    `find` gives the folder for a revision, the newest for None; the hub's client names it by its commit.
    """
    wanted = revision or _noted().get(name)
    folder = find(wanted)
    if wanted is None and _COMMIT.fullmatch(folder.name):
        _note(name, folder.name)
    return folder


def records() -> Path:
    """The file that revisions are noted in."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "recommender" / "revisions.json"


def _noted() -> dict[str, str]:
    try:
        found = json.loads(records().read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):  # the last one where there is no home
        return {}
    return {str(name): str(revision) for name, revision in found.items()} if isinstance(found, dict) else {}


def _note(name: str, commit: str) -> None:
    # A cache folder that can't be written costs the note, not the answer.
    with suppress(OSError, DataError, RuntimeError):
        records().parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(records()) as handle:
            handle.write(json.dumps({**_noted(), name: commit}, indent=2, sort_keys=True) + "\n")
