"""Environment variables that are not ours, and that a package under us can't make sense of."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Final

_OTHERS: Final = ("TORCH", "PYTORCH_", "TRANSFORMERS_", "HF_", "CUDA_", "OMP_", "MKL_", "KMP_")
"""How the variables begin that those packages read."""


def at_fault(error: BaseException, environment: Mapping[str, str] = os.environ) -> str | None:
    """The variable that `error` is about: one of theirs whose very value it quotes; None where there is none."""
    said = str(error)
    values = {name: value.strip() for name, value in environment.items() if name.startswith(_OTHERS)}
    # A number is a value that can be read, and errors are full of numbers that have to do with no variable.
    words = {name: value for name, value in values.items() if value and not value.isdecimal()}
    return next((name for name, value in words.items() if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", said)), None)
