"""A shop's T5 goes on with sales that came later: tastes of last month count most, those of last year still do.

The questions that choose a model come from purchases it must not know by then. Methods that count are made anew with
them in a second; a T5 has no time to begin again, so it goes on for a while from where it was best, at a rate that
falls to nothing, with the latest purchases drawn most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Final

import numpy as np

from recommender.recommenders.sales.numbered import Scorer
from recommender.shop.sales.sales import Sales
from recommender.training.shop.batches import Taste
from recommender.training.shop.examples import Examples
from recommender.training.shop.fit import FittedT5
from recommender.training.shop.learning import Learner

RATE: Final = 0.3
"""Of the full rate, at first."""
WARMUP: Final = 10
"""Steps until it is reached: the optimizer knows nothing yet of how large the gradients are."""
LATE: Final = 0.2
"""Of the half-life that a purchase's weight has in the methods, or of the period where it has none: that here."""
TOLD: Final = 6
"""How often the loss is told."""


def go_on(
    made: FittedT5,
    sales: Sales,
    minutes: float,
    *,
    repeats: bool,
    half_life: float,
    seed: int,
    teacher: Scorer | None = None,
    progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = monotonic,
) -> FittedT5:
    """Train what `fit_t5` made for `minutes` on `sales`, all that is known by now; `made` itself goes on.

    `half_life` is that of a purchase's weight in the shop's methods, as a share of the period. `teacher` was fitted on
    `sales`; `progress` is told the mean loss now and then.
    """
    network, seconds = made.network, minutes * 60
    examples = Examples(sales, repeats=repeats)
    if not len(examples) or seconds <= 0:
        return made
    batches = network.batches(
        examples, repeats=repeats, seed=seed, teacher=teacher, weights=recent(examples.times, LATE * min(half_life, 1))
    )
    recipe = network.recipe
    taste = Taste(recipe.most, recipe.shuffled, recipe.spelling, recipe.spelt, recipe.taught)
    learner = Learner(network.shop.model, recipe)
    begun, steps, due, losses = clock(), 0, 1 / TOLD, []
    while (spent := (clock() - begun) / seconds) < 1 and not cancelled():
        rate = RATE * min(1.0, (steps + 1) / WARMUP) * (1 - spent)
        losses.append(learner.step(batches.next(taste), rate))
        network.shop.share()
        steps += 1
        if spent >= due:
            progress(sum(losses) / len(losses))
            due, losses = spent + 1 / TOLD, []
    return replace(made, model=network.shop.whole(), steps=made.steps + steps, seconds=made.seconds + clock() - begun)


def recent(times: np.ndarray, half_life: float) -> np.ndarray:
    """Weights of examples: half as much for each `half_life` (a share of the period) that they are older."""
    age = (times.max() - times) / max(1, int(times.max() - times.min()))
    found: np.ndarray = 0.5 ** (age / half_life)
    return found
