"""How near to a law's optimum, on laws whose right answer is known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pytest

from recommender.corpus.law import Law, Purchase, sample
from recommender.errors import RequestError
from recommender.evaluation.optimum import evaluate_generated
from recommender.recommenders import registry
from recommender.recommenders.name_overlap import NameOverlap
from recommender.recommenders.ranking import Ranking
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.language.test_arabic import WESTERN

SHOP = Catalogue(
    "shop",
    [Item(f"{sport}-{place}", f"{sport} {place}", sport=sport) for sport in ("golf", "judo") for place in range(3)],
)


class Skewed:
    """Always the first candidate with 3 to 1 over the second, nothing else."""

    def next_distribution(self, basket: Sequence[str]) -> Mapping[str, float]:
        first, second = [item.id for item in SHOP.candidates(basket)][:2]
        return {first: 0.75, second: 0.25}


class ByLaw:
    """Ranks by a law: the best there can be."""

    def __init__(self, law: Law) -> None:
        self.law = law

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        shares = self.law.next_distribution([item.id for item in basket])
        return Ranking.from_scores(candidates, [math.log(shares[item.id]) for item in candidates])


class Backwards:
    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        return Ranking.from_scores(candidates, range(len(candidates)))


PURCHASES = [Purchase(("golf-0",), "golf-1")] * 3 + [Purchase(("golf-0",), "golf-2")]
SECOND, FOURTH, FIFTH = (1 / math.log2(1 + place) for place in (2, 4, 5))


def test_figures_worked_out_by_hand() -> None:
    found = evaluate_generated(Backwards(), PURCHASES, SHOP, Skewed())
    optimum = (3 + SECOND) / 4
    assert found.rows == 4
    assert found.ndcg["optimum"].value == pytest.approx(optimum)
    assert found.ndcg["model"].value == pytest.approx((3 * FIFTH + FOURTH) / 4)
    # Two items of golf fit; a uniform pick has each first half of the time.
    assert found.ndcg["uniform"].value == pytest.approx((1 + SECOND) / 2)
    assert found.relative["uniform"].value == pytest.approx((1 + SECOND) / 2 / optimum)
    # These four draws are as frequent as the law has them.
    assert found.relative_expected["model"].value == pytest.approx(found.relative["model"].value)


def test_a_model_that_knows_the_law_reaches_the_optimum() -> None:
    catalogue = Catalogue.load("sports")
    law = Law(catalogue.items)
    found = evaluate_generated(ByLaw(law), sample(catalogue.items, 3, 50), catalogue, law)
    assert found.relative["model"].value == found.relative_expected["model"].value == 1.0


def test_nothing_beats_the_optimum_in_expectation() -> None:
    catalogue = Catalogue.load("sports")
    purchases = sample(catalogue.items, 4, 60)
    others = registry.fit(())
    found = evaluate_generated(NameOverlap(), purchases, catalogue, Law(catalogue.items), baselines=others)
    assert list(found.relative_expected) == ["model", *others, "uniform"]
    assert all(estimate.value <= 1 for estimate in found.relative_expected.values())


def test_the_uniform_control_takes_everything_where_nothing_fits() -> None:
    catalogue = Catalogue("one of each", [Item("golf", sport="golf", en="Golf"), Item("a", en="A"), Item("b", en="B")])
    found = evaluate_generated(Backwards(), [Purchase(("golf",), "a")], catalogue, Law(catalogue.items))
    assert found.ndcg["uniform"].value == pytest.approx((1 + SECOND) / 2)


def test_the_law_of_the_shipped_catalogue_is_not_too_flat_to_measure_by() -> None:
    catalogue = Catalogue.load("sports")
    found = evaluate_generated(Backwards(), sample(catalogue.items, 9, 200), catalogue, Law(catalogue.items))
    assert found.relative_expected["uniform"].value < 0.88


def test_the_document_and_the_table_hold_the_same_figures() -> None:
    found = evaluate_generated(Backwards(), PURCHASES, SHOP, Skewed(), "ar")
    document = found.to_json()
    assert list(document) == ["rows", "language", "ndcg@10", "relative", "relative_expected"]
    assert f"{found.ndcg['optimum'].value:.3f}" in found.to_text()
    assert "الحد الأمثل" in found.to_text("ar") and "model" not in found.to_text("ar")
    assert WESTERN.findall(found.to_text("ar")) == []


def test_no_purchase_is_refused() -> None:
    with pytest.raises(RequestError) as failure:
        evaluate_generated(Backwards(), [], SHOP, Skewed())
    assert failure.value.key == "evaluation_no_rows"
