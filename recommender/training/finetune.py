"""Fine-tuning any T5 on a file of purchases: `Input,Output` rows as the article has them, or those of `baskets.csv`."""

from __future__ import annotations

import functools
import math
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase, Seq2SeqTrainer

from recommender import prompt
from recommender.errors import DataError, ModelError
from recommender.language import LANGUAGES, SOURCE, by_letters
from recommender.shop import baskets
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import NAMED_IN
from recommender.shop.tables import Problem
from recommender.t5.checkpoint import files
from recommender.t5.loading import find
from recommender.training.checkpoints import forget_after, last_checkpoint
from recommender.training.corpus.data import Question
from recommender.training.corpus.stream import Encoded
from recommender.training.finite import check_weights
from recommender.training.fitness import check_fitness
from recommender.training.options import TrainOptions
from recommender.training.trainer import build_trainer
from recommender.training.workplace import Identity, at_work, digest

ROWS_A_BATCH: Final = 16
EPOCHS: Final = 20
LEARNING_RATE: Final = 2e-3
LARGE_LEARNING_RATE: Final = 1e-3
LARGE: Final = 100_000_000


@dataclass(frozen=True)
class TrainingRows:
    """What a file gives: its inventory, its rows with their splits, its languages, and notes on single lines."""

    catalogue: Catalogue
    rows: tuple[Row, ...]
    languages: tuple[str, ...]
    notes: tuple[Problem, ...] = ()


def read(options: TrainOptions) -> TrainingRows:
    """The rows of `options.data`; an article-style file gives a tenth of its groups to validation.

    Raises:
        DataError: if the file can't be used, or no row of it is for training.
        BadRowsError: listing every line that can't be used, items outside a given catalogue among them.
    """
    assert options.data is not None
    given = Catalogue.load(options.catalogue) if options.catalogue else None
    found = baskets.load_any(options.data, given)
    catalogue, rows = found.catalogue, found.rows
    if not found.has_splits:
        rows = baskets.split_by_group(rows, validation=0.1, seed=options.seed)
    if not any(row.split == "train" for row in rows):
        raise DataError("train_no_rows", file=options.data.name)
    notes = (*(given.notes if given else ()), *found.notes)
    return TrainingRows(catalogue, tuple(rows), languages_of(options.language, catalogue), notes)


def languages_of(asked: str | None, catalogue: Catalogue) -> tuple[str, ...]:
    """The languages to train in: the one asked for, else all that every item has a name in, else that of most names."""
    if asked:
        return (asked,)
    if all(item.written(code) for item in catalogue for code in NAMED_IN):
        return NAMED_IN
    # Of most items; where none has more than another it is the first that there is.
    found = [by_letters(item.name(SOURCE), item.language_of_name(SOURCE)) for item in catalogue]
    return (max(LANGUAGES, key=found.count),)


def tokenized(
    tokenizer: PreTrainedTokenizerBase, row: Row, catalogue: Catalogue, language: str, rng: random.Random | None
) -> Encoded:
    """A row's prompt and target in token ids; with `rng` its candidates are shuffled."""
    offered = catalogue.candidates(row.basket)
    if rng:
        rng.shuffle(offered)
    text = prompt.build([catalogue[item_id] for item_id in row.basket], offered, language)
    return list(tokenizer(text).input_ids), [list(tokenizer(catalogue[row.next].name(language)).input_ids)]


def batches_of(material: TrainingRows, tokenizer: PreTrainedTokenizerBase, seed: int, number: int) -> list[Encoded]:
    """Batch `number`: rows in an order that is new in each epoch, candidates in catalogue order for half of them."""
    pairs = [(row, language) for row in material.rows if row.split == "train" for language in material.languages]
    per_epoch = math.ceil(len(pairs) / ROWS_A_BATCH)
    epoch, place = divmod(number, per_epoch)
    random.Random(f"{seed}/{epoch}").shuffle(pairs)
    rng = random.Random(f"{seed}/{number}/orders")
    chosen = pairs[place * ROWS_A_BATCH : (place + 1) * ROWS_A_BATCH]
    return [
        tokenized(tokenizer, row, material.catalogue, language, rng if rng.random() < 0.5 else None)
        for row, language in chosen
    ]


