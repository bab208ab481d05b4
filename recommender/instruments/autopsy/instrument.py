"""Why Arabic once failed: one Arabic basket by every route, and what became of it on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from recommender.instruments.instrument import Instrument
from recommender.instruments.settings import Setting, Settings

if TYPE_CHECKING:
    from recommender.instruments.autopsy.computing import ByRoute
    from recommender.instruments.subject import Subject


def _found(subject: Subject, settings: Settings) -> ByRoute:
    from recommender.instruments.autopsy.computing import by_own_routes, by_routes

    return by_routes(subject) if settings["routes"] == "all" else by_own_routes(subject)


INSTRUMENT: Final = Instrument(
    name="autopsy",
    place=6,
    folder=Path(__file__).parent,
    compute=_found,
    drawing=f"{__package__}.drawing",
    settings=(Setting("routes", default="own", choices=("own", "all")),),
)
