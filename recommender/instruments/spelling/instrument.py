"""The words as they come: each piece of the raw text with what else it might have been."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from recommender.instruments.instrument import Instrument
from recommender.instruments.settings import Setting, Settings

if TYPE_CHECKING:
    from recommender.instruments.spelling.computing import Spelled
    from recommender.instruments.subject import Subject


def _found(subject: Subject, settings: Settings) -> Spelled:
    from recommender.instruments.spelling.computing import spelled

    basket, candidates = subject.basket, subject.candidates
    return spelled(
        subject.model,
        basket,
        candidates,
        subject.language,
        options=subject.options,
        after=settings["after"] or "",
        viewed=subject.viewed,
        cart=subject.cart,
    )


INSTRUMENT: Final = Instrument(
    name="spelling",
    place=8,
    folder=Path(__file__).parent,
    compute=_found,
    drawing=f"{__package__}.drawing",
    settings=(Setting("after", default=""),),
    asks=lambda subject, settings: 2,
)
