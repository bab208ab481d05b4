"""Name overlap."""

import pytest

from recommender.recommenders.name_overlap import NameOverlap
from recommender.shop.items import Item
from tests.recommenders.shop import ITEMS, SHOP, ids


def test_name_overlap_reads_the_language_asked() -> None:
    ball = [SHOP["soccer-ball"]]
    english = NameOverlap().rank(ball, SHOP.candidates(ball))
    assert ids(english)[:3] == ["soccer-jersey", "soccer-cleats", "tennis-ball"]
    assert english.scored[0].probability == pytest.approx(english.scored[2].probability)
    arabic = NameOverlap().rank(ball, SHOP.candidates(ball), "ar")
    assert ids(arabic)[:3] == ["soccer-jersey", "soccer-cleats", "tennis-ball"]
    assert arabic.scored[0].probability > arabic.scored[2].probability


def test_name_overlap_folds_spellings() -> None:
    basket = [Item("a", ar="كُرَةُ السَّلَّة")]
    ranking = NameOverlap().rank(basket, [Item("b", ar="شبكة تنس"), Item("c", ar="حذاء كرة سله")], "ar")
    assert ranking.best.item.id == "c"


def test_an_empty_basket_overlaps_with_nothing() -> None:
    ranking = NameOverlap().rank([], ITEMS)
    assert [row.probability for row in ranking] == pytest.approx([1 / len(ITEMS)] * len(ITEMS))
