"""A whole training with a tiny model and a clock of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import T5ForConditionalGeneration

from recommender import load
from recommender.errors import ModelError
from recommender.shop.sales.history import History, Question
from recommender.training.shop.batches import Batches, Taste
from recommender.training.shop.delivering import deliver
from recommender.training.shop.examples import Examples, request_of
from recommender.training.shop.fit import FittedT5, Progress, fit_t5
from recommender.training.shop.judging import Judge
from recommender.training.shop.learning import Learner, Recipe, loss_of
from recommender.training.shop.pieces import with_names
from recommender.training.shop.prompts import Writer, all_labels
from recommender.training.shop.wording import Wording
from tests.tiny import tiny_checkpoint
from tests.training.shop.conftest import NAMES, SHOP, our_tokenizer, sales_of

BASKETS = [[first, (first + 1) % 6, (first + 2) % 6] for first in range(6)] * 4
QUESTIONS = [Question(0, History.of_basket((item,)), (item + 1) % 6) for item in range(6)]
QUICK = Recipe(rate=5e-3, rows_rate=10.0, rows=8, short=3, most=6, spelling=0.1, shuffled=0.0)


def ticking() -> Callable[[], float]:
    """A clock that goes on by a second whenever it is read."""
    seconds = itertools.count()
    return lambda: float(next(seconds))


def fitted(base: Path, minutes: float = 9.0, **given: Any) -> FittedT5:
    seen: list[Progress] = []
    options: dict[str, Any] = {
        "languages": ["en"],
        "repeats": False,
        "seed": 1,
        "progress": seen.append,
        "cancelled": lambda: False,
        "recipe": QUICK,
        "clock": ticking(),
    }
    sales, questions = given.pop("sales", sales_of(BASKETS)), given.pop("questions", QUESTIONS)
    return fit_t5(sales, questions, base, minutes, **{**options, **given})


def test_it_learns_what_follows_what(base: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    made = fitted(base, progress=seen.append)
    assert made.figures.loss < made.history[0]["nats"] - 0.4
    assert made.figures.ndcg > made.history[0]["ndcg"]
    assert [one.step for one in seen] == [row["step"] for row in made.history[1:]]
    assert all(one.best.loss <= one.figures.loss for one in seen)
    assert min(one.figures.loss for one in seen) == made.figures.loss
    # What is delivered ranks as the figures say.
    deliver(made, tmp_path / "shop", SHOP, "card")
    model = load(str(tmp_path / "shop"), "cpu")
    rankings = model.rank_many([request_of(one.history, SHOP, "en", repeats=False) for one in QUESTIONS])
    places = [ranking.rank_of(f"i{one.next}") for ranking, one in zip(rankings, QUESTIONS, strict=True)]
    assert abs(np.mean([place == 1 for place in places]) - made.figures.hit) <= 1 / len(QUESTIONS)
    assert model.rank([SHOP.items[0]], [*SHOP.items[1:]], "ar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "shop"]


def test_the_same_seed_and_clock_make_the_same(base: Path) -> None:
    one, other = fitted(base, 1.5).model.state_dict(), fitted(base, 1.5).model.state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_the_rows_of_words_stay_and_twins_are_alike(base: Path) -> None:
    made = fitted(base, 1.5)
    table = made.model.shared.weight
    before = T5ForConditionalGeneration.from_pretrained(base).shared.weight
    known = made.tokenizer.get_vocab()
    assert torch.equal(table[known["▁Road"]], before[known["▁Road"]])
    assert torch.equal(table[known["▁Road▁Tire"]], table[known["▁Road▁Tire,"]])
    assert not torch.equal(table[known["▁Road▁Tire"]], table[known["▁Road▁Tube"]])
    assert made.steps > 0


def test_who_cancels_keeps_the_best_so_far(base: Path) -> None:
    asked = itertools.count()
    made = fitted(base, cancelled=lambda: next(asked) >= 3)
    assert made.steps == 3
    at_once = fitted(base, cancelled=lambda: True)
    assert at_once.steps == 0
    assert at_once.figures.ndcg == at_once.history[0]["ndcg"]


def test_no_sales_leave_the_base_as_it_is(base: Path) -> None:
    made = fitted(base, sales=sales_of([]), questions=[])
    assert made.steps == 0
    assert made.figures.questions == 0
    assert len(made.tokenizer) > len(our_tokenizer())


def test_it_ends_early_where_it_gets_worse(base: Path) -> None:
    # What is asked contradicts what is sold: the more it learns, the worse it gets.
    wrong = [Question(0, History.of_basket((item,)), (item + 3) % 6) for item in range(6)]
    assert fitted(base, 5.0, questions=wrong).seconds < 290


def test_a_base_that_is_tied_otherwise_is_refused(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path / "untied", tied=False)
    with pytest.raises(ModelError):
        fitted(folder)


def test_a_language_is_needed(base: Path) -> None:
    with pytest.raises(ValueError, match="no language"):
        fitted(base, languages=[])


def test_a_gradient_that_is_no_number_changes_nothing(base: Path) -> None:
    vocabulary = with_names(our_tokenizer(), NAMES, all_labels(["en"]))
    model = T5ForConditionalGeneration.from_pretrained(base)
    wording = Wording(model.shared.weight.detach(), our_tokenizer(), vocabulary, seed=0)
    rows = len(vocabulary.tokenizer) + len(wording.rows)
    model.resize_token_embeddings(rows)
    writer, places = Writer(vocabulary, SHOP, "en"), torch.arange(rows)
    examples = Examples(sales_of(BASKETS), repeats=False)
    batches = Batches(examples, [writer], wording, places, repeats=False, rows=4, seed=0)
    batch = batches.next(Taste())
    learner = Learner(model, QUICK)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    batch.first[0, 5] = torch.nan
    assert np.isnan(learner.step(batch, 1.0))
    assert all(torch.equal(weight, before[name]) for name, weight in model.state_dict().items())
    batch.first[0, 5] = 0.0
    loss = learner.step(batch, 1.0)
    assert loss_of(model, batch, QUICK.rest).item() < loss
    judge = Judge(QUESTIONS, writer, places, repeats=False, most=3)
    assert len(judge) == 6
    assert (judge.answers(model, 4)[0] <= 3).all()
