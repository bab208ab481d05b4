"""What share of the right items a retrieval keeps: recall@k on the latest purchases, learned without them."""

from __future__ import annotations

from typing import Final

import numpy as np

from recommender.recommenders.recall import Recall
from recommender.retrieval.content import Embedder
from recommender.retrieval.folder import by_rows
from recommender.retrieval.together import Together
from recommender.retrieval.towers import Rows, Towers
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.split import split_by_time

AT: Final = 100
SHARE: Final = 0.1
"""Of the purchases, the latest, that judge."""
MOST: Final = 500
"""Questions, one a customer."""
FEWEST: Final = 20
"""Questions without which nothing is said."""
_Z95: Final = 1.959964


def recall_of(towers: Towers, sales: Sales, embedder: Embedder, at: int = AT) -> Recall | None:
    """recall@`at` of an index's towers, had it learned from all but the latest sales; None with too few of them.

    `sales` are of the towers' own catalogue.
    """
    repeats = towers.catalogue.repeats
    split = split_by_time(sales, SHARE, repeats=repeats, most=MOST)
    if len(split.questions) < FEWEST:
        return None
    rows = towers.rows
    learned = Together(**by_rows(Together.learn(split.before), rows.places))
    before = Towers(towers.catalogue, Rows(rows.places, rows.vectors, rows.nearest, learned), embedder)
    items = towers.catalogue.items
    kept = 0
    for question in split.questions:
        found = before.nearest([items[place] for place in question.history.bought], at)
        kept += any(item.id == items[question.next].id for item in found)
    count = len(split.questions)
    low, high = _interval(kept / count, count)
    return Recall(at, kept / count, low, high, count)


def _interval(share: float, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (JASA 1927)."""
    spread = _Z95**2 / trials
    centre = (share + spread / 2) / (1 + spread)
    half = _Z95 * float(np.sqrt(share * (1 - share) / trials + spread / trials / 4)) / (1 + spread)
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))
