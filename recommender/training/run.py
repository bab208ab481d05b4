"""One run of `train`, from options to a finished checkpoint folder."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from recommender.errors import ModelError
from recommender.shop.items import NAMED_IN
from recommender.shop.tables import told
from recommender.t5 import load
from recommender.t5.checkpoint import together
from recommender.t5.loading import find
from recommender.training.calibrate import calibrate
from recommender.training.export import export, rewrite_card
from recommender.training.finetune import TrainingRows, finetune, languages_known, read
from recommender.training.finite import check_weights
from recommender.training.options import TrainOptions
from recommender.training.pretrain import Pretrained, Recipe, pretrain
from recommender.training.report import card, measured
from recommender.training.shop.rows import finetune_for
from recommender.training.trainer import curve, seconds_of
from recommender.training.workplace import claim

MAX_TOKENS: Final = 1024


def run(options: TrainOptions) -> Path:
    """Train as `options` say and write the checkpoint folder `options.output`, which is also returned.

    Raises:
        DataError: if a file can't be read or written, a folder to be replaced isn't ours, or rows don't fit the base.
        ModelError: if the base model isn't there, the numbers break down, or the hub doesn't take the result.
    """
    claim(options)
    if options.data is None:
        made = pretrain(options.work, Recipe(seed=options.seed, steps=options.steps), resume=options.resume)
        notes: dict[str, object] = {"max_tokens": MAX_TOKENS, "catalogue": "sports", "languages": list(NAMED_IN)}
        material = directions = None
    else:
        material = read(options)
        for line in told(material.notes):
            sys.stderr.write(f"{line}\n")
        made = finetune_for(material, options) if options.minutes else _finetuned(material, options)
        folder = find(options.base or "compact")
        base = notes_of(folder)
        # Fine-tuning moves the rows of a table a little, and turns it nowhere.
        directions = together.read(folder, made.model.config.d_model)
        known = [str(language) for language in base.get("languages", [])]
        notes = {
            "max_tokens": base.get("max_tokens"),
            "catalogue": "catalogue.csv",
            "languages": languages_known(material.languages, known),
            "base": options.base or "compact",
            "data": options.data.name,
            "rows": sum(row.split == "train" for row in material.rows),
        }
    check_weights(made.model, str(options.work))
    notes["training"] = cost(made)
    return deliver(options, made, notes, material, directions)


def _finetuned(material: TrainingRows, options: TrainOptions) -> Pretrained:
    """By epochs."""
    trainer = finetune(material, options)
    assert isinstance(trainer.model, PreTrainedModel)
    assert isinstance(trainer.processing_class, PreTrainedTokenizerBase)
    log = curve(trainer.state.log_history)
    return Pretrained(trainer.model, trainer.processing_class, log, seconds_of(options.work))


def deliver(
    options: TrainOptions,
    made: Pretrained,
    notes: Mapping[str, object],
    material: TrainingRows | None = None,
    directions: Tensor | None = None,
) -> Path:
    """Write what a run has made to `options.output`, calibrate and measure it there; push it to the hub where asked.

    Raises:
        DataError: if it can't be written, or a folder to be replaced isn't ours.
        ModelError: if the hub doesn't take it.
    """
    export(
        options.output,
        made.model,
        made.tokenizer,
        {key: value for key, value in notes.items() if value is not None},
        card.draft(notes),
        catalogue=material.catalogue if material else None,
        history=made.history,
        directions=directions,
    )
    if notes.get("world"):
        calibrate(options.output)
    found = measured.measure(options, load(str(options.output), options.device), material)
    rewrite_card(options.output, measured.write(options.output, notes, found))
    if options.push_to_hub:
        push(options.output, options.push_to_hub)
    return options.output


def push(folder: Path, repository: str) -> None:
    """Upload a checkpoint folder to a hub repository, made if it isn't there.

    Raises:
        ModelError: if there is no network, no token or no right to write; the folder stays as it is.
    """
    from huggingface_hub import HfApi

    try:
        HfApi().create_repo(repository, exist_ok=True)
        HfApi().upload_folder(repo_id=repository, folder_path=folder)
    except Exception as error:  # the hub's client passes on whatever its HTTP library of the day raises
        raise ModelError("push_failed", name=repository, folder=str(folder)) from error


def notes_of(folder: Path) -> dict[str, Any]:
    """What `recommender.json` of a checkpoint folder says; nothing where there is none."""
    path = folder / "recommender.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def cost(made: Pretrained) -> Mapping[str, object]:
    """What the run took: steps, minutes, and the machine's cores and kind of processor."""
    losses = [entry["loss"] for entry in made.history if "loss" in entry]
    return {
        "steps": round(max((entry["step"] for entry in made.history), default=0)),
        "minutes": round(made.seconds / 60, 1),
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "final_loss": round(losses[-1], 4) if losses else None,
    }
