"""How near a recommender comes to the best that is possible on a law's customers."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol

from recommender.errors import RequestError
from recommender.evaluation import cases as case_tables
from recommender.evaluation import metrics
from recommender.evaluation.cases import Case, HasPurchase
from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.evaluation_table import GeneratedEvaluation
from recommender.recommenders.many import Progress, rank_all
from recommender.recommenders.ranking import Ranking, Recommender
from recommender.shop.catalogue import Catalogue


class NextDistribution(Protocol):
    """A law that states the exact distribution of the next item."""

    def next_distribution(self, basket: Sequence[str]) -> Mapping[str, float]:
        """p(next | basket) by id."""
        ...


def evaluate_generated(
    recommender: Recommender,
    purchases: Sequence[HasPurchase],
    catalogue: Catalogue,
    law: NextDistribution,
    language: str = "en",
    *,
    baselines: Mapping[str, Recommender] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> GeneratedEvaluation:
    """NDCG@10 on a law's customers, beside the most that any recommender can reach there.

    The optimum ranks by the law's own distribution. The uniform control puts the coherent candidates first in an order
    drawn at random, then the others likewise (all alike where none is coherent); its figure is exact, not one draw.

    Raises:
        RequestError: if there is no purchase.
    """
    if not purchases:
        raise RequestError("evaluation_no_rows")
    cases = case_tables.from_purchases(purchases, catalogue)
    laws = [law.next_distribution(purchase.basket) for purchase in purchases]
    requests = [case.request(language) for case in cases]
    rankings = {"model": rank_all(recommender, requests, progress)}
    rankings |= {name: rank_all(other, requests) for name, other in (baselines or {}).items()}
    rankings["optimum"] = [_by_law(case, shares) for case, shares in zip(cases, laws, strict=True)]
    gains = {name: [_gains(ranking) for ranking in column] for name, column in rankings.items()}
    gains["uniform"] = [_uniform_gains(case) for case in cases]
    groups = [case.group for case in cases]
    sampled = {
        name: [gain[case.next.id] for gain, case in zip(column, cases, strict=True)] for name, column in gains.items()
    }
    expected = {
        name: [
            sum(p * gain[item_id] for item_id, p in shares.items()) for gain, shares in zip(column, laws, strict=True)
        ]
        for name, column in gains.items()
    }
    return GeneratedEvaluation(
        rows=len(cases),
        language=language,
        ndcg={name: metrics.mean(values, groups, seed) for name, values in sampled.items()},
        relative=_relative(sampled, groups, seed),
        relative_expected=_relative(expected, groups, seed),
    )


def _by_law(case: Case, shares: Mapping[str, float]) -> Ranking:
    chances = [shares.get(item.id, 0.0) for item in case.candidates]
    return Ranking.from_scores(case.candidates, [math.log(p) if p else -math.inf for p in chances])


def _gains(ranking: Ranking) -> dict[str, float]:
    return {row.item.id: metrics.ndcg(place) for place, row in enumerate(ranking, 1)}


def _uniform_gains(case: Case) -> dict[str, float]:
    count, total = len(case.fitting), len(case.candidates)
    places = [metrics.ndcg(place) for place in range(1, total + 1)]
    first = sum(places[:count]) / max(1, count)
    rest = sum(places[count:]) / max(1, total - count)
    return {item.id: first if item.id in case.fitting else rest for item in case.candidates}


def _relative(gains: Mapping[str, Sequence[float]], groups: Sequence[Hashable], seed: int) -> dict[str, Estimate]:
    return {
        name: metrics.ratio_of_means(values, gains["optimum"], groups, seed)
        for name, values in gains.items()
        if name != "optimum"
    }
