"""The scoreboard of a checkpoint, measured: what `figures` has found of it, and beside it what that leaves out.

That is the systems without a language model (`without_model`), the blend with co-purchase, and what ROUGE gives to
wrong answers. `recommender.evaluation.report.scoreboard_file` says what the file holds;
`python -m recommender.training FOLDER` writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from recommender.errors import DataError
from recommender.evaluation import cases, metrics
from recommender.evaluation import measuring as evaluation
from recommender.evaluation.measuring import Prediction
from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.scoreboard_file import (
    FILE,
    JUDGED,
    MODELS,
    PARTS,
    Blended,
    Compared,
    Scoreboard,
    Sizes,
    WrongAnswers,
    WrongExample,
    load,
)
from recommender.evaluation.tuning import tune_weight
from recommender.paths import ASSETS
from recommender.recommenders import registry
from recommender.recommenders.blend import BLENDED, mix
from recommender.recommenders.blend import NAME as BLEND
from recommender.recommenders.entry import Material
from recommender.recommenders.many import Progress, rank_all
from recommender.recommenders.ranking import Recommender
from recommender.shop import baskets
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import NAMED_IN
from recommender.system.files import atomic_write
from recommender.training.corpus.held_out import SHUFFLES, Exam, exam
from recommender.training.report.without_model import ask, generated, kept, sizes_of, splits

WEIGHTS: Final = "model.safetensors"
_PAIRS: Final = (("soccer-jersey", "soccer-ball"), ("soccer-jersey", "soccer-cleats"))
EXAMPLES: Final = dict(zip(NAMED_IN, _PAIRS, strict=True))
"""A next item, and another of its sport whose name shares a word with it in that language."""


def checkpoint_of(folder: Path) -> str:
    """SHA-256 of a folder's weights, which is what names a checkpoint; empty where there are none."""
    path = folder / WEIGHTS
    if not path.is_file():
        return ""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def is_of(folder: Path, checkpoint: str) -> bool:
    """Whether the scoreboard that lies in a folder, if any, is of this checkpoint."""
    try:
        found = load(folder)
    except DataError:
        return False
    return found is not None and found.checkpoint == checkpoint


def questions_asked(questions: Exam) -> int:
    """How many questions `build` asks the model."""
    rounds = len(NAMED_IN) + 2 + SHUFFLES
    return 2 * len(_rows_of("validation")) + rounds * len(questions.test) + len(questions.told)


def build(
    recommender: Recommender, found: Mapping[str, Any], folder: Path, progress: Progress | None = None
) -> Scoreboard:
    """The scoreboard of `recommender`, which lies in `folder`, from the figures `found` of the very same checkpoint.

    Only what the figures leave out is measured. `progress` is told the questions just done, of `questions_asked`.

    Raises:
        DataError: if a shipped data file can't be used.
    """
    seed = found["seed"]
    questions = exam(found["size"], seed)
    test = cases.from_rows(questions.test, Catalogue.load("sports"))
    fitted = registry.fit(questions.fit, seed)
    blended = blend(recommender, fitted[BLENDED], questions.test, seed, progress)
    given = Material(questions.fit, seed, recommender, blended.weight)
    others = {BLEND: registry.entries()[BLEND].make(given), **fitted}
    models = dict(zip(MODELS, NAMED_IN, strict=True))
    systems = {name: _of_model(found[language]) for name, language in models.items()}
    wrong = {
        name: wrong_answers(evaluation.ask(recommender, test, language, shuffles=0, progress=progress), language)
        for name, language in models.items()
    }
    for name, other in others.items():
        told = progress if name == BLEND else None
        predictions, cold = ask(other, test, SHUFFLES, seed, told), ask(other, questions.told, progress=told)
        systems[name] = kept(evaluation.measure(predictions, "en", seed))
        systems[name]["cold_start"] = evaluation.measure(cold, "en", seed)["coherent@1"]
        wrong[name] = wrong_answers(predictions, "en", seed)
    for name, estimate in generated(questions.generated, questions.fit, seed).items():
        systems.setdefault(name, {})["generated"] = estimate
    return Scoreboard(
        model=folder.name,
        checkpoint=checkpoint_of(folder),
        seed=seed,
        size=found["size"],
        commit=found.get("commit"),
        date=datetime.now(UTC).date().isoformat(),
        command=f"python -m recommender.training {_shown(folder)}",
        data=_data(questions),
        systems=systems,
        flattery=wrong,
        examples=examples(),
        blend=blended,
        splits=splits(seed),
    )


