"""Environment variables that are not ours, and that a package under us can't make sense of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

_OTHERS: Final = ("TORCH", "PYTORCH_", "TRANSFORMERS_", "HF_", "CUDA_", "OMP_", "MKL_", "KMP_")
"""How the variables begin that those packages read."""


def at_fault(error: BaseException, environment: Mapping[str, str] = os.environ) -> str | None:
    """The variable that `error` is about: one of theirs whose very value it quotes; None where there is none."""
    said = str(error)
    named = [name for name, value in environment.items() if name.startswith(_OTHERS) and value.strip()]
    return next((name for name in named if environment[name].strip() in said), None)
