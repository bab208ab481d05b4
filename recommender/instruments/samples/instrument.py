"""What if it writes freely: what the model writes when left free, many times over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recommender.instruments.instrument import Instrument
from recommender.instruments.samples import HOTTEST, TRIED
from recommender.instruments.settings import Setting, Settings

if TYPE_CHECKING:
    from recommender.instruments.samples.computing import Samples
    from recommender.instruments.subject import Subject


def _found(subject: Subject, settings: Settings) -> Samples:
    from recommender.instruments.samples.computing import samples

    basket, candidates = subject.basket, subject.candidates
    options = replace(subject.options, temperature=settings["temperature"])
    return samples(
        subject.model,
        basket,
        candidates,
        subject.language,
        n=TRIED,
        options=options,
        viewed=subject.viewed,
        cart=subject.cart,
    )


INSTRUMENT: Final = Instrument(
    name="samples",
    place=7,
    folder=Path(__file__).parent,
    compute=_found,
    drawing=f"{__package__}.drawing",
    settings=(Setting("temperature", float, 1.0, high=HOTTEST),),
)