def write(folder: Path, board: Scoreboard) -> None:
    """Put a scoreboard into its folder.

    Raises:
        DataError: if it can't be written; an older one then stays whole.
    """
    with atomic_write(folder / FILE) as handle:
        handle.write(json.dumps(board.to_json(), indent=1, ensure_ascii=False) + "\n")


def blend(
    recommender: Recommender,
    knn: Recommender,
    test: Sequence[Row],
    seed: int = 0,
    progress: Progress | None = None,
) -> Blended:
    """A T5, asked in English, blended with co-purchase: tuned on the validation rows, judged on those and on `test`."""
    validation = _rows_of("validation")
    tuned = tune_weight(recommender, knn, validation, Catalogue.load("sports"))
    if progress:
        progress(len(validation))
    on = {
        name: compare(recommender, knn, tuned.weight, rows, seed, progress)
        for name, rows in zip(JUDGED, (validation, test), strict=True)
    }
    return Blended(tuned.weight, tuned.curve, on, is_no_worse(on))


def is_no_worse(on: Mapping[str, Compared]) -> bool:
    """Whether the blend is at least as good as either part, on every split."""
    return all(lead.value >= 0 for compared in on.values() for lead in compared.lead.values())


def compare(
    recommender: Recommender,
    knn: Recommender,
    weight: float,
    rows: Sequence[Row],
    seed: int = 0,
    progress: Progress | None = None,
) -> Compared:
    """NDCG@10 on `rows` of the blend in which `knn` has `weight`, of its two parts, and the lead over each."""
    asked = cases.from_rows(rows, Catalogue.load("sports"))
    requests = [case.request("en") for case in asked]
    columns = [rank_all(recommender, requests, progress), rank_all(knn, requests)]
    mixed = [mix(pair, (1 - weight, weight)) for pair in zip(*columns, strict=True)]
    gains = {
        name: [metrics.ndcg(ranking.rank_of(case.next.id)) for ranking, case in zip(rankings, asked, strict=True)]
        for name, rankings in zip((BLEND, *PARTS), (mixed, *columns), strict=True)
    }
    groups = [case.group for case in asked]
    return Compared(
        sizes_of(rows),
        {name: metrics.mean(values, groups, seed) for name, values in gains.items()},
        {part: metrics.paired_difference(gains[BLEND], gains[part], groups, seed) for part in PARTS},
    )


def wrong_answers(predictions: Sequence[Prediction], language: str, seed: int = 0) -> WrongAnswers:
    """What ROUGE-1 gives to the texts that are not the next item's name."""
    scores, groups = [], []
    for one in predictions:
        text, name = one.raw.text.strip() if one.raw else "", one.case.next.name(language)
        if text != name:
            scores.append(metrics.rouge(text, name)["rouge1"])
            groups.append(one.case.group)
    return WrongAnswers(len(predictions), len(scores), metrics.mean(scores, groups, seed) if scores else None)


def examples() -> dict[str, WrongExample]:
    """A wrong answer in each language, with its ROUGE."""
    sports = Catalogue.load("sports")
    names = {language: [sports[item_id].name(language) for item_id in ids] for language, ids in EXAMPLES.items()}
    return {language: WrongExample(name, text, metrics.rouge(text, name)) for language, (name, text) in names.items()}


def _of_model(found: Mapping[str, Any]) -> dict[str, Estimate]:
    """The model's measures, from the figures of one language."""
    entries = {
        **found["test"]["model"],
        "cold_start": found["told"]["model"]["coherent@1"],
        "generated": found["generated"]["ndcg@10"]["model"],
    }
    return kept({name: Estimate(**entry) for name, entry in entries.items()})


def _data(questions: Exam) -> dict[str, Sizes]:
    test = cases.from_rows(questions.test, Catalogue.load("sports"))
    judged = [row for row, case in zip(questions.test, test, strict=True) if not case.left_out]
    # Generated customers are drawn independently: each is a group of its own.
    drawn = {"told": len(questions.told), "generated": len(questions.generated)}
    return {
        "train": sizes_of(questions.fit),
        "validation": sizes_of(_rows_of("validation")),
        "test": sizes_of(questions.test),
        "judged": sizes_of(judged),
        **{name: Sizes(count, count) for name, count in drawn.items()},
    }


def _rows_of(name: str) -> list[Row]:
    return baskets.of_split(baskets.load(baskets.PATH, Catalogue.load("sports")), name)


def _shown(folder: Path) -> str:
    """A folder as seen from the repository's root; of one elsewhere its name, for a path says where it was made."""
    root = ASSETS.parent
    whole = folder.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else whole.name
