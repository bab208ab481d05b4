"""The one place that sets up `Seq2SeqTrainer`: ready-made batches, Adafactor, freely written answers as evaluation."""

from __future__ import annotations

import json
import math
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch.utils.data import Dataset, IterableDataset
from transformers import (
    EvalPrediction,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Seq2SeqTrainer,
    Seq2SeqTrainingArguments,
    TrainerCallback,
)
from transformers.optimization import Adafactor

from recommender import prompt
from recommender.system.files import atomic_write
from recommender.t5.device import cpu_multiplies_bf16
from recommender.training.checkpoints import Sealing, seal
from recommender.training.corpus.data import Question
from recommender.training.corpus.stream import Encoded
from recommender.training.finite import FiniteTrainer, FromFiniteWeights

IGNORED: Final = -100
TIE: Final = 1e-7
"""Weight of the loss beside the share of fitting answers: it only decides between equal shares."""


class BatchStream(IterableDataset[list[Encoded]]):
    """Batch number `start` and those after it, from `batch_at(number)`, so that a resumed run goes on where it was."""

    def __init__(self, batch_at: Callable[[int], list[Encoded]], start: int = 0) -> None:
        self.batch_at, self.start = batch_at, start

    def __iter__(self) -> Iterator[list[Encoded]]:
        number = self.start
        while True:
            yield self.batch_at(number)
            number += 1


class Questions(Dataset[list[Encoded]]):
    """Questions as encoded rows, one to an entry."""

    def __init__(self, questions: Sequence[Question], tokenizer: PreTrainedTokenizerBase) -> None:
        def ids(text: str) -> list[int]:
            return list(tokenizer(text).input_ids)

        self.rows = [
            [(ids(prompt.fill(one.basket, one.candidates, one.language)), [ids(one.target)])] for one in questions
        ]
        names = {name for one in questions for name in (one.target, *one.candidates, *one.fitting)}
        self.longest = max((len(ids(name)) for name in names), default=1)
        """Tokens of the longest name that may be written, end of sequence included."""

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> list[Encoded]:
        return self.rows[place]


