"""A checkpoint folder as it lies on disk: configuration, weights, tokenizer, and what we note beside them.

`config.json` and `model.safetensors` (or `pytorch_model.bin`, or either in shards with an index) and `tokenizer.json`
(or `spiece.model`). Our own checkpoints have a `recommender.json` too: `{"max_tokens": …, "catalogue": …,
"languages": […], "sha256": {…}}`, a calibrated one with `"confidence": {…}` in it; one that knows the world has a
`"relation": {…}`, too, and a `together.safetensors`. Read without transformers, whose import alone takes longer than
an answer.
"""

from __future__ import annotations

import json
import pickle
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from recommender.errors import ModelError
from recommender.language import LANGUAGES
from recommender.recommenders.confidence import DEFAULT, Thresholds
from recommender.recommenders.relation import Evidence
from recommender.system.room import memory_guard
from recommender.t5.checkpoint import checksums, together
from recommender.t5.checkpoint.shape import Shape
from recommender.t5.checkpoint.tokenizer import Tokenizer

CONFIG: Final = "config.json"
CONFIDENCE: Final = "confidence"
"""The key of the notes that holds `Thresholds`."""
RELATION: Final = "relation"
"""The key of the notes that holds `Evidence`."""
NOTES: Final = "recommender.json"
WEIGHTS: Final = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
TOKENIZERS: Final = ("tokenizer.json", "spiece.model")


@dataclass(frozen=True)
class Notes:
    """What `recommender.json` says of a checkpoint, as far as the model itself is concerned."""

    max_tokens: int | None = None
    languages: tuple[str, ...] = ()
    thresholds: Thresholds = DEFAULT
    evidence: Evidence | None = None


def missing(folder: Path) -> str | None:
    """The first file that a checkpoint folder lacks, None if it is whole.

    Raises:
        ModelError: if an index of shards can't be read.
    """
    for choice in ((CONFIG,), WEIGHTS, TOKENIZERS):
        if not any((folder / name).is_file() for name in choice):
            return choice[0]
    return next((name for name in _weight_files(folder) if not (folder / name).is_file()), None)


def read_config(folder: Path) -> dict[str, Any]:
    """The checkpoint's `config.json`.

    Raises:
        ModelError: if the folder lacks a file, or this one can't be read.
    """
    lacking = missing(folder)
    if lacking:
        raise ModelError("model_file_missing", folder=folder, file=lacking)
    return _read_json(folder / CONFIG)


def parts(folder: Path) -> list[str]:
    """The files that make the model what it is: configuration, weights, tokenizer, directions of its table.

    Raises:
        ModelError: if an index of shards can't be read, or there are no weights.
    """
    named = [name for name in (CONFIG, *WEIGHTS, *TOKENIZERS, together.FILE) if (folder / name).is_file()]
    return list(dict.fromkeys([*named, *_weight_files(folder)]))


def verify(folder: Path) -> None:
    """Refuse a checkpoint that is not what was written, where who wrote it said what that is; see `checksums`.

    Raises:
        ModelError: naming the file.
    """
    if (folder / NOTES).is_file():
        checksums.verify(folder, parts(folder), _read_json(folder / NOTES).get(checksums.KEY))


def read_notes(folder: Path) -> Notes:
    """The checkpoint's notes, empty where there are none.

    Raises:
        ModelError: if they are there but can't be read or mean nothing.
    """
    if not (folder / NOTES).is_file():
        return Notes()
    found = _read_json(folder / NOTES)
    limit, languages = found.get("max_tokens"), found.get("languages", [])
    sound = limit is None or (type(limit) is int and limit > 0)
    if not sound or not isinstance(languages, list) or not set(map(str, languages)) <= set(LANGUAGES):
        raise ModelError("model_file_broken", folder=folder, file=NOTES)
    try:
        thresholds = Thresholds.from_json(found[CONFIDENCE]) if CONFIDENCE in found else DEFAULT
        evidence = Evidence.from_json(found[RELATION]) if RELATION in found else None
    except ValueError as error:
        raise ModelError("model_file_broken", folder=folder, file=NOTES) from error
    return Notes(limit, tuple(languages), thresholds, evidence)


def read_weights(folder: Path) -> dict[str, Tensor]:
    """All weights by name, on the CPU; safetensors go before pickles, which are read as data only.

    Raises:
        ModelError: if a file is missing or can't be read, holds what is no number, or memory runs out.
    """
    state: dict[str, Tensor] = {}
    for name in _weight_files(folder):
        found = _read_tensors(folder / name)
        for weight, tensor in found.items():
            if not _is_finite(tensor):
                raise ModelError("model_not_finite", folder=folder, file=name, name=weight)
        state |= found
    return state


def read_tokenizer(folder: Path, shape: Shape) -> Tokenizer:
    """The checkpoint's tokenizer.

    Raises:
        ModelError: if it can't be read.
    """
    name = next(name for name in TOKENIZERS if (folder / name).is_file())
    read = Tokenizer.from_json if name == TOKENIZERS[0] else Tokenizer.from_spiece
    try:
        return read(folder / name, shape)
    except Exception as error:  # tokenizers raises nothing more specific
        raise ModelError("model_file_broken", folder=folder, file=name) from error


def _weight_files(folder: Path) -> list[str]:
    name = next((name for name in WEIGHTS if (folder / name).is_file()), None)
    if name is None:  # it may have gone since the folder was looked at
        raise ModelError("model_file_missing", folder=folder, file=WEIGHTS[0])
    if not name.endswith(".index.json"):
        return [name]
    shards = _read_json(folder / name).get("weight_map")
    if not isinstance(shards, dict) or not shards:
        raise ModelError("model_file_broken", folder=folder, file=name)
    # Names only: an index has no business outside its folder.
    return sorted({Path(str(shard)).name for shard in shards.values()})


def _is_finite(tensor: Tensor) -> bool:
    if not tensor.is_floating_point() or not tensor.numel():
        return True
    # In one pass and without a copy; a not-a-number is both the least and the greatest.
    return all(bool(extreme.isfinite()) for extreme in torch.aminmax(tensor))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError("model_file_broken", folder=path.parent, file=path.name) from error
    if not isinstance(found, dict):
        raise ModelError("model_file_broken", folder=path.parent, file=path.name)
    return found


def _read_tensors(path: Path) -> dict[str, Tensor]:
    try:
        with memory_guard(SafetensorError):
            if path.suffix == ".safetensors":
                return load_file(path)
            # Only the zip format can be mapped; weights_only refuses anything but tensors.
            mapped = zipfile.is_zipfile(path)
            found = torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    except (OSError, RuntimeError, ValueError, EOFError, KeyError, pickle.UnpicklingError, SafetensorError) as error:
        raise ModelError("model_file_broken", folder=path.parent, file=path.name) from error
    if not isinstance(found, dict) or not all(isinstance(value, Tensor) for value in found.values()):
        raise ModelError("model_file_broken", folder=path.parent, file=path.name)
    return dict(found)
