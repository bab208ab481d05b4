"""Training a T5 on the sales of one shop, within minutes: the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

import torch
from transformers import PreTrainedTokenizerBase, T5ForConditionalGeneration

from recommender.errors import ModelError
from recommender.recommenders.sales.numbered import Scorer
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.history import Question
from recommender.shop.sales.sales import Sales
from recommender.training.finetune import load_base
from recommender.training.finite import check_weights
from recommender.training.shop.batches import Batches, Taste
from recommender.training.shop.budget import Budget
from recommender.training.shop.examples import Examples
from recommender.training.shop.judging import Figures, Judge
from recommender.training.shop.learning import Learner, Recipe
from recommender.training.shop.network import ShopT5
from recommender.training.shop.pieces import Vocabulary, with_names
from recommender.training.shop.prompts import Writer, all_labels
from recommender.training.shop.wording import Wording

RANDOM_TOKENS: Final = 256
"""Of the base's, which answers are told apart from besides the shop's own."""
JUDGED: Final = 12
"""How often the validation questions are asked."""
JUDGING: Final = 0.08
"""The share of the time that this takes."""
TRIED: Final = 48
"""Questions by which the time of one is measured."""
PATIENCE: Final = 4
"""So often the figure may fail to get better before the last stretch begins."""


@dataclass(frozen=True)
class Progress:
    """Where a training stands.

    Attributes:
        step: batches so far.
        loss: the mean since the last report.
        figures: of the model as it is now, on the validation questions.
        best: the best so far.
        seconds_left: until it ends at the latest.
    """

    step: int
    loss: float
    figures: Figures
    best: Figures
    seconds_left: float


@dataclass(frozen=True)
class FittedT5:
    """What a training has made: the best of its models.

    Attributes:
        model: over the whole vocabulary of `tokenizer`.
        history: a row for each report: `step`, `loss`, and of the validation questions `hit`, `ndcg` and `nats`, with
            the `seconds` so far; the first row is the base's, without `loss`.
        figures: of `model` on the validation questions that were asked; `go_on` leaves them as they were.
        base: the folder that it began from.
        network: what `go_on` goes on with.
    """

    model: T5ForConditionalGeneration
    tokenizer: PreTrainedTokenizerBase
    history: list[dict[str, float]]
    figures: Figures
    steps: int
    seconds: float
    languages: tuple[str, ...]
    base: Path
    network: TrainedNetwork


@dataclass(frozen=True)
class TrainedNetwork:
    """What a training can go on with: the small model as it was judged best, and how prompts are written for it."""

    shop: ShopT5
    writers: Sequence[Writer]
    wording: Wording
    recipe: Recipe

    def batches(self, examples: Examples, *, repeats: bool, seed: int, **given: Any) -> Batches:
        """Batches of `examples`; names that these never sold are taught nothing of their own."""
        unsold: set[int] = set()
        for writer in self.writers:
            named = zip(writer.pieces, examples.sold, strict=True)
            unsold |= {pieces.alone[0] for pieces, sold in named if not sold and len(pieces.alone) == 1}
        self.shop.unsold(unsold)
        rows, places = self.recipe.rows, self.shop.places
        return Batches(examples, self.writers, self.wording, places, repeats=repeats, rows=rows, seed=seed, **given)


def fit_t5(
    before: Sales,
    validation: Sequence[Question],
    base: Path,
    minutes: float,
    *,
    languages: Sequence[str],
    repeats: bool,
    seed: int,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    teacher: Scorer | None = None,
    recipe: Recipe | None = None,
    clock: Callable[[], float] = monotonic,
) -> FittedT5:
    """Train the T5 in the folder `base` on `before` for `minutes`, or until it gets no better on `validation`.

    What it comes to is the best model it went through, by the likelihood of `validation` in the first of `languages`.
    The names of the shop's items in all of them become pieces of its vocabulary. With a `teacher` that was fitted on
    `before` it learns from its scores, too. `cancelled` is asked after every batch; what was best by then is kept.
    Nothing is written anywhere. The same seed gives the same but for the number of steps, which the clock decides.

    Raises:
        ModelError: if the base can't be used.
        ValueError: if there is no language.
    """
    if not languages:
        raise ValueError("no language to train in")
    recipe = recipe or Recipe()
    budget = Budget(minutes * 60, clock)
    shop, writers, wording = _prepared(before.catalogue, base, languages, seed)
    network = TrainedNetwork(shop, writers, wording, recipe)
    examples = Examples(before, repeats=repeats)
    batches = network.batches(examples, repeats=repeats, seed=seed, teacher=teacher)
    judge = Judge(validation, writers[0], shop.places, repeats=repeats, most=recipe.most, seed=seed)
    run = _Run(shop, batches, judge, recipe, budget, progress)
    if len(examples):
        run.train(cancelled)
    whole, tokenizer = shop.whole(), shop.vocabulary.tokenizer
    known = tuple(languages)
    return FittedT5(whole, tokenizer, run.history, run.best, run.step, budget.spent, known, base, network)


def _prepared(
    catalogue: Catalogue, base: Path, languages: Sequence[str], seed: int
) -> tuple[ShopT5, list[Writer], Wording]:
    torch.manual_seed(seed)
    whole, tokenizer = load_base(str(base))
    # One row for a name where it is read and where it is written.
    if not isinstance(whole, T5ForConditionalGeneration) or whole.lm_head.weight is not whole.shared.weight:
        raise ModelError("model_not_t5", kind=whole.config.model_type)
    check_weights(whole, str(base))
    names = [item.name(language) for language in languages for item in catalogue]
    vocabulary: Vocabulary = with_names(tokenizer, names, all_labels(languages))
    writers = [Writer(vocabulary, catalogue, language) for language in languages]
    wording = Wording(whole.shared.weight.detach(), tokenizer, vocabulary, seed)
    drawn = torch.randint(vocabulary.old, (RANDOM_TOKENS,)).tolist()
    used = set(range(3)).union(drawn, *(writer.ids for writer in writers))
    return ShopT5(whole, vocabulary, used, wording.rows), writers, wording


class _Run:
    """One training, and the best that it has come to."""

    def __init__(
        self,
        shop: ShopT5,
        batches: Batches,
        judge: Judge,
        recipe: Recipe,
        budget: Budget,
        progress: Callable[[Progress], None],
    ) -> None:
        self.step = 0
        self.history: list[dict[str, float]] = []
        self._shop = shop
        self._batches = batches
        self._judge = judge
        self._recipe = recipe
        self._budget = budget
        self._progress = progress
        self._learner = Learner(shop.model, recipe)
        self._state = shop.state()
        self._worse = 0
        # Who has a long list of questions asks as many of them as the time allows.
        begun = budget.spent
        self.best = judge.figures(shop.model, TRIED)
        spent = (budget.spent - begun) / max(1, self.best.questions)
        self._asked = max(TRIED, int(JUDGING * budget.seconds / JUDGED / max(spent, 1e-9)))
        self.best = judge.figures(shop.model, self._asked)
        self.history.append(self._row(self.best))

    def train(self, cancelled: Callable[[], bool]) -> None:
        """Train until the time is up or somebody cancels, and put the best weights back."""
        losses: list[float] = []
        due = 1 / JUDGED
        stopped = False
        while self._budget.left > 0 and not (stopped := cancelled()):
            losses.append(self._learner.step(self._batches.next(self._taste()), self._budget.rate(self.step)))
            self._shop.share()
            self.step += 1
            if self._budget.share >= due:
                due = self._budget.share + 1 / JUDGED
                self._look(losses)
                losses = []
        if losses and not stopped:
            self._look(losses)
        self._shop.restore(self._state)

    def _taste(self) -> Taste:
        recipe = self._recipe
        whole = self._budget.share >= recipe.whole_from
        on_offer = recipe.most if whole else recipe.short
        return Taste(on_offer, recipe.shuffled, recipe.spelling, recipe.spelt, recipe.taught)

    def _look(self, losses: Sequence[float]) -> None:
        found = self._judge.figures(self._shop.model, self._asked)
        # A likelihood tells more of few questions than places do. Without any the latest is the best there is.
        if found.loss <= self.best.loss:
            self.best, self._state, self._worse = found, self._shop.state(), 0
        else:
            self._worse += 1
        if self._worse >= PATIENCE:
            self._budget.finish_early()
        loss = sum(losses) / len(losses)
        self.history.append({**self._row(found), "loss": loss})
        self._progress(Progress(self.step, loss, found, self.best, self._budget.left))

    def _row(self, found: Figures) -> dict[str, float]:
        told = {"hit": found.hit, "ndcg": found.ndcg, "nats": found.loss}
        return {"step": float(self.step), **told, "seconds": self._budget.spent}
