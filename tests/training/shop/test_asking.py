"""A shop's T5 is asked many questions, in the time there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest

from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.recommenders.sales import stacked
from recommender.recommenders.sales.popular import Popular
from recommender.recommenders.sales.shop_blend import ShopBlend
from recommender.shop.sales.history import History, Question
from recommender.t5 import T5Recommender
from recommender.training.shop import asking
from recommender.training.shop.asking import CHUNK, ask
from tests.training.shop.conftest import SHOP

QUESTIONS = [Question(number, History.of_basket((number % 6,)), (number + 1) % 6) for number in range(10 * CHUNK)]


class Slow:
    """Takes ten seconds of a made-up clock for each chunk."""

    def __init__(self) -> None:
        self.now = 0.0

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        self.now += 10
        return [Ranking.from_scores(request.candidates, [0.0] * len(request.candidates)) for request in requests]


@pytest.mark.parametrize(("seconds", "chunks"), [(0.0, 1), (25.0, 2), (30.0, 3), (1000.0, 10)])
def test_it_is_asked_as_much_as_the_seconds_allow(monkeypatch: pytest.MonkeyPatch, seconds: float, chunks: int) -> None:
    slow, size = Slow(), len(SHOP)
    monkeypatch.setattr(asking, "monotonic", lambda: slow.now)
    none: Any = np.zeros((0, size), np.float32)
    counted = stacked.fit({"popularity": none}, np.zeros(0, np.int64), none.astype(bool), [])
    popular = {"popularity": Popular(np.full(size, 1 / size, np.float32))}
    shop = ShopBlend(SHOP, popular, counted, counted, np.zeros(size, bool), size)
    asked = ask(cast(T5Recommender, slow), shop, QUESTIONS, "en", False, seconds)
    assert len(asked.questions) == chunks * CHUNK and asked.scores.shape == (chunks * CHUNK, size)
    assert asked.heard.sum() == chunks * CHUNK * (size - 1)
