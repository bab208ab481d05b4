"""Bought or only looked at: the same basket with the item in question in each of four states."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from recommender.instruments.instrument import Instrument
from recommender.instruments.settings import Settings

if TYPE_CHECKING:
    from recommender.instruments.signals.computing import Signals
    from recommender.instruments.subject import Subject


def _found(subject: Subject, settings: Settings) -> Signals:
    from recommender.instruments.signals.computing import signals

    return signals(subject.model, subject.basket, subject.candidates, subject.marked, subject.language)


INSTRUMENT: Final = Instrument(
    name="signals",
    place=10,
    folder=Path(__file__).parent,
    compute=_found,
    drawing=f"{__package__}.drawing",
    asks=lambda subject, settings: 4,
)
