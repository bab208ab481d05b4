"""The weight of a blend, chosen on validation rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recommender.errors import RequestError
from recommender.evaluation import metrics
from recommender.recommenders.blend import mix
from recommender.recommenders.many import rank_all
from recommender.recommenders.ranking import RankRequest, Recommender
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue

GRID: Final = tuple(step / 20 for step in range(21))


@dataclass(frozen=True)
class Tuned:
    """The weight of the second recommender with the best NDCG@10, and the whole curve.

    Attributes:
        curve: (weight of the second, NDCG@10 over the rows), weights ascending.
    """

    weight: float
    curve: tuple[tuple[float, float], ...]


def tune_weight(
    first: Recommender,
    second: Recommender,
    rows: Sequence[Row],
    catalogue: Catalogue,
    language: str = "en",
    grid: Sequence[float] = GRID,
) -> Tuned:
    """The weight of `second` (0 to 1, `first` has the rest) with the highest NDCG@10 on `rows`; of equals the smallest.

    Each recommender ranks each row once. Tune on validation rows, never on test rows.

    Raises:
        RequestError: if there is no row.
    """
    if not rows:
        raise RequestError("evaluation_no_rows")
    requests = []
    for row in rows:
        basket = [catalogue[item_id] for item_id in row.basket]
        requests.append(RankRequest(basket, catalogue.candidates(basket), language))
    pairs = list(zip(rank_all(first, requests), rank_all(second, requests), strict=True))
    gains = {
        weight: [
            metrics.ndcg(mix(pair, (1 - weight, weight)).rank_of(row.next))
            for row, pair in zip(rows, pairs, strict=True)
        ]
        for weight in sorted({0.0, *grid})
    }
    curve = tuple((weight, sum(values) / len(values)) for weight, values in gains.items())
    best = max(curve, key=lambda point: (point[1], -point[0]))[0]
    return Tuned(best, curve)
