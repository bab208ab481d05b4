"""A sequential network for a shop as it is today: its tastes of last month count most, those of last year still do.

A network that was trained on the whole period knows much and is late; one of the last weeks alone knows little. So the
first is trained, then goes on for a little with the latest purchases counting most; and what judged it is learned too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from recommender.recommenders.sales.sequential import Sequential
from recommender.shop.sales.history import Question
from recommender.shop.sales.sales import Sales
from recommender.training.sequential import Epoch, Plan, fit
from recommender.training.sequential_networks import Kind

LATE: Final = 0.2
"""Of the half-life with which it trained, or of the period where age counted nothing: the half-life of the end."""
EPOCHS: Final = 2
FIRST: Final = 0.7
"""Share of the seconds that are for the whole period."""


@dataclass(frozen=True)
class UpToDate:
    """The network as validation questions may judge it, and the one that has learned from all there is.

    Attributes:
        judged: of sales before the validation alone.
        final: the same that has gone on with the purchases of the validation.
        epochs: what the epochs came to that led to `judged`.
        late: whether the latest purchases in the end counted most.
    """

    judged: Sequential
    final: Sequential
    epochs: tuple[Epoch, ...]
    late: bool


def fit_up_to_date(
    kind: Kind,
    early: Sales,
    questions: Sequence[Question],
    whole: Sales,
    plan: Plan,
    *,
    repeats: bool,
    progress: Callable[[Epoch], None] | None = None,
) -> UpToDate:
    """Train on `early`, judge by `questions` of what came next, and go on with `whole`.

    The latest purchases count most in the end where the questions were answered better for it. The seconds of the plan
    are for all of it.
    """
    seconds = plan.seconds * FIRST
    first = fit(kind, early, questions, replace(plan, seconds=seconds), repeats=repeats, progress=progress)
    half_life = LATE * min(plan.half_life, 1.0)
    rest = replace(plan, seconds=plan.seconds * (1 - FIRST) / 2, epochs=EPOCHS, half_life=half_life)
    second = fit(kind, early, questions, rest, repeats=repeats, start=first.scorer, progress=progress)
    validations = [one.epochs[one.best - 1].validation if one.best else float("-inf") for one in (first, second)]
    late = bool(second.best) and validations[1] >= validations[0]
    judged = second if late else first
    start = judged.scorer
    going_on = rest if late else replace(rest, half_life=plan.half_life)
    final = fit(kind, whole, [], going_on, repeats=repeats, start=start)
    return UpToDate(judged.scorer, final.scorer, first.epochs + second.epochs, late)
