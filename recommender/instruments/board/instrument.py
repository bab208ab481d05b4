"""How good is it: the results that were measured and lie beside the model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from recommender.instruments.instrument import Instrument
from recommender.instruments.settings import Setting, Settings

if TYPE_CHECKING:
    from recommender.evaluation.report.scoreboard_file import Scoreboard
    from recommender.evaluation.report.shop_report import ShopReport
    from recommender.instruments.subject import Subject


def _found(subject: Subject, settings: Settings) -> Scoreboard | ShopReport | None:
    from recommender.instruments import learned

    folder = subject.model.folder
    return learned.report_of(folder) or learned.results_of(folder)


INSTRUMENT: Final = Instrument(
    name="board",
    place=12,
    folder=Path(__file__).parent,
    compute=_found,
    drawing=f"{__package__}.drawing",
    settings=(Setting("measure", default="hit@1"), Setting("split", default="groups", choices=("groups", "rows"))),
    needs_basket=False,
)
