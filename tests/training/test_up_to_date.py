"""A network for a shop as it is today."""

import numpy as np

from recommender.shop.sales.history import History, Question
from recommender.shop.sales.sales import Sales
from recommender.training.sequential import Epoch, Plan
from recommender.training.up_to_date import fit_up_to_date
from tests.recommenders.sales.shop import bought

PLAN = Plan(seconds=float("inf"), epochs=3, width=8, batch=16)
EARLY = bought(*[(0, 1), (2, 3)] * 8)
WHOLE = bought(*[(0, 1), (2, 3)] * 8, *[(0, 4), (2, 4)] * 8)
ASKED = [Question(0, History.of_basket((0,)), 1)]


def probability(scorer: object, item: int) -> float:
    return float(np.exp(scorer.scores([History.of_basket((0,))])[0, item]))  # type: ignore[attr-defined]


def test_the_final_network_has_learned_what_came_last() -> None:
    told: list[Epoch] = []
    found = fit_up_to_date("gru4rec", EARLY, ASKED, WHOLE, PLAN, repeats=False, progress=told.append)
    assert probability(found.final, 4) > probability(found.judged, 4)
    assert tuple(told) == found.epochs
    assert len(told) == 5


def test_a_shop_without_sales_has_a_network_that_answers() -> None:
    nothing: Sales = bought()
    found = fit_up_to_date("gru4rec", nothing, [], nothing, PLAN, repeats=False)
    assert not found.late
    assert np.isfinite(found.final.scores([History.of_basket((1,))])).all()
