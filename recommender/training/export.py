"""Writing a checkpoint folder that the rest of the project loads: whole or not there."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from recommender.errors import DataError
from recommender.shop.catalogue import Catalogue
from recommender.system import folders
from recommender.system.files import atomic_write
from recommender.t5.checkpoint import checksums, files, together
from recommender.training.workplace import OUTPUT, mark_output


def export(
    folder: Path,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    notes: Mapping[str, object],
    card: str,
    *,
    catalogue: Catalogue | None = None,
    history: object = None,
    directions: Tensor | None = None,
    also: Callable[[Path], None] | None = None,
) -> None:
    """Write the checkpoint (bf16 safetensors), its tokenizer, notes, model card and catalogue to `folder`.

    `directions` of its table, shape (directions, d_model), are those that say what goes together: item vectors need
    them. `also` writes what else shall lie in the folder, given where it is being made.

    The notes get the SHA-256 of what makes the model what it is; whoever loads it holds the files against them.

    Everything is written beside the folder first; an older folder of that name is replaced only by the whole of it,
    and only where we have written all that lies in it.

    Raises:
        DataError: if it can't be written, or an older folder isn't ours; that then stays as it was.
    """
    beside: Path | None = None
    folder = Path(os.path.realpath(folder))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}-", dir=folder.parent))
        model.bfloat16()
        model.save_pretrained(beside)
        tokenizer.save_pretrained(beside)
        if directions is not None:
            together.write(beside, directions)
        whole = {**notes, checksums.KEY: checksums.sums(beside, files.parts(beside))}
        (beside / files.NOTES).write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8")
        (beside / "README.md").write_text(card, "utf-8")
        if history is not None:
            (beside / "history.json").write_text(json.dumps(history) + "\n", "utf-8")
        if catalogue is not None:
            catalogue.save(beside / "catalogue.csv")
        if also is not None:
            also(beside)
        mark_output(beside)
        beside.chmod(0o755)
        for file in beside.iterdir():
            file.chmod(0o644)
        _replace(folder, beside)
    except OSError as error:
        raise DataError("checkpoint_not_written", folder=str(folder), reason=error.strerror or "?") from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)


def rewrite_card(folder: Path, text: str) -> None:
    """Put `text` in the place of the model card of `folder`.

    Raises:
        DataError: if it can't be written; the old card then stays whole.
    """
    with atomic_write(folder / "README.md") as handle:
        handle.write(text)


def _replace(folder: Path, beside: Path) -> None:
    old = beside.with_name(f"{beside.name}-old")
    if folder.exists():
        # Hours may have passed since the run began: what somebody has put there meanwhile is theirs.
        folders.check(folder, OUTPUT)
        folder.rename(old)
    try:
        beside.rename(folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
