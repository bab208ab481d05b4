"""The one place that sets up `Seq2SeqTrainer`: ready-made batches, Adafactor, freely written answers as evaluation."""

from __future__ import annotations

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
)
from transformers.optimization import Adafactor
from transformers.trainer_utils import get_last_checkpoint

from recommender import prompt
from recommender.training.data import Question
from recommender.training.stream import Encoded

IGNORED: Final = -100
LONGEST_ANSWER: Final = 24


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
            [(ids(prompt.fill(one.basket, one.candidates, one.language)), ids(one.target))] for one in questions
        ]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> list[Encoded]:
        return self.rows[place]


def collate(parts: Sequence[list[Encoded]]) -> dict[str, torch.Tensor]:
    """Rows of all parts padded to one batch: ids and mask (rows, longest prompt), labels (rows, longest target)."""
    rows = [row for part in parts for row in part]
    width, length = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask = torch.zeros(len(rows), width, dtype=torch.long)
    labels = torch.full((len(rows), length), IGNORED)
    for place, (given, target) in enumerate(rows):
        ids[place, : len(given)] = torch.tensor(given)
        mask[place, : len(given)] = 1
        labels[place, : len(target)] = torch.tensor(target)
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


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


def bf16_pays() -> bool:
    """Whether this processor multiplies bf16 in hardware (AMX or AVX512-BF16); else autocast is far slower."""
    has: Callable[[], Mapping[str, bool]] | None = getattr(torch.cpu, "get_capabilities", None)
    found = has() if has else {}
    return bool(found.get("avx512_bf16") or found.get("amx_bf16") or found.get("amx_tile"))


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
    cpu: bool = False,
) -> Seq2SeqTrainer:
    """A trainer over `steps` batches: warm-up, a constant rate, then a linear decay to nothing over `decay` steps.

    The checkpoint whose freely written answers fit best (mean of the kinds of `questions`) is the one that is kept.
    """
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
        bf16=on_gpu or bf16_pays(),
        use_cpu=not on_gpu,
        eval_strategy="steps",
        eval_steps=evaluate_every,
        save_steps=evaluate_every,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="fitting",
        greater_is_better=True,
        predict_with_generate=True,
        generation_max_length=LONGEST_ANSWER,
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
    return Seq2SeqTrainer(
        model=model,
        args=arguments,
        train_dataset=BatchStream(batch_at, start),
        eval_dataset=Questions(questions, tokenizer),
        data_collator=collate,
        processing_class=tokenizer,
        compute_metrics=fitting_shares(questions, tokenizer),
        optimizers=(optimizer, None),
    )


def last_checkpoint(folder: Path) -> tuple[str | None, int]:
    """The newest checkpoint in `folder` and the step it was made at, or (None, 0)."""
    found = get_last_checkpoint(str(folder)) if folder.is_dir() else None
    return (found, int(found.rsplit("-", 1)[1])) if found else (None, 0)


def curve(history: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
    """The trainer's log as rows of numbers: step, and loss or evaluation figures."""
    return [{key: float(value) for key, value in entry.items() if isinstance(value, int | float)} for entry in history]
