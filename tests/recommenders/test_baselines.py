"""One contract for every recommender, then what each baseline knows."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from recommender.errors import RequestError
from recommender.recommenders import baselines
from recommender.recommenders.blend import Blend
from recommender.recommenders.ranking import Ranking, Recommender
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue, Item
from recommender.t5 import load
from tests.tiny import tiny_checkpoint

ITEMS = (
    Item("soccer-ball", "Soccer Ball", "كرة القدم", "soccer", "ball"),
    Item("soccer-jersey", "Soccer Jersey", "قميص كرة القدم", "soccer", "top"),
    Item("soccer-cleats", "Soccer Cleats", "حذاء كرة القدم", "soccer", "footwear"),
    Item("tennis-ball", "Tennis Ball", "كرة التنس", "tennis", "ball"),
    Item("tennis-shirt", "Tennis Shirt", "قميص التنس", "tennis", "top"),
    Item("kettle", "Kettle"),
)
SHOP = Catalogue("shop", ITEMS)


def row(basket: str, following: str) -> Row:
    return Row(f"{basket} {following}", "train", "begun", tuple(basket.split()), following)


ROWS = [
    row("soccer-jersey", "soccer-ball"),
    row("soccer-ball soccer-jersey", "soccer-cleats"),
    row("tennis-shirt", "tennis-ball"),
    row("soccer-ball", "tennis-ball"),
]

RECOMMENDERS: dict[str, Callable[[], Recommender]] = {
    "popularity": lambda: baselines.Popularity(ROWS),
    "popularity without rows": lambda: baselines.Popularity([]),
    "item-knn": lambda: baselines.ItemKNN(ROWS),
    "item-knn without rows": lambda: baselines.ItemKNN([]),
    "name-overlap": baselines.NameOverlap,
    "random": lambda: baselines.RandomRecommender(seed=1),
    "blend": lambda: Blend([("a", baselines.ItemKNN(ROWS), 1.0), ("b", baselines.NameOverlap(), 3.0)]),
}


@pytest.fixture(scope="module", params=[*RECOMMENDERS, "t5"])
def recommender(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    if request.param == "t5":
        return load(str(tiny_checkpoint(tmp_path_factory.mktemp("tiny"))))
    return RECOMMENDERS[request.param]()


def ids(ranking: Ranking) -> list[str]:
    return [scored.item.id for scored in ranking]


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


def test_popularity_counts_baskets_and_next_items() -> None:
    ranking = baselines.Popularity(ROWS, smoothing=1.0).rank(
        [SHOP["soccer-jersey"]], SHOP.candidates(["soccer-jersey"])
    )
    counts = {"soccer-ball": 3, "tennis-ball": 2, "soccer-cleats": 1, "tennis-shirt": 1, "kettle": 0}
    assert ids(ranking) == list(counts)
    assert [scored.probability for scored in ranking] == pytest.approx([(n + 1) / 12 for n in counts.values()])


def test_similarity_is_the_cosine_over_baskets() -> None:
    knn = baselines.ItemKNN(ROWS)
    assert knn.similarity("soccer-ball", "soccer-jersey") == pytest.approx(2 / math.sqrt(3 * 2))
    assert knn.similarity("soccer-jersey", "soccer-ball") == knn.similarity("soccer-ball", "soccer-jersey")
    assert knn.similarity("kettle", "soccer-ball") == 0.0


def test_item_knn_puts_what_is_bought_together_above_what_is_popular() -> None:
    ranking = baselines.ItemKNN(ROWS).rank([SHOP["tennis-shirt"]], SHOP.candidates(["tennis-shirt"]))
    assert ids(ranking)[:2] == ["tennis-ball", "soccer-ball"]


def test_item_knn_falls_back_on_popularity_for_a_basket_it_has_never_seen() -> None:
    candidates = SHOP.candidates(["kettle"])
    expected = baselines.Popularity(ROWS).rank([SHOP["kettle"]], candidates)
    ranking = baselines.ItemKNN(ROWS).rank([SHOP["kettle"]], candidates)
    assert [row.probability for row in ranking] == pytest.approx([row.probability for row in expected])


def test_name_overlap_reads_the_language_asked() -> None:
    ball = [SHOP["soccer-ball"]]
    english = baselines.NameOverlap().rank(ball, SHOP.candidates(ball))
    assert ids(english)[:3] == ["soccer-jersey", "soccer-cleats", "tennis-ball"]
    assert english.scored[0].probability == pytest.approx(english.scored[2].probability)
    arabic = baselines.NameOverlap().rank(ball, SHOP.candidates(ball), "ar")
    assert ids(arabic)[:3] == ["soccer-jersey", "soccer-cleats", "tennis-ball"]
    assert arabic.scored[0].probability > arabic.scored[2].probability


def test_name_overlap_folds_spellings() -> None:
    basket = [Item("a", ar="كُرَةُ السَّلَّة")]
    ranking = baselines.NameOverlap().rank(basket, [Item("b", ar="شبكة تنس"), Item("c", ar="حذاء كرة سله")], "ar")
    assert ranking.best.item.id == "c"


def test_an_empty_basket_overlaps_with_nothing() -> None:
    ranking = baselines.NameOverlap().rank([], ITEMS)
    assert [row.probability for row in ranking] == pytest.approx([1 / len(ITEMS)] * len(ITEMS))


def test_random_depends_on_seed_and_basket() -> None:
    orders = {
        tuple(ids(baselines.RandomRecommender(seed).rank([SHOP[bought]], ITEMS[2:])))
        for seed in range(5)
        for bought in ("soccer-ball", "soccer-jersey")
    }
    assert len(orders) > 5


def test_random_puts_each_candidate_first_about_equally_often() -> None:
    firsts = [baselines.RandomRecommender(seed).rank([ITEMS[0]], ITEMS[1:]).best.item.id for seed in range(500)]
    assert all(60 < firsts.count(item.id) < 140 for item in ITEMS[1:])


def test_fit_names_all_baselines() -> None:
    assert list(baselines.fit(ROWS)) == ["item-knn", "popularity", "name-overlap", "random"]
