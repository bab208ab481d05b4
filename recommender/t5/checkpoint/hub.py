"""Checkpoints from the Hugging Face hub, at a revision that never moves.

`organisation/name@revision`; how one without a revision keeps to the one that was found first: `system.revisions`.
What lies in the hub's own cache needs no network.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from recommender.errors import ModelError
from recommender.system import revisions
from recommender.t5.checkpoint import files, together

_ID: Final = re.compile(r"(?P<name>[\w.-]+(?:/[\w.-]+)?)(?:@(?P<revision>[\w./-]+))?")
_SIDE: Final = [files.CONFIG, *files.TOKENIZERS, "tokenizer_config.json", files.NOTES, together.FILE, "catalogue.csv"]


def split(model: str) -> tuple[str, str | None] | None:
    """Name and revision of a hub id, None if `model` can't be one."""
    found = _ID.fullmatch(model)
    return (found["name"], found["revision"]) if found and ".." not in model else None


def fetch(name: str, revision: str | None = None) -> Path:
    """The folder of a hub model, downloaded if it isn't in the hub's cache.

    Raises:
        ModelError: if there is no such model or revision, it is no whole checkpoint, or the network is needed and
            isn't there.
    """
    return revisions.pinned(name, lambda wanted: _cached(name, wanted) or _download(name, wanted), revision)


def _cached(name: str, revision: str | None) -> Path | None:
    """The model's folder in the hub's cache, None if it isn't there or not whole."""
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(name, revision=revision, local_files_only=True))
        return None if files.missing(folder) else folder
    except (OSError, ValueError, ModelError):
        return None


def _download(name: str, revision: str | None) -> Path:
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

    try:
        info: Any = HfApi().model_info(name, revision=revision)
        listed = {entry.rfilename for entry in info.siblings or []}
        return Path(snapshot_download(name, revision=info.sha, allow_patterns=[*_SIDE, *_weight_files(listed)]))
    except (RepositoryNotFoundError, RevisionNotFoundError, GatedRepoError) as error:
        raise ModelError("hub_no_model", name=name, revision=revision or "-") from error
    except Exception as error:  # the hub's client passes on whatever its HTTP library of the day raises
        raise ModelError("hub_unreachable", name=name) from error


def _weight_files(listed: set[str]) -> list[str]:
    """Patterns for one set of weights: safetensors where the hub has them, else pickles."""
    whole, index, pickled, pickled_index = files.WEIGHTS
    if whole in listed:
        return [whole]
    if index in listed:
        return [index, "model-*.safetensors"]
    return [pickled] if pickled in listed else [pickled_index, "pytorch_model-*.bin"]
