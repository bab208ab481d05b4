"""Which words matter: the prompt, each word shaded by what changes without it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recommender.instruments.instrument import Instrument
from recommender.instruments.settings import Setting, Settings

if TYPE_CHECKING:
    from recommender.instruments.attribution.computing import Attribution
    from recommender.instruments.subject import Subject
    from recommender.recommenders.ranking import RankRequest
    from recommender.shop.items import Item


def _found(subject: Subject, settings: Settings) -> Attribution:
    from recommender.instruments.attribution.computing import attribution

    one, other = _chosen(subject, settings)
    found = attribution(subject.model, _request(subject), one, other, settings["offer"] == "each")
    if other is None or found.place < found.against_place:
        return found
    return attribution(subject.model, _request(subject), other, one, settings["offer"] == "each")


def _asks(subject: Subject, settings: Settings) -> int:
    """How often the model is asked; 0 where it is too often, which is said with the reason."""
    from recommender.instruments.attribution.computing import planned

    shown = [item for item in _chosen(subject, settings) if item]
    plan = planned(subject.model, _request(subject), shown, settings["offer"] == "each")
    return 1 + len(plan.leavings) if plan else 0


def _request(subject: Subject) -> RankRequest:
    from recommender.recommenders.ranking import RankRequest

    asked = RankRequest(subject.basket, subject.candidates, subject.language)
    return replace(asked, viewed=subject.viewed, cart=subject.cart)


def _chosen(subject: Subject, settings: Settings) -> tuple[Item, Item | None]:
    """The candidate that is explained, by default the recommended one, and the one that it is held against."""
    offered = {item.id: item for item in subject.candidates}
    best = subject.recommendation
    one = offered.get(settings["item"] or "") or offered[best.id if best else next(iter(offered))]
    other = offered.get(settings["against"] or "")
    return one, None if other is one else other


INSTRUMENT: Final = Instrument(
    name="attribution",
    place=2,
    folder=Path(__file__).parent,
    compute=_found,
    drawing=f"{__package__}.drawing",
    settings=(Setting("item"), Setting("against"), Setting("offer", default="whole", choices=("whole", "each"))),
    asks=_asks,
)
