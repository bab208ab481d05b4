"""Training of GRU4Rec and SASRec on a shop's sales, within a budget.

All prefixes of all histories are examples, and the loss is the cross-entropy over what is on offer: without repeats
what the customer has bought is no choice. In a large shop some hundred items, drawn for each step, stand for all
(Bengio & Senécal 2003): several times as fast. Old purchases may count less than late ones. The weights that judge best
on the validation questions are kept, and training ends early where they get no better.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.recommenders.sales.chosen import log_likelihood
from recommender.recommenders.sales.numbered import Scorer, Scores
from recommender.recommenders.sales.pasts import fading, offered, targets
from recommender.recommenders.sales.sequential import LONGEST, Gru4Rec, SasRec, Sequential
from recommender.shop.sales.history import Question
from recommender.shop.sales.sales import Sales
from recommender.training.sequential_networks import NETWORKS, NOTHING, Kind, Network

SCORERS: Final[dict[Kind, type[Sequential]]] = {"gru4rec": Gru4Rec, "sasrec": SasRec}


@dataclass(frozen=True)
class Plan:
    """How to train; the first of `seconds` and `epochs` to be reached ends it.

    Attributes:
        width: of vectors and states.
        dropout: share of what is left out while it trains.
        rate: the highest learning rate; it falls to a twentieth along half a cosine.
        batch: windows of a history in a step.
        half_life: share of the period after which a purchase counts half.
        patience: epochs without a better validation until it ends.
        drawn: items that stand for all in a step, where there are more than twice as many.
    """

    seconds: float = 60.0
    epochs: int = 12
    width: int = 64
    dropout: float = 0.2
    rate: float = 5e-3
    batch: int = 128
    half_life: float = math.inf
    patience: int = 3
    seed: int = 0
    drawn: int = 512


@dataclass(frozen=True)
class Epoch:
    """What an epoch came to: mean nats a purchase, the validation's mean log-likelihood, and seconds so far."""

    loss: float
    validation: float
    seconds: float


@dataclass(frozen=True)
class Fitted:
    """The best network, each epoch, and which of them was the best (from 1)."""

    scorer: Sequential
    epochs: tuple[Epoch, ...]
    best: int


def fit(
    kind: Kind,
    sales: Sales,
    questions: Sequence[Question],
    plan: Plan = Plan(),
    *,
    repeats: bool,
    start: Sequential | None = None,
    progress: Callable[[Epoch], None] | None = None,
) -> Fitted:
    """Train on all of `sales`; `questions`, of what was bought later, say which epoch is the best.

    Without questions the last epoch is. With `start`, a network of the same kind, width and items, from its weights.
    The same seed gives the same weights where the epochs end it, not the seconds.
    """
    begun = time.monotonic()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(plan.seed)
        network = NETWORKS[kind](len(sales.catalogue.items), plan.width, plan.dropout)
        if start is not None:
            network.load_state_dict({name: torch.from_numpy(own.copy()) for name, own in start.weights.items()})
        optimiser = torch.optim.AdamW(network.parameters(), lr=plan.rate, weight_decay=0.0)
        windows = _Windows(sales, repeats, plan)
        done: list[Epoch] = []
        best, kept = 0, _scorer(kind, network)
        while len(done) < plan.epochs and (spent := time.monotonic() - begun) < plan.seconds and windows.any:
            losses = []
            for part, batch in windows.epoch():
                share = max((len(done) + part) / plan.epochs, spent / plan.seconds)
                losses.append(_step(network, optimiser, batch, _rate(plan, share)))
                if (spent := time.monotonic() - begun) >= plan.seconds:
                    break
            now = _scorer(kind, network)
            judged = _judged(now, questions, len(sales.catalogue.items), repeats)
            done.append(Epoch(float(np.mean(losses)), judged, time.monotonic() - begun))
            if progress:
                progress(done[-1])
            if not best or not questions or judged > done[best - 1].validation:
                best, kept = len(done), now
            if len(done) - best >= plan.patience:
                break
    return Fitted(kept, tuple(done), best)


def _rate(plan: Plan, share: float) -> float:
    return plan.rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, share))))


def _scorer(kind: Kind, network: Network) -> Sequential:
    return SCORERS[kind]({name: weight.detach().numpy().copy() for name, weight in network.named_parameters()})


def _judged(scorer: Scorer, questions: Sequence[Question], items: int, repeats: bool) -> float:
    histories = [one.history for one in questions]
    scores: Scores = scorer.scores(histories)
    wanted = np.array([one.next for one in questions], np.int64)
    return log_likelihood(scores, wanted, offered(histories, items, repeats=repeats)) if questions else math.nan


