"""Why this item: what each purchase adds to it, or to it rather than to another candidate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recommender.instruments.instrument import Explained, Instrument
from recommender.instruments.settings import Setting, Settings

if TYPE_CHECKING:
    from recommender.instruments.reasons.computing import LeaveOneOut
    from recommender.instruments.subject import Subject
    from recommender.shop.items import Item


def _seen(subject: Subject, settings: Settings) -> LeaveOneOut:
    """For the page, whose candidates are chosen by their ids; the recommended one is held against nothing."""
    found = _found(subject)
    other = next((item for item in subject.candidates if item.id == settings["against"]), None)
    return found if other is None or other.id == found.recommendation.id else _found(subject, against=other)


def _explained(subject: Subject, settings: Settings) -> LeaveOneOut:
    return _found(subject, of=subject.recommendation, against=subject.item(settings["against"]))


def _found(subject: Subject, of: Item | None = None, against: Item | None = None) -> LeaveOneOut:
    from recommender.instruments.reasons.computing import leave_one_out

    return leave_one_out(subject.model, subject.basket, subject.candidates, subject.language, of=of, against=against)


def _asks(subject: Subject, settings: Settings) -> int:
    return 1 + len(subject.basket)


def _to_json(found: Mapping[str, Any], top: int | None) -> dict[str, Any]:
    document = found["leave_one_out"].to_json()
    return {"leave_one_out": document["influences"], "against": document["against"]}


INSTRUMENT: Final = Instrument(
    name="reasons",
    place=1,
    folder=Path(__file__).parent,
    compute=_seen,
    drawing=f"{__package__}.drawing",
    settings=(Setting("against"),),
    asks=_asks,
    explained=Explained(
        place=1,
        work={"leave_one_out": _explained},
        to_json=_to_json,
        printing=f"{__package__}.printing",
        settings=(
            Setting(
                "against",
                metavar="ITEM",
                about="Another item on offer, to see why the recommended one rather than that.",
            ),
        ),
        asks=_asks,
    ),
)
