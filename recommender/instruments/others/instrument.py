"""What would others say: the same basket by recommenders without a language model, and a blend with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from recommender.instruments.instrument import Explained, Instrument
from recommender.instruments.settings import Setting, Settings

if TYPE_CHECKING:
    from recommender.instruments.others.computing import Others
    from recommender.instruments.subject import Subject


def _found(subject: Subject, settings: Settings) -> Others:
    from recommender.instruments import learned
    from recommender.instruments.others.computing import Blended, beside, within
    from recommender.recommenders import confidence

    basket, candidates = subject.basket, subject.candidates
    if hasattr(subject.model, "each"):
        return within(cast(Blended, subject.model), basket, candidates, subject.language)
    default, tuned = learned.default_weight(subject.model)
    return beside(
        subject.model,
        learned.fitted_for(subject.catalogue),
        basket,
        candidates,
        subject.language,
        weight=settings["weight"],
        default_weight=default,
        tuned=tuned,
        viewed=subject.viewed,
        cart=subject.cart,
        thresholds=getattr(subject.model, "thresholds", confidence.DEFAULT),
    )


def _prepare() -> None:
    from recommender.instruments import learned

    learned.prepare_fitted()


def _to_json(found: Mapping[str, Any], top: int | None) -> dict[str, Any]:
    others: Others = found["others"]
    return others.to_json(top)


INSTRUMENT: Final = Instrument(
    name="others",
    place=5,
    folder=Path(__file__).parent,
    compute=_found,
    drawing=f"{__package__}.drawing",
    settings=(Setting("weight", float),),
    prepare=_prepare,
    explained=Explained(
        place=4,
        work={"others": _found},
        to_json=_to_json,
        printing=f"{__package__}.printing",
        settings=(
            Setting(
                "weight",
                float,
                metavar="W",
                about="Weight of co-purchase in the blend with the T5, 0 to 1; by default the one tuned on validation.",
            ),
        ),
    ),
)
