"""Asking a shop's T5 many questions at once, as the service will ask it, in the time there is for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.ranking import RankRequest
from recommender.recommenders.sales.numbered import Scorer, Scores
from recommender.recommenders.sales.pasts import offered
from recommender.recommenders.sales.shop_blend import MODEL, UNHEARD, ShopBlend
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.history import Question
from recommender.t5 import T5Recommender
from recommender.training.shop.examples import request_of

CHUNK: Final = 32


@dataclass(frozen=True)
class Asked:
    """Questions that were asked, in order.

    Attributes:
        scores: natural logs of probabilities by the T5, (questions, items); `UNHEARD` for what it wasn't asked about.
        heard: what it was asked about, the same shape.
    """

    questions: tuple[Question, ...]
    scores: Scores
    heard: NDArray[np.bool_]


@dataclass(frozen=True)
class Said:
    """What methods say of questions.

    Attributes:
        scores: by method, (questions, items).
        wanted: what was bought, (questions,).
        offer: what was on offer, (questions, items).
        lengths: purchases in each basket.
    """

    scores: Mapping[str, Scores]
    wanted: NDArray[np.int64]
    offer: NDArray[np.bool_]
    lengths: list[int]

    @classmethod
    def of(
        cls, methods: Mapping[str, Scorer], questions: Sequence[Question], catalogue: Catalogue, repeats: bool
    ) -> Said:
        """Each method asked all of the questions."""
        histories = [one.history for one in questions]
        return cls(
            {name: method.scores(histories) for name, method in methods.items()},
            np.array([one.next for one in questions], np.int64),
            offered(histories, len(catalogue), repeats=repeats),
            [len(one.bought) for one in histories],
        )

    def with_model(self, asked: Asked) -> Said:
        """The same and the T5, of the questions whose item it was asked about; on offer is what it was asked about."""
        count = len(asked.questions)
        heard = self.offer[:count] & asked.heard
        rows = np.flatnonzero(heard[np.arange(count), self.wanted[:count]])
        scores = {name: own[rows] for name, own in self.scores.items()}
        lengths = [self.lengths[row] for row in rows.tolist()]
        return Said({**scores, MODEL: asked.scores[rows]}, self.wanted[rows], heard[rows], lengths)


def ask(
    recommender: T5Recommender,
    shop: ShopBlend,
    questions: Sequence[Question],
    language: str,
    repeats: bool,
    seconds: float,
) -> Asked:
    """Ask in chunks until the questions are over, or another chunk would take longer than the seconds.

    The first chunk is always asked.
    """
    begun = monotonic()
    size = len(shop.catalogue)
    place = {item.id: number for number, item in enumerate(shop.catalogue)}
    scores: list[NDArray[np.float32]] = []
    for start in range(0, len(questions), CHUNK):
        requests = [
            _short(request_of(one.history, shop.catalogue, language, repeats=repeats), shop)
            for one in questions[start : start + CHUNK]
        ]
        for ranking in recommender.rank_many(requests):
            row = np.full(size, UNHEARD, np.float32)
            for one in ranking:
                row[place[one.item.id]] = max(one.log_probability, UNHEARD)
            scores.append(row)
        spent = monotonic() - begun
        if spent * (1 + CHUNK / len(scores)) > seconds:
            break
    found = np.stack(scores) if scores else np.zeros((0, size), np.float32)
    return Asked(tuple(questions[: len(found)]), found, found > UNHEARD)


def _short(request: RankRequest, shop: ShopBlend) -> RankRequest:
    return replace(request, candidates=shop.shortlist(request))
