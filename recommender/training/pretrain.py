"""The compact model from nothing: its vocabulary, its first weights, its curriculum."""

from __future__ import annotations

import functools
import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase, T5ForConditionalGeneration

from recommender.shop import baskets
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.training import initialise
from recommender.training.checkpoints import forget_after, is_whole, last_checkpoint
from recommender.training.corpus.data import Question, judging_groups, training_pool, validation_questions
from recommender.training.corpus.stream import STRETCH, Encoded, Mixture, Stream
from recommender.training.corpus.vocabulary import build_tokenizer
from recommender.training.initialise import compact_config, new_model
from recommender.training.trainer import build_trainer, keep, kept_log, seconds_of
from recommender.training.workplace import Identity, at_work, digest


@dataclass(frozen=True)
class Phase:
    """A stretch of the curriculum: up to which share of all steps it goes, and what it consists of."""

    name: str
    until: float
    mixture: Mixture


@dataclass(frozen=True)
class Round:
    """A run of the trainer: a warm-up, a constant rate, and a linear decay to nothing over most of its steps."""

    name: str
    steps: int
    learning_rate: float
    phases: tuple[Phase, ...]

    def mixture_at(self, share: float) -> Mixture:
        """What is trained on when `share` of the round (0 to 1) is done."""
        return next((phase.mixture for phase in self.phases if share < phase.until), self.phases[-1].mixture)


HARD: Final = Mixture((6, 110), sports=0.3, invented=0.45, spelt=0.85, rows=0.06, alike=0.35, collectors=0.2, answers=4)
FINE: Final = replace(HARD, sports=0.35, invented=0.42, rows=0.05, answers=8, languages=("en", "en", "ar", "ar", "ar"))
GUESTS: Final = replace(FINE, sports=0.25, invented=0.27, guests=0.33)
CURRICULUM: Final = (
    Round(
        "from nothing",
        6000,
        1e-2,
        (
            Phase("short lists", 0.04, Mixture((4, 10), sports=0.15, invented=0.6, spelt=0.5)),
            Phase("growing lists", 0.15, Mixture((5, 30), sports=0.25, invented=0.5, spelt=0.6)),
            Phase("long lists", 0.75, Mixture((6, 60), sports=0.3, invented=0.45, spelt=0.7)),
            Phase("shop lists", 1.00, Mixture((6, 100), sports=0.3, invented=0.35, spelt=0.7, rows=0.1)),
        ),
    ),
    Round("hard lists", 8000, 5e-3, (Phase("look-alikes and collectors", 1.00, HARD),)),
    Round("finer shares", 7500, 5e-3, (Phase("more answers", 1.00, FINE),)),
    Round("guests", 2000, 3e-3, (Phase("items the shop does not have", 1.00, GUESTS),)),
)


@dataclass(frozen=True)
class Recipe:
    """The numbers of a pretraining run; the defaults made the shipped checkpoint.

    `steps` shortens the run, all rounds alike, for trials.
    """

    steps: int | None = None
    tokens: int = 4096
    warmup: int = 100
    decay: float = 0.8
    evaluate_every: int = 500
    seed: int = 0

    @property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds, with their numbers of steps."""
        if self.steps is None:
            return CURRICULUM
        ends = list(itertools.accumulate((stage.steps for stage in CURRICULUM), initial=0))
        places = [round(end * self.steps / ends[-1]) for end in ends]
        return tuple(
            replace(stage, steps=max(1, end - begin))
            for stage, (begin, end) in zip(CURRICULUM, itertools.pairwise(places), strict=True)
        )


def batch(stream: Stream, rounds: Sequence[Round], place: int, number: int) -> list[Encoded]:
    """Batch `number` of the round at `place`; no stretch of the stream comes in two rounds."""
    before = sum(math.ceil(stage.steps / STRETCH) for stage in rounds[:place])
    return _stretch(stream, rounds[place], number // STRETCH, before)[number % STRETCH]


@functools.lru_cache(maxsize=2)
def _stretch(stream: Stream, stage: Round, number: int, before: int) -> list[list[Encoded]]:
    return stream.stretch(stage.mixture_at(number * STRETCH / stage.steps), before + number)


def new_stream(tokenizer: PreTrainedTokenizerBase, rows: Sequence[Row], recipe: Recipe) -> Stream:
    """The training stream over the shipped catalogues, the pool and the training rows among `rows`."""
    return Stream(
        tokenizer,
        list(Catalogue.load("sports")),
        list(Catalogue.load("wide")),
        recipe.seed,
        pool=[(purchase.basket, purchase.next) for purchase in training_pool()],
        judged=judging_groups(rows),
        rows=[(row.basket, row.next) for row in rows if row.split == "train" and row.kind != "look-alike"],
        tokens=recipe.tokens,
    )


@dataclass(frozen=True)
class Pretrained:
    """What a run has made: the weights, their tokenizer, the log of all rounds (steps counted through) and its cost."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    history: list[dict[str, float]]
    seconds: float


