"""Popularity."""

import pytest

from recommender.recommenders.popularity import Popularity
from tests.recommenders.shop import ROWS, SHOP, ids


def test_popularity_counts_baskets_and_next_items() -> None:
    ranking = Popularity(ROWS, smoothing=1.0).rank([SHOP["soccer-jersey"]], SHOP.candidates(["soccer-jersey"]))
    counts = {"soccer-ball": 3, "tennis-ball": 2, "soccer-cleats": 1, "tennis-shirt": 1, "kettle": 0}
    assert ids(ranking) == list(counts)
    assert [scored.probability for scored in ranking] == pytest.approx([(n + 1) / 12 for n in counts.values()])
