"""Going on with later sales, with a tiny model and a clock of its own."""

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from recommender.shop.sales.history import History, Question
from recommender.training.shop.going_on import go_on, recent
from recommender.training.shop.judging import Judge
from recommender.training.shop.learning import Recipe
from tests.training.shop.conftest import sales_of
from tests.training.shop.test_fit import BASKETS, fitted

TURNED = [[first, (first - 1) % 6, (first - 2) % 6] for first in range(6)] * 4
"""The other way round than `BASKETS`."""
QUESTIONS = [Question(0, History.of_basket((item,)), (item - 1) % 6) for item in range(6)]
RECIPE = Recipe(rate=2e-2, rows_rate=10.0, rows=8, short=3, most=6, spelling=0.0, shuffled=0.0)


def ticking() -> Callable[[], float]:
    seconds = itertools.count()
    return lambda: float(next(seconds))


def test_it_learns_what_has_changed(base: Path) -> None:
    made = fitted(base, 3.0, recipe=RECIPE)
    judge = Judge(QUESTIONS, made.network.writers[0], made.network.shop.places, repeats=False)
    before, told = judge.figures(made.network.shop.model).loss, list[float]()
    after = go_on(
        made,
        sales_of(TURNED),
        5.0,
        repeats=False,
        half_life=1.0,
        seed=1,
        progress=told.append,
        clock=ticking(),
    )
    assert judge.figures(made.network.shop.model).loss < before - 0.2
    assert after.steps > made.steps and after.seconds > made.seconds and told
    assert not torch.equal(after.model.shared.weight, made.model.shared.weight)
    assert after.figures == made.figures


def test_an_item_that_was_never_sold_before_is_learned(base: Path) -> None:
    made = fitted(base, 2.0, sales=sales_of([[0, 1, 2], [1, 2, 3]] * 6), questions=(), recipe=RECIPE)
    (piece,) = made.network.writers[0].pieces[5].alone
    row = made.network.shop.places[piece]
    weight = made.network.shop.model.shared.weight
    gone_on = sales_of([[3, 5], [2, 5, 1]] * 6)
    unsold = made.network.shop.places[made.network.writers[0].pieces[4].alone[0]]
    before, unsold_before = weight[row].detach().clone(), weight[unsold].detach().clone()
    go_on(made, gone_on, 3.0, repeats=False, half_life=1.0, seed=1, clock=ticking())
    # What had no sales was moved like the mean of the others; now it has a way of its own.
    moved, like_all = weight[row].detach() - before, weight[unsold].detach() - unsold_before
    assert (moved - like_all).norm() > 0.1 * like_all.norm()


def test_without_time_or_sales_all_stays_as_it_was(base: Path) -> None:
    made = fitted(base, 1.0)
    sales = sales_of(BASKETS)
    assert go_on(made, sales, 0.0, repeats=False, half_life=1.0, seed=1) is made
    assert go_on(made, sales_of([[0]]), 1.0, repeats=False, half_life=1.0, seed=1) is made
    stopped = go_on(made, sales, 1.0, repeats=False, half_life=1.0, seed=1, cancelled=lambda: True)
    assert stopped.steps == made.steps


def test_the_latest_weigh_most() -> None:
    assert np.allclose(recent(np.array([0, 50, 100]), 0.5), [0.25, 0.5, 1.0])
    assert np.allclose(recent(np.array([7, 7]), 0.1), 1.0)
