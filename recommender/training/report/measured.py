"""What is measured of a checkpoint folder, and what is then written beside the checkpoint.

`figures.json`, `curve.svg`, `reliability.svg`, `scoreboard.json` and the card (README.md). `python -m
recommender.training FOLDER` makes them anew for a folder that is there.
"""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from recommender.errors import DataError
from recommender.evaluation import measuring as evaluation
from recommender.evaluation.report.scoreboard_file import Scoreboard
from recommender.paths import PACKAGE
from recommender.recommenders import registry
from recommender.recommenders.ranking import Recommender
from recommender.shop import baskets
from recommender.system import folders
from recommender.system.files import atomic_write
from recommender.t5 import load
from recommender.training import finetune
from recommender.training.corpus.held_out import FULL, exam
from recommender.training.export import rewrite_card
from recommender.training.options import TrainOptions
from recommender.training.report import card, curve, figures, reliability
from recommender.training.report import scoreboard_measuring as scoreboards
from recommender.training.report.card import Notes
from recommender.training.workplace import OUTPUT

QUICK: Final = 100
"""Generated customers in the exam of a run that `steps` cut short."""


@dataclass(frozen=True)
class Measured:
    """What was found of a checkpoint: its figures as `figures.json` holds them, and its scoreboard if it has one."""

    figures: Mapping[str, Any]
    scoreboard: Scoreboard | None = None


def measure(options: TrainOptions, recommender: Recommender, material: finetune.TrainingRows | None = None) -> Measured:
    """Measure the checkpoint that a run has left in `options.output`.

    A compact model that had all its steps gets a scoreboard too. `material` is what a fine-tuned model was trained on,
    read from `options.data` where it isn't given.

    Raises:
        DataError: if a file of rows can't be read.
    """
    folder = options.output
    marks = {"commit": commit(), "checkpoint": scoreboards.checkpoint_of(folder)}
    if options.data is not None:
        return Measured({**measure_tuned(options, recommender, material or finetune.read(options)), **marks})
    found = {**measure_figures(recommender, QUICK if options.steps else FULL), **marks}
    return Measured(found, None if options.steps else measure_scoreboard(folder, recommender, found))


def write(folder: Path, notes: Notes, measured: Measured) -> str:
    """Put figures, scoreboard and pictures into `folder`; the card's text to put there too.

    The curve is drawn where there is a history, the reliability diagram where the figures tell of calibration.

    Raises:
        DataError: if they can't be written.
    """
    found = measured.figures
    history: list[dict[str, float]] = _read(folder / "history.json", [])
    if "model" in found:
        found = {**found, "model": folder.name}
    if measured.scoreboard:
        scoreboards.write(folder, measured.scoreboard)
    with atomic_write(folder / "figures.json") as handle:
        handle.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    if history:
        with atomic_write(folder / "curve.svg") as handle:
            handle.write(curve.draw(history))
    if told := reliability.sections(found):
        with atomic_write(folder / "reliability.svg") as handle:
            handle.write(reliability.draw(told))
    return card.text(notes, found, history, weights_of(folder / "model.safetensors"))


def rebuild(folder: Path, *, keep_figures: bool = False) -> None:
    """Write the card of `folder` and the scoreboard anew, measuring the compact model again unless it was kept.

    With `keep_figures` the figures that lie there stay, and the scoreboard is made only where there is none of this
    very checkpoint, from them as far as they go. A fine-tuned model has no scoreboard, and as its rows need not be
    there any more its figures are always kept.

    Raises:
        DataError: if a file of the folder can't be written, or the folder isn't ours.
        ModelError: if the folder holds no checkpoint.
    """
    marker = folders.read(folder)
    if folder.is_dir() and not (marker and marker.kind == OUTPUT):
        raise DataError("card_not_ours", folder=str(folder))
    notes: dict[str, Any] = _read(folder / "recommender.json", {})
    found: dict[str, Any] = _read(folder / "figures.json", {})
    checkpoint = scoreboards.checkpoint_of(folder)
    made = None
    if "base" not in notes and not keep_figures:
        model = load(str(folder))
        found = {**measure_figures(model, FULL), "commit": commit(), "checkpoint": checkpoint}
        made = measure_scoreboard(folder, model, found)
    elif "base" not in notes and found.get("checkpoint") == checkpoint and not scoreboards.is_of(folder, checkpoint):
        made = measure_scoreboard(folder, load(str(folder)), found)
    rewrite_card(folder, write(folder, notes, Measured(found, made)))


def measure_figures(recommender: Recommender, size: int) -> dict[str, Any]:
    """All figures of the compact model, behind a progress bar."""
    with tqdm(total=figures.questions(recommender, size), unit="question", disable=None) as bar:
        return figures.measure_all(recommender, progress=bar.update, size=size)


def measure_scoreboard(folder: Path, recommender: Recommender, found: Mapping[str, Any]) -> Scoreboard:
    """The scoreboard of the compact model, behind a progress bar; `found` are its figures."""
    total = scoreboards.questions_asked(exam(found["size"], found["seed"]))
    with tqdm(total=total, unit="question", disable=None) as bar:
        return scoreboards.build(recommender, found, folder, bar.update)


def measure_tuned(options: TrainOptions, recommender: Recommender, material: finetune.TrainingRows) -> dict[str, Any]:
    """The measures of a fine-tuned model, by language, on the rows of its file that were kept from it."""
    fit, test, validation = (baskets.of_split(material.rows, split) for split in ("train", "test", "validation"))
    judged = test or validation
    found: dict[str, Any] = {
        "fitted": len(fit),
        "judged": len(judged),
        "split": "test" if test else "validation",
        "notes": [note.sentence() for note in material.notes],
    }
    for language in material.languages if judged else ():
        beside = registry.fit(fit, options.seed)
        result = evaluation.evaluate(
            recommender, judged, material.catalogue, language, baselines=beside, shuffles=0, seed=options.seed
        )
        found[language] = result.to_json()
    return found


def commit() -> str | None:
    """The commit of this source, with a `+` where files differ from it; None outside a git checkout."""
    folder = PACKAGE
    answers = []
    for command in (("rev-parse", "--short=12", "HEAD"), ("status", "--porcelain", "--untracked-files=no")):
        try:
            done = subprocess.run(("git", *command), cwd=folder, capture_output=True, text=True, check=True, timeout=10)
        except (OSError, subprocess.SubprocessError):
            return None
        answers.append(done.stdout.strip())
    return answers[0] + ("+" if answers[1] else "")


def weights_of(path: Path) -> str | None:
    """What the header of a safetensors file says of the weights; None without the file."""
    if not path.is_file():
        return None
    with path.open("rb") as handle:
        header = json.loads(handle.read(int.from_bytes(handle.read(8), "little")))
    tensors = [entry for name, entry in header.items() if name != "__metadata__"]
    count = sum(math.prod(entry["shape"]) for entry in tensors)
    kinds = ", ".join(sorted({entry["dtype"] for entry in tensors}))
    return f"{count / 1e6:.2f} M parameters ({kinds}), {path.stat().st_size / 2**20:.1f} MiB on disk."


def _read(path: Path, default: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else default
