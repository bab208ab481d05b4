"""The systems of the scoreboard that are no language model: how they are asked, fitted and split."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from recommender.corpus.law import Law, Purchase
from recommender.corpus.pool import training_pool
from recommender.evaluation import cases, metrics, optimum
from recommender.evaluation import measuring as evaluation
from recommender.evaluation.cases import Case
from recommender.evaluation.measuring import Prediction
from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.measures import MEASURES, Measures
from recommender.evaluation.report.scoreboard_file import MEMORY, Sizes, Split
from recommender.recommenders import registry
from recommender.recommenders.many import Progress
from recommender.recommenders.ranking import Ranking, RawOutput, Recommender
from recommender.shop import baskets
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

_KEYS: Final = frozenset(measure.key for measure in MEASURES)


class ByHeart:
    """Recalls the most similar training row, and understands nothing: what a leak is worth to who learns by heart.

    A candidate is as good as the Jaccard index of the basket and the rest of the nearest training row that holds it.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.known = {row.items for row in rows}

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """The candidate that completes the nearest row first.

        Raises:
            RequestError: if there is no candidate.
        """
        bought = frozenset(item.id for item in basket)
        return Ranking.from_scores(candidates, [self._nearness(bought, item.id) for item in candidates])

    def _nearness(self, bought: frozenset[str], item_id: str) -> float:
        rests = [row - {item_id} for row in self.known if item_id in row]
        return max((len(bought & rest) / len(bought | rest) for rest in rests), default=0.0)


def ask(
    recommender: Recommender, asked: Sequence[Case], shuffles: int = 0, seed: int = 0, progress: Progress | None = None
) -> list[Prediction]:
    """What a system that does not write says, asked in English; its best item's name stands for the text."""
    predictions = evaluation.ask(recommender, asked, "en", shuffles=shuffles, seed=seed, progress=progress)
    return [replace(one, raw=RawOutput(one.ranking.best.item.name("en"))) for one in predictions]


def kept(measures: Measures) -> dict[str, Estimate]:
    """Those of some measures that the scoreboard shows."""
    return {name: estimate for name, estimate in measures.items() if name in _KEYS}


def sizes_of(rows: Sequence[Row]) -> Sizes:
    """How many rows these are, and of how many groups."""
    return Sizes(len(rows), len({row.group for row in rows}))


def generated(purchases: Sequence[Purchase], fit: Sequence[Row], seed: int) -> dict[str, Estimate]:
    """NDCG@10 on the law's customers, the optimum and the uniform control among the systems.

    What counts purchases has counted the pool, whose baskets the model has learned from, and the training rows `fit`.
    """
    sports = Catalogue.load("sports")
    learned = [*fit, *(Row("", "train", "generated", one.basket, one.next) for one in training_pool())]
    (first, judged), *others = registry.fit(learned, seed).items()
    found = optimum.evaluate_generated(
        judged, purchases, sports, Law(list(sports)), baselines=dict(others), seed=seed
    ).ndcg
    return {first if name == "model" else name: estimate for name, estimate in found.items()}


@lru_cache(maxsize=2)
def splits(seed: int) -> dict[str, Split]:
    """The systems by the shipped split, which keeps groups whole, and by one of as many rows that does not."""
    every = baskets.load(baskets.PATH, Catalogue.load("sports"))
    fit, test = (baskets.of_split(every, name) for name in ("train", "test"))
    drawn = random.Random(f"{seed}/rows").sample(every, len(fit) + len(test))
    return {"groups": split(fit, test, seed), "rows": split(drawn[: len(fit)], drawn[len(fit) :], seed)}


def split(fit: Sequence[Row], test: Sequence[Row], seed: int) -> Split:
    """The baselines and `ByHeart`, fitted on one part of the rows over `sports` and judged on another."""
    known, judged = {row.items for row in fit}, {row.items for row in test}
    shared = [row for row in test if row.items in known]
    rest = [row for row in fit if row.items not in judged]
    found = {name: kept(evaluation.measure(column, "en", seed)) for name, column in _judge(fit, test, seed).items()}
    leaked, mended = (_first(_judge(rows, shared, seed)) if shared and rest else {} for rows in (fit, rest))
    return Split(sizes_of(fit), sizes_of(test), len(shared), found, leaked, mended)


def _judge(fit: Sequence[Row], test: Sequence[Row], seed: int) -> dict[str, list[Prediction]]:
    asked = cases.from_rows(test, Catalogue.load("sports"))
    systems = {**registry.fit(fit, seed), MEMORY: ByHeart(fit)}
    return {name: ask(system, asked, seed=seed) for name, system in systems.items()}


def _first(predictions: Mapping[str, Sequence[Prediction]]) -> dict[str, Estimate]:
    """hit@1 by system."""
    return {
        name: metrics.share([metrics.hit(one.rank, 1) for one in column], [one.case.group for one in column])
        for name, column in predictions.items()
    }
