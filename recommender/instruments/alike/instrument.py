"""Goes with, or looks like: the model's choice beside what is nearest to the last purchase."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from recommender.instruments.instrument import Instrument
from recommender.instruments.settings import Settings

if TYPE_CHECKING:
    from recommender.instruments.alike.computing import Alike
    from recommender.instruments.subject import Subject


def _found(subject: Subject, settings: Settings) -> Alike:
    from recommender.instruments.alike.computing import alike

    return alike(subject.model, subject.basket, subject.candidates, subject.language)


INSTRUMENT: Final = Instrument(
    name="alike",
    place=9,
    folder=Path(__file__).parent,
    compute=_found,
    drawing=f"{__package__}.drawing",
    asks=lambda subject, settings: 1,
)
