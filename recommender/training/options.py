"""What a training run is asked for."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recommender.errors import RequestError
from recommender.language import LANGUAGES

MOST_MINUTES: Final = 24 * 60


@dataclass(frozen=True)
class TrainOptions:
    """A run of `train`: without `data` the compact model from nothing, with it a fine-tuning of `base`.

    `steps` cuts a run from nothing short, for trials; `epochs` is for fine-tuning, or `minutes` in their place.
    `language` None is the language of the file's names, or both where the catalogue has both.
    """

    output: Path
    data: Path | None = None
    base: str | None = None
    language: str | None = None
    catalogue: str | None = None
    epochs: int | None = None
    steps: int | None = None
    seed: int = 0
    device: str | None = None
    resume: bool = False
    push_to_hub: str | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        """Refuse what can't be trained.

        Raises:
            RequestError: for options that don't go together or are out of range.
        """
        if self.data is None and self.base is not None:
            raise RequestError("train_base_needs_data", base=self.base)
        if self.language is not None and self.language not in LANGUAGES:
            raise RequestError("option_unknown", option="language", value=self.language, known=tuple(LANGUAGES))
        if self.minutes is not None:
            if self.data is None:
                raise RequestError("train_minutes_need_data")
            if self.epochs is not None or self.resume:
                raise RequestError("train_minutes_or_epochs")
            if not 0 < self.minutes <= MOST_MINUTES:
                given = self.minutes if math.isfinite(self.minutes) else str(self.minutes)
                raise RequestError("option_out_of_range", option="minutes", value=given, low=0, high=MOST_MINUTES)
        for name, value, high in (("epochs", self.epochs, 1000), ("steps", self.steps, 1_000_000)):
            if value is not None and not 1 <= value <= high:
                raise RequestError("option_out_of_range", option=name, value=value, low=1, high=high)
        if self.output.exists() and not self.output.is_dir():
            raise RequestError("train_output_is_file", folder=str(self.output))
        # It is replaced as a whole, and nobody should lose the ground under their feet.
        if Path.cwd().is_relative_to(self.whole_output):
            raise RequestError("train_output_here", folder=str(self.output))

    @property
    def whole_output(self) -> Path:
        """The output folder as an absolute path, links followed."""
        return Path(os.path.realpath(self.output))

    @property
    def work(self) -> Path:
        """Where the run keeps its resumable state, beside the output."""
        return self.whole_output.with_name(f"{self.whole_output.name}.work")
