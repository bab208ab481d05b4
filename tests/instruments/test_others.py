"""The others beside it, and the blend."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import RequestError
from recommender.instruments.others.computing import Fitted, beside
from recommender.messages import Message
from recommender.recommenders import registry
from recommender.recommenders.blend import Blend
from recommender.recommenders.co_purchase import CoPurchase
from recommender.recommenders.confidence import Thresholds
from recommender.recommenders.popularity import Popularity
from recommender.recommenders.ranking import RankRequest
from recommender.shop.baskets import Row
from recommender.shop.items import Item
from tests.instruments.asking import Stated, catalogue_of

A, B, C, X, Y, NEW = catalogue_of("abcxyn")
ROWS = [Row("1", "train", "", ("a",), "y"), Row("2", "train", "", ("a", "b"), "y"), Row("3", "train", "", ("b",), "x")]
FITTED = Fitted({"item-knn": CoPurchase(ROWS), "popularity": Popularity(ROWS)})
COLUMNS = ("t5", "item-knn", "popularity", "name-overlap")
T5 = Stated(lambda basket, item: {"x": 2.0, "n": 1.0}.get(item.id, 0.0))
OFFERED = [X, Y, NEW]


def test_each_column_is_that_recommenders_own_ranking() -> None:
    found = beside(T5, FITTED, [A], OFFERED)
    fitted = registry.fit(ROWS)
    assert tuple(found.columns) == COLUMNS
    assert found.columns["t5"] == T5.rank([A], OFFERED)
    for name in COLUMNS[1:]:
        assert found.columns[name] == fitted[name].rank([A], OFFERED)


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_the_blend_is_the_hybrids(weight: float) -> None:
    found = beside(T5, FITTED, [A], OFFERED, weight=weight)
    (expected,) = Blend([("t5", T5, 1 - weight), ("item-knn", CoPurchase(ROWS), weight)]).rank_many(
        [RankRequest([A], OFFERED)]
    )
    assert [row.item for row in found.blend] == [row.item for row in expected]
    assert [row.probability for row in found.blend] == pytest.approx([row.probability for row in expected])
    assert found.weight == weight


def test_the_default_weight_is_used_where_none_is_asked() -> None:
    found = beside(T5, FITTED, [A], OFFERED, default_weight=0.25, tuned=True)
    assert (found.weight, found.default_weight, found.tuned) == (0.25, 0.25, True)
    for weighed, source in (
        (found, "validation"),
        (beside(T5, FITTED, [A], OFFERED), "default"),
        (beside(T5, FITTED, [A], OFFERED, weight=0.9), "asked"),
    ):
        document: dict[str, Any] = weighed.to_json()
        assert document["blend"]["weight_from"] == source


def test_a_ranking_that_is_there_already_is_not_asked_for_again() -> None:
    assert beside(T5.rank([A], OFFERED), FITTED, [A], OFFERED) == beside(T5, FITTED, [A], OFFERED)


def test_co_purchase_is_blind_for_what_nobody_has_bought() -> None:
    found = beside(T5, FITTED, [A], OFFERED)
    assert found.blind == {"n"} and not found.popularity_only
    assert found.columns["t5"].rank_of("n") == 2 and found.columns["item-knn"].rank_of("n") == 3


def test_where_nothing_bought_is_known_co_purchase_is_popularity() -> None:
    found = beside(T5, FITTED, [C], OFFERED)
    assert found.popularity_only
    assert [row.item for row in found.columns["item-knn"]] == [row.item for row in found.columns["popularity"]]


def test_without_training_rows_the_columns_are_empty_and_say_why() -> None:
    reason = Message("explain_no_rows", {"catalogue": "mine"})
    found = beside(T5, Fitted(reason=reason), [A], OFFERED, weight=0.5)
    assert found.columns["item-knn"] is None and found.columns["popularity"] is None
    assert found.columns["name-overlap"] is not None
    assert found.blend == found.columns["t5"] and found.blind == {"x", "y", "n"}
    document: dict[str, Any] = found.to_json()
    assert document["others"]["item-knn"] == [] and set(document["reasons"]) == {"item-knn", "popularity"}
    assert "“mine”" in document["reasons"]["item-knn"]["en"]


def test_only_the_model_knows_what_was_viewed_and_what_lies_in_the_cart() -> None:
    model = Stated(T5.score)
    beside(model, FITTED, [A], OFFERED, viewed=OFFERED[:1], cart=OFFERED[1:2])
    ((asked,),) = model.asked
    assert (list(asked.viewed), list(asked.cart)) == (OFFERED[:1], OFFERED[1:2])


def test_a_column_says_how_much_it_knows_where_that_is_known() -> None:
    found = beside(T5, FITTED, [A], OFFERED, thresholds=Thresholds(weak=1e-9, clear=2e-9))
    assert found.confidence["t5"] == "clear" and found.confidence["popularity"] == "guess"
    assert "item-knn" not in found.confidence, "nobody has measured what its figures are worth"
    unheard = beside(T5, FITTED, [Item("typed", "Typed")], OFFERED, thresholds=Thresholds(weak=90, clear=99))
    assert unheard.confidence == dict.fromkeys(("t5", "item-knn", "popularity", "name-overlap"), "guess")


@given(st.one_of(st.floats(), st.text(), st.booleans(), st.lists(st.integers())))
def test_only_a_share_is_a_weight(weight: object) -> None:
    try:
        found = beside(T5, FITTED, [A], OFFERED, weight=weight)  # type: ignore[arg-type]
    except RequestError as error:
        assert error.key == "option_out_of_range" and error.sentence("ar")
    else:
        assert isinstance(weight, float) and 0 <= weight <= 1 and found.weight == weight


def test_the_json_lists_ids_with_scores_best_first() -> None:
    document: dict[str, Any] = beside(T5, FITTED, [A], OFFERED).to_json(2)
    assert list(document["others"]) == list(COLUMNS)
    for ranking in (*document["others"].values(), document["blend"]["ranking"]):
        assert len(ranking) == 2 and ranking[0]["score"] >= ranking[1]["score"] and list(ranking[0]) == ["id", "score"]
    assert json.loads(json.dumps(document)) == document


def test_an_arabic_question_is_compared_by_arabic_names() -> None:
    basket, offered = (
        [Item("1", en="Tea", ar="شاي")],
        [Item("2", en="Tea Cup", ar="قدح"), Item("3", en="Pot", ar="إبريق شاي")],
    )
    even = Stated(lambda basket, item: 0.0)
    assert beside(even, FITTED, basket, offered, "en").columns["name-overlap"].best.item.id == "2"
    assert beside(even, FITTED, basket, offered, "ar").columns["name-overlap"].best.item.id == "3"
