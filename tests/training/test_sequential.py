"""Sequential networks: trained in torch, asked in numpy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from recommender.recommenders.sales.sequential import LONGEST, Sequential
from recommender.shop.sales.events import PURCHASE, VIEW
from recommender.shop.sales.history import History, Question
from recommender.training.sequential import SCORERS, Epoch, Plan, fit
from recommender.training.sequential_networks import NETWORKS, NOTHING, Kind
from tests.recommenders.sales.shop import bought, sales_of

KINDS: tuple[Kind, ...] = ("gru4rec", "sasrec")
TINY = Plan(seconds=float("inf"), epochs=2, width=8, batch=16)
CHAINS = bought(*[(0, 1, 2), (1, 2, 3), (3, 4, 5), (4, 5, 0)] * 8)
ASKED = [Question(0, History.of_basket((0, 1)), 2), Question(1, History.of_basket((3, 4)), 5)]


@pytest.mark.parametrize("kind", KINDS)
def test_numpy_computes_what_torch_does(kind: Kind) -> None:
    torch.manual_seed(1)
    network = NETWORKS[kind](6, 8, 0.0).eval()
    weights = {name: weight.detach().numpy() for name, weight in network.named_parameters()}
    histories = [History(((PURCHASE, 1), (VIEW, 4), (PURCHASE, 2))), History.of_basket((5,)), History.of_basket((3, 0))]
    items = torch.tensor([[1, 4, 2], [5, 6, 6], [3, 0, 6]])
    events = torch.tensor([[PURCHASE, VIEW, PURCHASE], [PURCHASE, NOTHING, NOTHING], [PURCHASE, PURCHASE, NOTHING]])
    asked = torch.tensor([[False, False, True], [True, False, False], [False, True, False]])
    with torch.no_grad():
        expected = torch.log_softmax(network(items, events, asked), dim=1).numpy()
    assert SCORERS[kind](weights).scores(histories) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_chain_is_learned(kind: Kind) -> None:
    plan = Plan(seconds=float("inf"), epochs=30, width=16, batch=16, rate=0.02, dropout=0.0, patience=30)
    fitted = fit(kind, CHAINS, ASKED, plan, repeats=True)
    assert fitted.scorer.scores([one.history for one in ASKED]).argmax(axis=1).tolist() == [2, 5]
    assert fitted.epochs[-1].loss < fitted.epochs[0].loss


@pytest.mark.parametrize("repeats", [True, False])
def test_a_chain_is_learned_by_a_few_items_that_stand_for_all(repeats: bool) -> None:
    plan = Plan(seconds=float("inf"), epochs=40, width=16, batch=16, rate=0.02, dropout=0.0, patience=40, drawn=2)
    fitted = fit("gru4rec", CHAINS, ASKED, plan, repeats=repeats)
    scores = fitted.scorer.scores([one.history for one in ASKED])
    scores[[0, 0, 1, 1], [0, 1, 3, 4]] = -np.inf
    assert scores.argmax(axis=1).tolist() == [2, 5]
    whole = fit("gru4rec", CHAINS, ASKED, replace(plan, drawn=512), repeats=repeats)
    assert fitted.epochs[fitted.best - 1].validation == pytest.approx(whole.epochs[whole.best - 1].validation, abs=0.25)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_network(kind: Kind) -> None:
    first, again = (fit(kind, CHAINS, ASKED, TINY, repeats=True).scorer.scores([ASKED[0].history]) for _ in range(2))
    assert np.array_equal(first, again)


def test_the_best_epoch_is_kept_and_told() -> None:
    told: list[Epoch] = []
    fitted = fit("gru4rec", CHAINS, ASKED, TINY, repeats=False, progress=told.append)
    assert tuple(told) == fitted.epochs
    assert fitted.best == 1 + max(range(len(told)), key=lambda place: told[place].validation)


def test_training_ends_where_it_gets_no_better() -> None:
    against = [Question(0, History.of_basket((0, 1)), 5)]
    plan = Plan(seconds=float("inf"), epochs=50, width=8, batch=4, rate=0.05, patience=2)
    fitted = fit("gru4rec", CHAINS, against, plan, repeats=False)
    assert len(fitted.epochs) == fitted.best + 2


def test_no_time_and_no_sales_leave_a_network_that_answers() -> None:
    for sales, plan in ((CHAINS, Plan(seconds=0.0, width=8)), (bought((1,)), TINY), (sales_of([]), TINY)):
        fitted = fit("gru4rec", sales, [], plan, repeats=False)
        assert fitted.epochs == ()
        assert fitted.scorer.scores([History(())]).shape == (1, 6)


def test_a_long_history_is_cut_into_windows_that_miss_nothing() -> None:
    long = bought(tuple(range(3 * LONGEST)), items=3 * LONGEST)
    fitted = fit("sasrec", long, [], TINY, repeats=False)
    assert len(fitted.epochs) == 2
    assert np.isfinite(fitted.scorer.scores([History.of_basket(tuple(range(40)))])).all()
    assert isinstance(fitted.scorer, Sequential)
    assert set(fitted.scorer.to_arrays()) >= {"item.weight", "place.weight", "out.bias"}