@dataclass(frozen=True)
class _Batch:
    items: Tensor
    events: Tensor
    asked: Tensor
    """Which places of (windows, longest) have a purchase after them."""
    wanted: Tensor
    weights: Tensor
    barred: Tensor | None
    """Of each asked place, what is not on offer: (asked places, items or drawn)."""
    drawn: Tensor | None
    """The items that stand for all others; None where all are told apart."""


def _step(network: Network, optimiser: torch.optim.Optimizer, batch: _Batch, rate: float) -> float:
    for group in optimiser.param_groups:
        group["lr"] = rate
    network.train()
    wanted, barred = batch.wanted, batch.barred
    if batch.drawn is None:
        logits = network(batch.items, batch.events, batch.asked)
    else:
        logits = network.among(batch.items, batch.events, batch.asked, wanted, batch.drawn)
        wanted = torch.zeros_like(wanted)
        barred = None if barred is None else nn.functional.pad(barred, (1, 0))
    if barred is not None:
        logits = logits.masked_fill(barred, -1e9)
    each = nn.functional.cross_entropy(logits, wanted, reduction="none")
    loss = (each * batch.weights).sum() / batch.weights.sum()
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())


class _Windows:
    """Histories in windows of `LONGEST` events and the one after, begun elsewhere in each epoch."""

    def __init__(self, sales: Sales, repeats: bool, plan: Plan) -> None:
        self.sales, self.repeats, self.plan = sales, repeats, plan
        self.items = len(sales.catalogue.items)
        self.rng = np.random.default_rng(plan.seed)
        self.asked = np.zeros(len(sales), bool)
        self.asked[targets(sales, repeats=repeats)] = True
        self.weights = fading(sales.times, plan.half_life).astype(np.float32)
        self.any = bool(self.asked.any())

    def epoch(self) -> Iterator[tuple[float, _Batch]]:
        """Each batch, and what share of the epoch came before it; one at a time, for all together are too large."""
        begins, lengths = self._cut()
        # Windows of about one length together, the batches in any order.
        order = np.argsort(lengths + 4 * self.rng.random(len(lengths)), kind="stable")
        starts = self.rng.permutation(np.arange(0, len(order), self.plan.batch))
        for place, start in enumerate(starts):
            chosen = order[start : start + self.plan.batch]
            yield place / len(starts), self._batch(begins[chosen], lengths[chosen])

    def _cut(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        begins, ends = [], []
        bounds = self.sales.starts.tolist()
        for first, last in itertools.pairwise(bounds):
            shift = int(self.rng.integers(LONGEST)) if last - first > LONGEST + 1 else 0
            for at in range(first - shift, last - 1, LONGEST):
                begins.append(max(at, first))
                ends.append(min(at + LONGEST + 1, last))
        found = np.array(begins, np.int64), np.array(ends, np.int64)
        sums = np.concatenate([[0], np.cumsum(self.asked)])
        asks = sums[found[1]] - sums[np.minimum(found[0] + 1, found[1])] > 0
        return found[0][asks], (found[1] - found[0])[asks]

    def _batch(self, begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> _Batch:
        places = begins[:, None] + np.arange(int(lengths.max()))
        there = places < (begins + lengths)[:, None]
        places = np.where(there, places, 0)
        items = torch.from_numpy(np.where(there, self.sales.items[places], self.items).astype(np.int64))
        events = torch.from_numpy(np.where(there, self.sales.events[places], NOTHING).astype(np.int64))
        asked = torch.from_numpy((there & self.asked[places])[:, 1:])
        wanted = items[:, 1:][asked]
        weights = torch.from_numpy(self.weights[places])[:, 1:][asked]
        given = items[:, :-1], events[:, :-1], asked, wanted, weights
        if self.items <= 2 * self.plan.drawn:
            return _Batch(*given, None if self.repeats else self._barred(items[:, :-1], asked, wanted), None)
        drawn = torch.from_numpy(self.rng.choice(self.items, self.plan.drawn, replace=False))
        barred = wanted[:, None] == drawn
        if not self.repeats:
            barred |= torch.cummax((items[:, :-1, None] == drawn).byte(), dim=1).values[asked].bool()
        return _Batch(*given, barred, drawn)

    def _barred(self, items: Tensor, asked: Tensor, wanted: Tensor) -> Tensor:
        seen = torch.zeros((*items.shape, self.items + 1), dtype=torch.uint8).scatter_(2, items[:, :, None], 1)
        barred = torch.cummax(seen, dim=1).values[asked][:, : self.items].bool()
        return barred.scatter(1, wanted[:, None], False)
