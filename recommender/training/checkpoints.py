"""The checkpoints of a run: which of them are whole, and where a resumed run goes on.

A process can be killed, and a disk can be full, in the middle of writing one. So each is sealed once all of it is
there: the sizes of its files are noted in it, and without them, or with other sizes, it counts for nothing.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any, Final

from transformers import TrainerCallback

from recommender.system.files import atomic_write

SEAL: Final = "whole.json"
_NAME: Final = re.compile(r"checkpoint-(\d+)")


class Sealing(TrainerCallback):
    """Seals every checkpoint of a run in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Find the best checkpoint so far again after the folder was moved: the trainer noted its old path."""
        best = self.folder / f"checkpoint-{state.best_global_step}"
        if state.best_model_checkpoint is None and is_whole(best):
            state.best_model_checkpoint = str(best)

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Called when all files of a checkpoint are written."""
        seal(self.folder / f"checkpoint-{state.global_step}")


def seal(checkpoint: Path) -> None:
    """Note in a checkpoint that it is whole.

    Raises:
        DataError: if it can't be written.
    """
    sizes = _sizes(checkpoint)
    with atomic_write(checkpoint / SEAL) as handle:
        json.dump(sizes, handle)


def is_whole(checkpoint: Path) -> bool:
    """Whether a checkpoint has all its files, in the sizes they were written in."""
    try:
        noted = json.loads((checkpoint / SEAL).read_text(encoding="utf-8"))
        found = _sizes(checkpoint)
    except (OSError, ValueError):
        return False
    return isinstance(noted, dict) and bool(noted) and all(found.get(name) == size for name, size in noted.items())


def last_checkpoint(folder: Path) -> tuple[str | None, int]:
    """The newest checkpoint in `folder` that a run can go on from, and the step it was made at; or (None, 0).

    It is whole, and so is the best one up to then, which the run ends with if none is better.
    """
    steps = sorted(_steps(folder), reverse=True)
    step = next((step for step in steps if _can_go_on(folder / f"checkpoint-{step}")), 0)
    return (str(folder / f"checkpoint-{step}"), step) if step else (None, 0)


def forget_after(folder: Path, step: int) -> None:
    """Remove the checkpoints of later steps, which a run that goes on at `step` makes anew."""
    for later in (one for one in _steps(folder) if one > step):
        shutil.rmtree(folder / f"checkpoint-{later}", ignore_errors=True)


def _steps(folder: Path) -> list[int]:
    entries = folder.iterdir() if folder.is_dir() else ()
    return [int(found[1]) for entry in entries if entry.is_dir() and (found := _NAME.fullmatch(entry.name))]


def _can_go_on(checkpoint: Path) -> bool:
    if not is_whole(checkpoint):
        return False
    try:
        state = json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
        best = state.get("best_model_checkpoint")
    except (OSError, ValueError, AttributeError):
        return False
    return best is None or is_whole(checkpoint.with_name(Path(best).name))


def _sizes(checkpoint: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in checkpoint.iterdir() if path.is_file() and path.name != SEAL}
