"""Co-purchase."""

import math

import pytest

from recommender.recommenders.co_purchase import CoPurchase
from recommender.recommenders.popularity import Popularity
from tests.recommenders.shop import ROWS, SHOP, ids


def test_similarity_is_the_cosine_over_baskets() -> None:
    knn = CoPurchase(ROWS)
    assert knn.similarity("soccer-ball", "soccer-jersey") == pytest.approx(2 / math.sqrt(3 * 2))
    assert knn.similarity("soccer-jersey", "soccer-ball") == knn.similarity("soccer-ball", "soccer-jersey")
    assert knn.similarity("kettle", "soccer-ball") == 0.0


def test_co_purchase_puts_what_is_bought_together_above_what_is_popular() -> None:
    ranking = CoPurchase(ROWS).rank([SHOP["tennis-shirt"]], SHOP.candidates(["tennis-shirt"]))
    assert ids(ranking)[:2] == ["tennis-ball", "soccer-ball"]


def test_co_purchase_falls_back_on_popularity_for_a_basket_it_has_never_seen() -> None:
    candidates = SHOP.candidates(["kettle"])
    expected = Popularity(ROWS).rank([SHOP["kettle"]], candidates)
    ranking = CoPurchase(ROWS).rank([SHOP["kettle"]], candidates)
    assert [row.probability for row in ranking] == pytest.approx([row.probability for row in expected])
