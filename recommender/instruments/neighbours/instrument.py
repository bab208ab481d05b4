"""Where it learned that: the training purchases that are most like the basket."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recommender.instruments.instrument import Explained, Instrument
from recommender.instruments.neighbours import MOST, NEAREST
from recommender.instruments.settings import Setting, Settings

if TYPE_CHECKING:
    from recommender.instruments.neighbours.computing import Neighbours
    from recommender.instruments.subject import Subject


def _found(subject: Subject, settings: Settings) -> Neighbours:
    from recommender.instruments import learned
    from recommender.instruments.neighbours.computing import Neighbours, Pool

    ids = [item.id for item in subject.basket]
    pool = learned.pool_of(subject)
    if isinstance(pool, Pool):
        return pool.nearest(ids, settings["neighbours"])
    return Neighbours(seen=False, seen_count=0, found=(), reason=pool)


def _prepare() -> None:
    from recommender.instruments import learned

    learned.prepare_pool()


def _to_json(found: Mapping[str, Any], top: int | None) -> dict[str, Any]:
    near: Neighbours = found["neighbours"]
    return {
        "neighbours": [neighbour.to_json() for neighbour in near.found],
        "seen_in_training": None if near.reason else near.seen,
        "reasons": {"neighbours": near.reason.to_json()} if near.reason else {},
    }


INSTRUMENT: Final = Instrument(
    name="neighbours",
    place=3,
    folder=Path(__file__).parent,
    compute=lambda subject, settings: _found(subject, {"neighbours": NEAREST}),
    drawing=f"{__package__}.drawing",
    prepare=_prepare,
    explained=Explained(
        place=3,
        work={"neighbours": _found},
        to_json=_to_json,
        printing=f"{__package__}.printing",
        settings=(
            Setting(
                "neighbours",
                int,
                NEAREST,
                high=MOST,
                metavar="K",
                about=f"How many of the nearest training purchases to list: 1 to {MOST}.",
            ),
        ),
    ),
)
