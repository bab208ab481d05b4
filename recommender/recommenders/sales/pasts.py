"""Histories as arrays: what came last before each question, and what is on offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.shop.sales.events import PURCHASE, RETURN
from recommender.shop.sales.history import History
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.split import LONGEST

Kinds = tuple[float, float, float, float, float]
"""What an event of each kind counts, by its number in `events.EVENTS`."""


@dataclass(frozen=True)
class Pasts:
    """The latest events of many histories, the last one first; -1 where there was none.

    A purchase that was taken back is kept as a return.

    Attributes:
        items: int32, shape (histories, longest).
        events: int8, the same shape.
    """

    items: NDArray[np.int32]
    events: NDArray[np.int8]

    @classmethod
    def of(cls, histories: Sequence[History], longest: int = LONGEST) -> Pasts:
        """The last `longest` events of each history."""
        widest = min(longest, max((len(one.events) for one in histories), default=0))
        pairs = np.full((len(histories), widest, 2), -1, np.int32)
        for row, history in enumerate(histories):
            if history.events and widest:
                latest = np.array(history.events[-widest:][::-1], np.int32)
                pairs[row, : len(latest)] = latest
        return cls(pairs[:, :, 1], _without_returned(pairs[:, :, 1], pairs[:, :, 0].astype(np.int8)))

    def bag(self, items: int, kinds: Kinds, decay: float) -> NDArray[np.float32]:
        """How much each item counts in each history: shape (histories, items).

        An event counts what its kind does, times `decay` for every event after it of a kind that counts.
        """
        counts = np.array([*kinds, 0.0])[self.events]
        later = np.cumsum(counts != 0, axis=1) - 1
        counts *= decay ** np.maximum(later, 0)
        rows = np.broadcast_to(np.arange(len(self.items))[:, None], self.items.shape)
        there = self.items >= 0
        flat = np.bincount(rows[there] * items + self.items[there], counts[there], len(self.items) * items)
        return flat.reshape(len(self.items), items).astype(np.float32)


def _without_returned(items: NDArray[np.int32], events: NDArray[np.int8]) -> NDArray[np.int8]:
    """The events with each purchase that a later return took back as a return."""
    events = events.copy()
    for row, place in np.argwhere(events == RETURN):
        taken = np.flatnonzero((items[row] == items[row, place]) & (events[row] == PURCHASE))
        if len(taken := taken[taken > place]):
            events[row, taken[0]] = RETURN
    return events


def offered(histories: Sequence[History], items: int, *, repeats: bool) -> NDArray[np.bool_]:
    """What is on offer after each history, shape (histories, items): all, or without `repeats` what was not bought."""
    mask = np.ones((len(histories), items), bool)
    if not repeats:
        for row, history in enumerate(histories):
            mask[row, list(history.bought)] = False
    return mask


def targets(sales: Sales, *, repeats: bool) -> NDArray[np.int64]:
    """Places of the purchases to learn from: something came before and, without `repeats`, they are an item's first."""
    places = np.flatnonzero(sales.events == PURCHASE)
    if not repeats and len(places):
        pairs = sales.customers[places].astype(np.int64) * (int(sales.items.max()) + 1) + sales.items[places]
        places = places[np.sort(np.unique(pairs, return_index=True)[1])]
    return places[places > sales.starts[sales.customers[places]]] if len(places) else places


def fading(times: NDArray[np.int64], half_life: float) -> NDArray[np.float64]:
    """What each event counts by its age: half for every `half_life`, a share of the whole period; shape (events,)."""
    if not len(times) or np.isinf(half_life):
        return np.ones(len(times))
    period = max(1, int(times.max() - times.min()))
    return np.asarray(0.5 ** ((times.max() - times) / (half_life * period)), np.float64)
