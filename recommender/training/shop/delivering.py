"""Writing a shop's T5 as a checkpoint that the rest of the project loads."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from pathlib import Path

from recommender.recommenders.confidence import Thresholds
from recommender.shop.catalogue import Catalogue
from recommender.t5.checkpoint import files, together
from recommender.t5.loading import DEFAULT_MAX_TOKENS
from recommender.training.export import export
from recommender.training.finetune import languages_known
from recommender.training.report import card
from recommender.training.shop.fit import FittedT5


def deliver(
    made: FittedT5,
    folder: Path,
    catalogue: Catalogue,
    text: str | None = None,
    also: Callable[[Path], None] | None = None,
    thresholds: Thresholds | None = None,
) -> None:
    """Write what `fit_t5` has made to `folder`, with the shop's catalogue and a card's `text`; whole or not at all.

    `also` writes what else shall lie there, as for `export`. `thresholds` are of the confidence of who answers from it;
    None leaves them to be the usual ones.

    Raises:
        DataError: if it can't be written, or an older folder isn't ours; that then stays as it was.
    """
    told = files.read_notes(made.base)
    notes: dict[str, object] = {
        "max_tokens": told.max_tokens or DEFAULT_MAX_TOKENS,
        "catalogue": "catalogue.csv",
        "languages": languages_known(made.languages, told.languages),
        "base": made.base.name,
        "training": {
            "steps": made.steps,
            "minutes": round(made.seconds / 60, 1),
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "validation_hit@1": round(made.figures.hit, 4),
            "validation_ndcg@10": round(made.figures.ndcg, 4),
            "validation_questions": made.figures.questions,
        },
    }
    if thresholds is not None:
        notes[files.CONFIDENCE] = thresholds.to_json()
    export(
        folder,
        made.model,
        made.tokenizer,
        notes,
        text or card.draft(notes),
        catalogue=catalogue,
        history=made.history,
        directions=together.read(made.base, made.model.config.d_model),
        also=also,
    )
