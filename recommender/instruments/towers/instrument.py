"""Two towers: what retrieval would take by name, and what by sales."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from recommender.instruments.instrument import Instrument
from recommender.instruments.settings import Settings

if TYPE_CHECKING:
    from recommender.instruments.subject import Subject
    from recommender.instruments.towers.computing import TwoTowers


def _found(subject: Subject, settings: Settings) -> TwoTowers:
    from recommender.instruments import learned
    from recommender.instruments.towers.computing import sales_of, towers

    catalogue, own = subject.catalogue, subject.sales
    rows = learned.rows_of(catalogue) if own is None else ()
    sales = sales_of(rows, catalogue) if rows else own
    return towers(subject.model, catalogue, subject.basket, subject.candidates, sales, own is not None)


INSTRUMENT: Final = Instrument(
    name="towers", place=11, folder=Path(__file__).parent, compute=_found, drawing=f"{__package__}.drawing"
)