def collate(parts: Sequence[list[Encoded]]) -> dict[str, torch.Tensor]:
    """Rows of all parts padded to one batch: ids and mask (rows, longest prompt), labels (rows, longest answer).

    Where rows have several answers, equally many, they lie side by side in one decoder pass, labels and decoder ids
    (rows, answers * longest answer): a mask (1, 1, same, same) keeps each to itself, and T5's positions are relative,
    so each is read as if it were alone and the encoder's states are used once.
    """
    rows = [row for part in parts for row in part]
    answers = [answer for _, row_answers in rows for answer in row_answers]
    width, length = max(len(row[0]) for row in rows), max(map(len, answers))
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask = torch.zeros(len(rows), width, dtype=torch.long)
    for place, (given, _) in enumerate(rows):
        ids[place, : len(given)] = torch.tensor(given)
        mask[place, : len(given)] = 1
    labels = torch.full((len(answers), length), IGNORED)
    written = torch.zeros(len(answers), length, dtype=torch.long)
    for place, answer in enumerate(answers):
        labels[place, : len(answer)] = torch.tensor(answer)
        written[place, 1 : len(answer)] = torch.tensor(answer[:-1])
    batch = {"input_ids": ids, "attention_mask": mask, "labels": labels.view(len(rows), -1)}
    if len(answers) > len(rows):
        batch["decoder_input_ids"] = written.view(len(rows), -1)
        batch["decoder_attention_mask"] = side_by_side(len(answers) // len(rows), length)
    return batch


def side_by_side(answers: int, length: int) -> torch.Tensor:
    """The causal mask of `answers` texts of `length` tokens in one sequence, added to scores: (1, 1, all, all)."""
    alone = torch.ones(length, length, dtype=torch.bool).tril()
    seen = torch.block_diag(*[alone] * answers)
    return torch.zeros(seen.shape).masked_fill(~seen.bool(), torch.finfo(torch.float32).min)[None, None]


def fitting_shares(
    questions: Sequence[Question], tokenizer: PreTrainedTokenizerBase
) -> Callable[[EvalPrediction], dict[str, float]]:
    """Metrics of freely written answers: by kind of question, the share that fit; `fitting` is the mean of kinds."""

    def compute(prediction: EvalPrediction) -> dict[str, float]:
        ids = np.where(np.asarray(prediction.predictions) < 0, tokenizer.pad_token_id, prediction.predictions)
        texts = tokenizer.batch_decode(ids, skip_special_tokens=True)
        right: defaultdict[str, list[bool]] = defaultdict(list)
        for question, text in zip(questions, texts, strict=True):
            right[question.kind].append(text.strip() in question.fitting)
            right["on_offer"].append(text.strip() in question.candidates)
        shares = {kind: sum(found) / len(found) for kind, found in right.items()}
        kinds = [share for kind, share in shares.items() if kind != "on_offer"]
        return {**shares, "fitting": sum(kinds) / len(kinds)}

    return compute


class Chooser(FiniteTrainer):
    """A trainer that adds a figure to its evaluations: the share that fits, equal shares ordered by the lower loss."""

    def evaluate(self, *args: Any, **kwargs: Any) -> dict[str, float]:
        """The metrics of an evaluation, `eval_chosen` among them."""
        metrics: dict[str, float] = super().evaluate(*args, **kwargs)
        loss = metrics["eval_loss"]
        metrics["eval_chosen"] = metrics["eval_fitting"] + (TIE / (1 + loss) if math.isfinite(loss) else 0.0)
        return metrics


def build_trainer(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    batch_at: Callable[[int], list[Encoded]],
    questions: Sequence[Question],
    folder: Path,
    *,
    steps: int,
    learning_rate: float,
    warmup: int,
    decay: int,
    evaluate_every: int,
    seed: int,
    start: int = 0,
    source: str = "",
    cpu: bool = False,
    best_by: str = "fitting",
) -> Seq2SeqTrainer:
    """A trainer over `steps` batches: warm-up, a constant rate, then a linear decay to nothing over `decay` steps.

    The checkpoint that is kept is the best one on `questions`, `best_by` the share of freely written answers that fit
    (`fitting`, mean of the kinds; of equal ones the one with the lower loss) or the loss on the next purchases
    (`loss`), which a single answer sways less. `source` is where the first weights come from, to be named where they
    are no numbers.
    """
    asked = Questions(questions, tokenizer)
    on_gpu = torch.cuda.is_available() and not cpu
    # T5's position bias is a float mask, with which SDPA's backward pass is a third slower than plain attention.
    model.set_attn_implementation("eager")
    arguments = Seq2SeqTrainingArguments(
        output_dir=str(folder),
        max_steps=steps,
        per_device_train_batch_size=1,
        per_device_eval_batch_size=64,
        learning_rate=learning_rate,
        lr_scheduler_type="warmup_stable_decay",
        lr_scheduler_kwargs={"num_decay_steps": decay, "decay_type": "linear"},
        warmup_steps=warmup,
        max_grad_norm=1.0,
        bf16=on_gpu or cpu_multiplies_bf16(),
        use_cpu=not on_gpu,
        eval_strategy="steps",
        eval_steps=evaluate_every,
        save_steps=evaluate_every,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="chosen" if best_by == "fitting" else best_by,
        greater_is_better=best_by != "loss",
        predict_with_generate=True,
        # The token that a decoder starts with counts.
        generation_max_length=1 + asked.longest,
        logging_steps=min(50, evaluate_every),
        report_to=[],
        seed=seed,
        data_seed=seed,
        ignore_data_skip=True,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        accelerator_config={"dispatch_batches": False},
    )
    optimizer = Adafactor(
        model.parameters(), lr=learning_rate, scale_parameter=True, relative_step=False, warmup_init=False
    )
    return Chooser(
        model=model,
        args=arguments,
        train_dataset=BatchStream(batch_at, start),
        eval_dataset=asked,
        data_collator=collate,
        processing_class=tokenizer,
        compute_metrics=fitting_shares(questions, tokenizer),
        optimizers=(optimizer, None),
        callbacks=[FromFiniteWeights(source), Clock(folder), Sealing(folder)],
    )


class Clock(TrainerCallback):
    """Adds up the seconds that a run takes over all its sessions, in a file beside its checkpoints."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "seconds.json"
        self.before = seconds_of(folder)
        self.began = time.monotonic()

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Write what it has come to: a session that is killed loses what it did since, and so do its checkpoints."""
        with atomic_write(self.path) as handle:
            json.dump(round(self.before + time.monotonic() - self.began, 1), handle)


def seconds_of(folder: Path) -> float:
    """The seconds that the run in `folder` has taken, up to its newest checkpoint."""
    path = folder / "seconds.json"
    return float(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else 0.0


def keep(trainer: Seq2SeqTrainer, folder: Path) -> None:
    """Write a finished run's best weights and its log to `folder`, which isn't there until it is whole."""
    beside = folder.with_name(f".{folder.name}")
    trainer.save_model(str(beside))
    (beside / "history.json").write_text(json.dumps(curve(trainer.state.log_history)), encoding="utf-8")
    seal(beside)
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)


def kept_log(folder: Path) -> list[dict[str, float]]:
    """The log that `keep` has written to `folder`."""
    found: list[dict[str, float]] = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    return found


def curve(history: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
    """The trainer's log as rows of numbers: step, and loss or evaluation figures."""
    return [{key: float(value) for key, value in entry.items() if isinstance(value, int | float)} for entry in history]
