"""One contract for every recommender that the registry knows, and for the T5."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import pytest

from recommender.errors import RequestError
from recommender.recommenders import registry
from recommender.recommenders.co_purchase import CoPurchase
from recommender.recommenders.entry import Material
from recommender.recommenders.ranking import Recommender
from recommender.t5 import load
from tests.recommenders.shop import ROWS, SHOP, ids
from tests.tiny import tiny_checkpoint

GIVEN = {"rows": Material(ROWS, 1, CoPurchase(ROWS), 0.75), "no rows": Material((), 1, CoPurchase(()))}
RECOMMENDERS: dict[str, Callable[[], Recommender]] = {
    f"{name}, {told}": partial(entry.make, given)
    for name, entry in registry.entries().items()
    for told, given in GIVEN.items()
}


@pytest.fixture(scope="module", params=[*RECOMMENDERS, "t5"])
def recommender(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    if request.param == "t5":
        return load(str(tiny_checkpoint(tmp_path_factory.mktemp("tiny"))))
    return RECOMMENDERS[request.param]()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("basket", [["soccer-ball"], ["tennis-shirt", "soccer-ball", "kettle"], ["kettle"]])
class TestEveryRecommender:
    def test_ranks_exactly_the_candidates(self, recommender: Recommender, basket: list[str], language: str) -> None:
        candidates = SHOP.candidates(basket)
        ranking = recommender.rank([SHOP[one] for one in basket], candidates, language)
        assert sorted(ids(ranking)) == sorted(item.id for item in candidates)

    def test_gives_probabilities_best_first(self, recommender: Recommender, basket: list[str], language: str) -> None:
        ranking = recommender.rank([SHOP[one] for one in basket], SHOP.candidates(basket), language)
        probabilities = [scored.probability for scored in ranking]
        assert sum(probabilities) == pytest.approx(1.0)
        assert probabilities == sorted(probabilities, reverse=True)
        assert all(math.log(scored.probability) == pytest.approx(scored.log_probability) for scored in ranking)

    def test_answers_the_same_again(self, recommender: Recommender, basket: list[str], language: str) -> None:
        bought, candidates = [SHOP[one] for one in basket], SHOP.candidates(basket)
        assert recommender.rank(bought, candidates, language) == recommender.rank(bought, candidates, language)

    def test_is_sure_of_an_only_candidate(self, recommender: Recommender, basket: list[str], language: str) -> None:
        ranking = recommender.rank([SHOP[one] for one in basket], [SHOP["soccer-cleats"]], language)
        assert ranking.best.item.id == "soccer-cleats"
        assert ranking.best.probability == pytest.approx(1.0)

    def test_refuses_to_choose_from_nothing(self, recommender: Recommender, basket: list[str], language: str) -> None:
        with pytest.raises(RequestError) as failure:
            recommender.rank([SHOP[one] for one in basket], [], language)
        assert failure.value.key == "nothing_left"


@pytest.mark.parametrize("name", RECOMMENDERS)
def test_the_order_of_candidates_changes_no_baselines_probabilities(name: str) -> None:
    recommender, basket = RECOMMENDERS[name](), [SHOP["soccer-ball"]]
    candidates = SHOP.candidates(basket)
    forward = {row.item.id: row.probability for row in recommender.rank(basket, candidates)}
    backward = {row.item.id: row.probability for row in recommender.rank(basket, candidates[::-1])}
    assert forward == pytest.approx(backward)
