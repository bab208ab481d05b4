"""Why this item, or any other on offer: what each purchase adds to it, or to it rather than to another candidate."""

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
    """For the page, whose candidates are chosen by their ids: of two the one that stands above is explained.

    By default it is the recommended one. What is no candidate any more counts as not chosen.
    """
    offered = {item.id: item for item in subject.candidates}
    one, other = offered.get(settings["item"] or ""), offered.get(settings["against"] or "")
    found = _found(subject, of=one)
    if other is None or other.id == found.recommendation.id:
        return found
    found = _found(subject, of=one, against=other)
    # The two only change places: nothing is asked anew.
    return found if found.place < found.against_place else _found(subject, of=other, against=found.recommendation)


def _explained(subject: Subject, settings: Settings) -> LeaveOneOut:
    return _found(subject, of=subject.recommendation, against=subject.item(settings["against"]))


def _found(subject: Subject, of: Item | None = None, against: Item | None = None) -> LeaveOneOut:
    from recommender.instruments.reasons.computing import leave_one_out

    return leave_one_out(
        subject.model,
        subject.basket,
        subject.candidates,
        subject.language,
        of=of,
        against=against,
        viewed=subject.viewed,
        cart=subject.cart,
    )


def _asks(subject: Subject, settings: Settings) -> int:
    return 1 + len(subject.basket) + len(subject.viewed) + len(subject.cart)


def _to_json(found: Mapping[str, Any], top: int | None) -> dict[str, Any]:
    document = found["leave_one_out"].to_json()
    return {"leave_one_out": document["influences"], "against": document["against"]}


INSTRUMENT: Final = Instrument(
    name="reasons",
    place=1,
    folder=Path(__file__).parent,
    compute=_seen,
    drawing=f"{__package__}.drawing",
    settings=(Setting("item"), Setting("against")),
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