def questions_of(material: TrainingRows) -> list[Question]:
    """The validation rows; what fits is the row's own next item. Without any, the training rows."""
    rows = [row for row in material.rows if row.split == "validation"] or [
        row for row in material.rows if row.split == "train"
    ]
    return [_question(row, material.catalogue, language) for row in rows for language in material.languages]


def _question(row: Row, catalogue: Catalogue, language: str) -> Question:
    target = catalogue[row.next].name(language)
    return Question(
        f"rows_{language}",
        tuple(catalogue[item_id].name(language) for item_id in row.basket),
        tuple(item.name(language) for item in catalogue.candidates(row.basket)),
        target,
        frozenset({target}),
        language,
    )


def load_base(name: str) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """A stock model and tokenizer in fp32, found as `t5.load` finds them.

    Raises:
        ModelError: if it isn't there, can't be read, or is not what was written.
    """
    folder = find(name)
    files.verify(folder)
    try:
        model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32)
        return model, AutoTokenizer.from_pretrained(folder)
    except Exception as error:  # transformers passes on whatever a broken file makes its readers raise
        raise ModelError("checkpoint_unreadable", folder=str(folder)) from error


def finetune(material: TrainingRows, options: TrainOptions) -> Seq2SeqTrainer:
    """Fine-tune `options.base` (by default `compact`) on `material`; the best epoch's weights are loaded at the end.

    Raises:
        DataError: if the rows don't fit the base, or the work folder isn't ours or is of another run.
        ModelError: if the base can't be used, or its numbers break down on the way.
    """
    base = options.base or "compact"
    model, tokenizer = load_base(base)
    check_weights(model, base)
    for note in check_fitness(material.catalogue, material.rows, material.languages, tokenizer, base):
        sys.stderr.write(f"{note}\n")
    pairs = sum(row.split == "train" for row in material.rows) * len(material.languages)
    per_epoch = math.ceil(pairs / ROWS_A_BATCH)
    steps = per_epoch * (options.epochs or EPOCHS)
    large = sum(parameter.numel() for parameter in model.parameters()) > LARGE
    rate = LARGE_LEARNING_RATE if large else LEARNING_RATE
    batch_at: Callable[[int], list[Encoded]] = functools.partial(batches_of, material, tokenizer, options.seed)
    # What the code makes of rows is part of the recipe: a few of them tell.
    sample = [
        tokenized(tokenizer, row, material.catalogue, language, None)
        for row in material.rows[:ROWS_A_BATCH]
        for language in material.languages
    ]
    identity: Identity = {
        "data": digest(material.rows),
        "base": digest(*(weight.numpy().tobytes() for weight in model.state_dict().values())),
        "catalogue": digest(list(material.catalogue)),
        "options": digest(material.languages, options.epochs, options.seed),
        "recipe": digest(ROWS_A_BATCH, steps, rate, sample),
    }
    with at_work(options.work, identity, resume=options.resume):
        checkpoint, start = last_checkpoint(options.work)
        forget_after(options.work, start)
        trainer = build_trainer(
            model,
            tokenizer,
            batch_at,
            questions_of(material),
            options.work,
            steps=steps,
            learning_rate=rate,
            warmup=min(10, steps // 4),
            decay=steps // 2,
            evaluate_every=max(per_epoch, steps // 4),
            seed=options.seed,
            start=start,
            source=checkpoint or base,
            cpu=options.device == "cpu",
        )
        trainer.train(resume_from_checkpoint=checkpoint)
    return trainer


def languages_known(languages: Sequence[str], base: Sequence[str]) -> list[str]:
    """The languages of the fine-tuned model: those it was trained in first, then those of its base."""
    return list(dict.fromkeys([*languages, *base]))
