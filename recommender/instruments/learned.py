"""What instruments look things up in: what a model has learned from, the recommenders fitted on it, its results.

All of it is read and computed once a process.
"""

from __future__ import annotations

import json
import logging
import threading
from functools import cache
from pathlib import Path
from typing import Final

from recommender.corpus.pool import training_pool
from recommender.errors import DataError
from recommender.evaluation.report import scoreboard_file
from recommender.evaluation.report.scoreboard_file import Scoreboard
from recommender.evaluation.report.shop_report import ShopReport, path_in
from recommender.instruments.neighbours.computing import Pool
from recommender.instruments.others.computing import Fitted
from recommender.instruments.subject import AskedModel, Subject
from recommender.language.text import shown
from recommender.messages import Message
from recommender.recommenders import registry
from recommender.recommenders.entry import Entry, Material
from recommender.recommenders.ranking import Recommender
from recommender.shop import baskets
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue

DEFAULT_WEIGHT: Final = 0.2
"""Of co-purchase in the blend, where no scoreboard says which weight was the best on validation rows."""
_results: Final[dict[Path, tuple[int, Scoreboard | None]]] = {}
logger = logging.getLogger("recommender")
_fitting, _pooling = threading.Lock(), threading.Lock()


def prepare_fitted() -> None:
    """Have the fitted recommenders ready."""
    with _fitting:
        _fitted()


def prepare_pool() -> None:
    """Have the purchases ready, which takes about two seconds."""
    with _pooling:
        _pool()


def fitted_for(catalogue: Catalogue) -> Fitted:
    """What stands beside an answer and needs rows, as `evaluate` fits it; over items without rows, the reason."""
    if not _has_rows(catalogue):
        return Fitted(reason=Message("explain_no_rows", {"catalogue": shown(catalogue.name)}))
    with _fitting:
        return _fitted()


def rows_of(catalogue: Catalogue) -> tuple[Row, ...]:
    """The training rows of the demo, where a catalogue has the items that they are of; else none."""
    return _rows() if _has_rows(catalogue) else ()


def pool_of(subject: Subject) -> Pool | Message:
    """The purchases that a model has learned from; or why there are none to look at."""
    if not (subject.asked_model == "compact" or _learned_the_pool(subject.model)):
        return Message("explain_no_pool", {"model": shown(subject.public_model)})
    if not _has_rows(subject.catalogue):
        return Message("explain_no_rows", {"catalogue": shown(subject.catalogue.name)})
    with _pooling:
        return _pool()


def default_weight(model: AskedModel) -> tuple[float, bool]:
    """The weight of co-purchase in the blend, and whether it is the one tuned for this model.

    Raises:
        DataError: if the model's scoreboard can't be read, and never could.
    """
    found = results_of(model.folder)
    return (DEFAULT_WEIGHT, False) if found is None else (found.blend.weight, True)


def results_of(folder: Path) -> Scoreboard | None:
    """The measured results beside a model, read anew when they have changed; None where there are none.

    Results that can't be read any more, or are gone, are used as they were.

    Raises:
        DataError: if they can't be read, and never could.
    """
    path = folder / scoreboard_file.FILE
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    kept = _results.get(folder)
    if kept is None or kept[0] != changed:
        try:
            found = scoreboard_file.load(folder)
        except DataError as error:
            if kept is None or kept[1] is None:
                raise
            logger.error("the results in %s can't be read any more and are used as they were: %s", folder, error.key)
            found = None
        # Few models are asked in one process.
        kept = _results[folder] = changed, found or (kept[1] if kept else None)
    return kept[1]


def report_of(folder: Path) -> ShopReport | None:
    """What was measured when the model of a shop was made, from its folder; None elsewhere, or where it is spoilt."""
    try:
        return ShopReport.from_json(json.loads(path_in(folder).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _learned_the_pool(model: AskedModel) -> bool:
    """Whether a checkpoint was made by `train` from nothing: fine-tuned ones went on from purchases of their own."""
    try:
        notes = json.loads((model.folder / "recommender.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(notes, dict) and notes.get("catalogue") == "sports" and "base" not in notes


def _has_rows(catalogue: Catalogue) -> bool:
    """Whether a catalogue has the very items that the rows are of, whatever else it has."""
    found = [(item, catalogue.get(item.id)) for item in _sports()]
    return all(other is not None and other.proper_names() == item.proper_names() for item, other in found)


@cache
def _sports() -> Catalogue:
    return Catalogue.load("sports")


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(baskets.of_split(baskets.load(baskets.PATH, _sports()), "train"))


def _fitted() -> Fitted:
    found = registry.beside_an_answer()
    return Fitted({name: _made(entry) for name, entry in found.items() if entry.needs == "rows"})


@cache
def _made(entry: Entry) -> Recommender:
    return entry.make(Material(_rows()))


@cache
def _pool() -> Pool:
    return Pool(training_pool(), _rows())
