"""The compact model from nothing: its vocabulary, its first weights, its curriculum."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from transformers import PreTrainedTokenizerBase, Seq2SeqTrainer, T5ForConditionalGeneration

from recommender import baskets
from recommender.baskets import Row
from recommender.catalogue import Catalogue
from recommender.training.data import training_pool, validation_questions
from recommender.training.initialise import compact_config, new_model
from recommender.training.stream import STRETCH, Encoded, Mixture, Stream
from recommender.training.trainer import build_trainer, last_checkpoint
from recommender.training.vocabulary import build_tokenizer


@dataclass(frozen=True)
class Phase:
    """A stretch of the curriculum: up to which share of all steps it goes, and what it consists of."""

    name: str
    until: float
    mixture: Mixture


CURRICULUM: Final = (
    Phase("short lists", 0.04, Mixture((4, 10), sports=0.15, invented=0.6, spelt=0.5)),
    Phase("growing lists", 0.15, Mixture((5, 30), sports=0.25, invented=0.5, spelt=0.6)),
    Phase("long lists", 0.75, Mixture((6, 60), sports=0.3, invented=0.45, spelt=0.7)),
    Phase("shop lists", 1.00, Mixture((6, 100), sports=0.3, invented=0.35, spelt=0.7, rows=0.1)),
)


@dataclass(frozen=True)
class Recipe:
    """The numbers of a pretraining run; the defaults made the shipped checkpoint."""

    steps: int = 6000
    tokens: int = 4096
    learning_rate: float = 1e-2
    warmup: int = 100
    decay: float = 0.8
    evaluate_every: int = 500
    seed: int = 0


def mixture_at(share: float) -> Mixture:
    """What is trained on when `share` of all steps (0 to 1) are done."""
    return next((phase.mixture for phase in CURRICULUM if share < phase.until), CURRICULUM[-1].mixture)


def curriculum(stream: Stream, steps: int, number: int) -> list[Encoded]:
    """Batch `number` of a run of `steps`."""
    return _stretch(stream, steps, number // STRETCH)[number % STRETCH]


@functools.lru_cache(maxsize=2)
def _stretch(stream: Stream, steps: int, number: int) -> list[list[Encoded]]:
    return stream.stretch(mixture_at(number * STRETCH / steps), number)


def new_stream(tokenizer: PreTrainedTokenizerBase, rows: Sequence[Row], recipe: Recipe) -> Stream:
    """The training stream over the shipped catalogues, the pool and the training rows among `rows`."""
    return Stream(
        tokenizer,
        list(Catalogue.load("sports")),
        list(Catalogue.load("wide")),
        recipe.seed,
        pool=[(purchase.basket, purchase.next) for purchase in training_pool()],
        rows=[(row.basket, row.next) for row in rows if row.split == "train" and row.kind != "look-alike"],
        tokens=recipe.tokens,
    )


def pretrain(folder: Path, recipe: Recipe, *, resume: bool) -> Seq2SeqTrainer:
    """Train in `folder`, from its newest checkpoint with `resume`; returns the trainer with the best weights loaded.

    Raises:
        DataError: if a shipped data file can't be used.
    """
    rows = baskets.load(baskets.PATH, Catalogue.load("sports"))
    tokenizer = build_tokenizer([*Catalogue.load("sports"), *Catalogue.load("wide")])
    model: T5ForConditionalGeneration = new_model(compact_config(len(tokenizer)), recipe.seed)
    checkpoint, start = last_checkpoint(folder) if resume else (None, 0)
    stream = new_stream(tokenizer, rows, recipe)
    trainer = build_trainer(
        model,
        tokenizer,
        functools.partial(curriculum, stream, recipe.steps),
        validation_questions(rows, recipe.seed),
        folder,
        steps=recipe.steps,
        learning_rate=recipe.learning_rate,
        warmup=recipe.warmup,
        decay=round(recipe.decay * recipe.steps),
        evaluate_every=recipe.evaluate_every,
        seed=recipe.seed,
        start=start,
    )
    trainer.train(resume_from_checkpoint=checkpoint)
    return trainer
