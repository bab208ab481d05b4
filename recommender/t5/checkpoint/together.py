"""`together.safetensors`: the directions of a checkpoint's embedding table that say what goes together.

One tensor, `together`, shape (directions, d_model), fp32. A checkpoint trained on the world's goods has it: its table
lies in a random rotation, and only who made it knows where in there a word says what it is bought with.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from recommender.errors import ModelError

FILE: Final = "together.safetensors"
NAME: Final = "together"


def write(folder: Path, directions: Tensor) -> None:
    """Put `directions`, shape (directions, d_model), beside a checkpoint.

    Raises:
        OSError: if the file can't be written.
    """
    try:
        save_file({NAME: directions.detach().float().cpu().contiguous()}, folder / FILE)
    except SafetensorError as error:
        raise OSError(str(error)) from error


def read(folder: Path, width: int) -> Tensor | None:
    """The directions of a checkpoint whose table has rows of `width`; None where it has no such file.

    Raises:
        ModelError: if the file can't be read, has other sizes, or holds what is no finite number.
    """
    if not (folder / FILE).is_file():
        return None
    try:
        found = load_file(folder / FILE).get(NAME)
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError("model_file_broken", folder=folder, file=FILE) from error
    if found is None or found.dim() != 2 or not found.is_floating_point():
        raise ModelError("model_file_broken", folder=folder, file=FILE)
    if found.shape[1] != width or not 1 <= len(found) <= width:
        size = f"1-{width}x{width}"
        raise ModelError("model_weights", name=NAME, size=size, found="x".join(map(str, found.shape)))
    if not bool(found.isfinite().all()):
        raise ModelError("model_not_finite", folder=folder, file=FILE, name=NAME)
    return found.float()
