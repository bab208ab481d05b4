"""What the making of a shop's recommender is asked for, and what it tells on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from recommender.errors import RequestError
from recommender.language import LANGUAGES

LEAST_MINUTES: Final = 0.05
MOST_MINUTES: Final = 24 * 60.0
Stage = Literal["methods", "t5", "blend", "report", "again", "write"]
STAGES: Final[tuple[Stage, ...]] = ("methods", "t5", "blend", "report", "again", "write")


@dataclass(frozen=True)
class ShopOptions:
    """How to make a shop's recommender.

    Attributes:
        output: the folder for it; an older one of ours is replaced once the new one is whole.
        minutes: for all of it.
        repeats: whether goods are bought again; None judges it from the sales.
        language: to train the T5 in; None is that of the names, or all that the catalogue has.
        base: the model to begin from: `compact` or a folder.
    """

    output: Path
    minutes: float = 5.0
    repeats: bool | None = None
    language: str | None = None
    base: str = "compact"
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what can't be.

        Raises:
            RequestError: naming the option, its value and what it may be.
        """
        if not LEAST_MINUTES <= self.minutes <= MOST_MINUTES:
            value = self.minutes if math.isfinite(self.minutes) else str(self.minutes)
            raise RequestError(
                "option_out_of_range", option="minutes", value=value, low=LEAST_MINUTES, high=int(MOST_MINUTES)
            )
        if self.language is not None and self.language not in LANGUAGES:
            raise RequestError("option_unknown", option="language", value=self.language, known=tuple(LANGUAGES))
        if self.output.exists() and not self.output.is_dir():
            raise RequestError("train_output_is_file", folder=str(self.output))


@dataclass(frozen=True)
class ShopProgress:
    """Where it stands.

    Attributes:
        stage: what is being done, one of `STAGES`.
        seconds_left: of the minutes that were given.
        loss: of the T5, nats a purchase; None before it has learned anything.
        figures: hit@1 of each method on the validation questions, as far as known; `t5` is the T5 as it is now.
    """

    stage: Stage
    seconds_left: float
    loss: float | None = None
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """How much of it is done, by its stages, 0 to 1."""
        return STAGES.index(self.stage) / len(STAGES)