def pretrain(folder: Path, recipe: Recipe, *, resume: bool) -> Pretrained:
    """Train in `folder`, with `resume` from where an earlier run of it was stopped.

    A round that is done lies in `round-N/best`, with its log, and is where the next one begins.

    Raises:
        DataError: if a shipped data file can't be used, or `folder` isn't ours or is of another run.
    """
    rows = baskets.load(baskets.PATH, Catalogue.load("sports"))
    tokenizer = build_tokenizer([*Catalogue.load("sports"), *Catalogue.load("wide")])
    stream, questions = new_stream(tokenizer, rows, recipe), validation_questions(rows, recipe.seed)
    with at_work(folder, identity_of(recipe, rows, stream, tokenizer), resume=resume):
        return _rounds(folder, recipe, stream, questions, tokenizer)


def identity_of(recipe: Recipe, rows: Sequence[Row], stream: Stream, tokenizer: PreTrainedTokenizerBase) -> Identity:
    """What a run from nothing is made of; what the code makes of the recipe is told by a few rows of each phase."""
    samples = [
        stream.row(phase.mixture, random.Random(f"{stage.name}/{phase.name}"))
        for stage in CURRICULUM
        for phase in stage.phases
    ]
    weights = [(name, value) for name, value in vars(initialise).items() if name.isupper()]
    vocabulary = sorted(tokenizer.get_vocab().items())
    return {
        "data": digest(rows),
        "catalogue": digest(*(list(Catalogue.load(name)) for name in ("sports", "wide"))),
        "options": digest(recipe.steps, recipe.seed),
        "recipe": digest(recipe, recipe.rounds, weights, compact_config(len(tokenizer)).to_dict(), vocabulary, samples),
    }


def _rounds(
    folder: Path,
    recipe: Recipe,
    stream: Stream,
    questions: Sequence[Question],
    tokenizer: PreTrainedTokenizerBase,
) -> Pretrained:
    """Every round that isn't done yet, each from its newest whole checkpoint."""
    history: list[dict[str, float]] = []
    steps, seconds = 0, 0.0
    model: PreTrainedModel = new_model(compact_config(len(tokenizer)), recipe.seed)
    for place, stage in enumerate(recipe.rounds):
        work = folder / f"round-{place + 1}"
        best = work / "best"
        if not is_whole(best):
            checkpoint, start = last_checkpoint(work)
            forget_after(work, start)
            trainer = build_trainer(
                model,
                tokenizer,
                functools.partial(batch, stream, recipe.rounds, place),
                questions,
                work,
                steps=stage.steps,
                learning_rate=stage.learning_rate,
                warmup=recipe.warmup,
                decay=round(recipe.decay * stage.steps),
                evaluate_every=recipe.evaluate_every,
                seed=recipe.seed,
                start=start,
                source=checkpoint or f"round-{place}",
                best_by="loss",
            )
            trainer.train(resume_from_checkpoint=checkpoint)
            keep(trainer, best)
        model = T5ForConditionalGeneration.from_pretrained(best, dtype=torch.float32)
        log = kept_log(best)
        history += [{**entry, "step": entry["step"] + steps} for entry in log if "step" in entry]
        seconds += seconds_of(work)
        steps += stage.steps
    return Pretrained(model, tokenizer, history, seconds)
