"""Evaluating a recommender whose every answer is known, and what people read of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from recommender.errors import RequestError
from recommender.evaluation import cases
from recommender.evaluation import measuring as evaluation
from recommender.evaluation.report import evaluation_table
from recommender.evaluation.report.evaluation_table import Evaluation
from recommender.language import table
from recommender.recommenders import registry
from recommender.recommenders.chance import Chance
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.language.test_arabic import WESTERN

SHOP = Catalogue(
    "shop",
    [
        Item("soccer-ball", "Soccer Ball", "كرة القدم", "soccer", "ball"),
        Item("soccer-jersey", "Soccer Jersey", "قميص كرة القدم", "soccer", "top"),
        Item("soccer-cleats", "Soccer Cleats", "حذاء كرة القدم", "soccer", "footwear"),
        Item("tennis-ball", "Tennis Ball", "كرة التنس", "tennis", "ball", ("Padel Ball",)),
        Item("tennis-shirt", "Tennis Shirt", "قميص التنس", "tennis", "top"),
    ],
)
ROWS = [
    Row("g1", "test", "begun", ("soccer-ball",), "soccer-jersey"),
    Row("g1", "test", "begun", ("soccer-jersey",), "soccer-ball"),
    Row("g2", "test", "single", ("tennis-ball",), "tennis-shirt"),
    Row("g3", "test", "look-alike", ("tennis-shirt",), "soccer-jersey"),
]


@dataclass
class Scripted:
    """Ranks candidates in the order given, writes the next of its texts, and remembers the requests it has seen."""

    texts: tuple[str, ...] = ("Soccer Jersey",)
    seen: list[RankRequest] = field(default_factory=list)
    options: list[GenerationOptions] = field(default_factory=list)

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        return Ranking.from_scores(candidates, [-float(place) for place in range(len(candidates))])

    def rank_many(self, requests: list[RankRequest]) -> list[Ranking]:
        self.seen += requests
        return [self.rank(one.basket, one.candidates, one.language) for one in requests]

    def answer_many(self, requests: list[RankRequest], options: GenerationOptions) -> list[tuple[Ranking, RawOutput]]:
        self.options.append(options)
        texts = [self.texts[place % len(self.texts)] for place in range(len(requests))]
        return [
            (self.rank(one.basket, one.candidates), RawOutput(text)) for one, text in zip(requests, texts, strict=True)
        ]


class Steady(Scripted):
    """Ranks by id, whatever the order of the candidates."""

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        ids = sorted(item.id for item in candidates)
        return Ranking.from_scores(candidates, [-float(ids.index(item.id)) for item in candidates])


def values(found: Evaluation) -> dict[str, float]:
    return {name: estimate.value for name, estimate in found.model.items()}


def test_every_measure_is_there_and_the_raw_ones_are_right() -> None:
    # Best by id: cleats, ball (right), ball, ball. The texts: right, a candidate but for spelling, an alias, nothing.
    texts = ("Soccer Jersey", "soccer  BALL", "Padel Ball", "Kettle")
    found = values(evaluation.evaluate(Steady(texts), ROWS, SHOP))
    assert list(found) == list(evaluation_table.MEASURES)
    assert found["hit@1"] == 0.25
    assert found["hit@5"] == found["hit@10"] == 1.0
    assert found["raw_exact"] == 0.25
    assert found["raw_is_candidate"] == 0.5
    assert found["shuffle_agreement"] == 1.0
    assert found["distinct_top1"] == 2


def test_ranks_of_the_scripted_order() -> None:
    # The first candidate in catalogue order is best: jersey, ball, ball, ball; the next items' places: 1, 1, 4, 2.
    found = values(evaluation.evaluate(Scripted(), ROWS, SHOP))
    assert found["hit@1"] == 0.5
    assert found["mrr"] == pytest.approx((1 + 1 + 1 / 4 + 1 / 2) / 4)
    assert found["top1_share"] == 0.75
    assert found["distinct_top1"] == 2
    assert found["coherent@1"] == pytest.approx(2 / 3)
    assert found["rouge1"] == pytest.approx((1 + 1 / 2 + 0 + 1) / 4)


def test_look_alikes_and_exhausted_baskets_are_left_out_and_counted() -> None:
    rows = [*ROWS, Row("g4", "test", "begun", ("tennis-ball", "tennis-shirt"), "soccer-ball")]
    found = evaluation.evaluate(Scripted(), rows, SHOP, shuffles=0)
    assert found.left_out == {"look_alike": 1, "no_sport": 0, "nothing_left": 1}
    assert sum(cell.rows for cell in found.tables["basket_length"].values()) == 3


def test_shuffles_reach_the_model_as_other_orders_of_the_same_candidates() -> None:
    model = Scripted()
    found = evaluation.evaluate(model, ROWS, SHOP, "ar", shuffles=10)
    assert len(model.seen) == 10 * len(ROWS)
    assert {one.language for one in model.seen} == {"ar"}
    for row, start in zip(ROWS, range(0, 40, 10), strict=True):
        orders = [[item.id for item in one.candidates] for one in model.seen[start : start + 10]]
        assert len({tuple(order) for order in orders}) > 1
        assert all(sorted(order) == sorted(item.id for item in SHOP.candidates(row.basket)) for order in orders)
    assert found.model["shuffle_agreement"].value < 0.6


def test_shuffles_depend_on_the_seed_and_not_on_the_other_rows() -> None:
    def orders(rows: list[Row], seed: int) -> list[list[str]]:
        model = Scripted()
        evaluation.evaluate(model, rows, SHOP, shuffles=3, seed=seed)
        return [[item.id for item in one.candidates] for one in model.seen[-3:]]

    assert orders(ROWS, 1) == orders(ROWS[-1:], 1) != orders(ROWS, 2)


def test_options_reach_the_model_and_progress_counts_its_requests() -> None:
    model, told = Scripted(), list[int]()
    options = GenerationOptions(temperature=1.0, seed=7)
    evaluation.evaluate(model, ROWS * 10, SHOP, shuffles=2, options=options, progress=told.append)
    assert set(model.options) == {options}
    assert sum(told) == 40 * 3 and max(told) <= 32


def test_baselines_have_rankings_only() -> None:
    found = evaluation.evaluate(Scripted(), ROWS, SHOP, baselines=registry.fit(ROWS))
    assert list(found.baselines) == list(registry.baselines())
    missing = {"rouge1", "rouge2", "rougeL", "raw_exact", "raw_is_candidate", "shuffle_agreement"}
    assert all(set(evaluation_table.MEASURES) - set(measures) == missing for measures in found.baselines.values())


def test_arabic_names_are_judged_in_arabic() -> None:
    rows = [Row("g", "test", "begun", ("soccer-ball",), "soccer-jersey")]
    found = values(evaluation.evaluate(Scripted(("قميص كرة القدم",)), rows, SHOP, "ar"))
    assert found["raw_exact"] == found["rougeL"] == found["raw_is_candidate"] == 1.0
    english = values(evaluation.evaluate(Scripted(("Soccer Jersey",)), rows, SHOP, "ar"))
    assert english["raw_exact"] == english["rougeL"] == 0.0


def test_without_a_row_to_judge_coherence_is_missing() -> None:
    found = evaluation.evaluate(Scripted(), ROWS[3:], SHOP)
    assert "coherent@1" not in found.model
    assert "coherent@1" not in found.to_text().split("\n\n")[1]


def test_languages_agree_on_the_best_item() -> None:
    class Bilingual(Scripted):
        def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
            turned = language == "ar" and basket[0].sport == "tennis"
            scores = [float(place if turned else -place) for place in range(len(candidates))]
            return Ranking.from_scores(candidates, scores)

    assert evaluation.language_agreement(Bilingual(), cases.from_rows(ROWS, SHOP)).value == 0.5


def test_the_document_is_the_designs() -> None:
    found = evaluation.evaluate(Scripted(), ROWS, SHOP, baselines={"random": Chance()})
    document = json.loads(json.dumps(found.to_json()))
    assert (document["rows"], document["groups"], document["split"]) == (4, 3, "test")
    assert document["model"]["distinct_top1"] == {"value": 2, "low": None, "high": None}
    hit = document["model"]["hit@1"]
    assert 0 <= hit["low"] <= hit["value"] <= hit["high"] <= 1
    assert set(document["baselines"]["random"]["mrr"]) == {"value", "low", "high"}
    assert document["coherence_by"]["sports"]["1"]["rows"] == 3


def test_the_same_seed_gives_the_same_document() -> None:
    first, second = (evaluation.evaluate(Scripted(), ROWS, SHOP, seed=5).to_json() for _ in range(2))
    assert first == second


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_table_has_a_line_per_measure_and_a_column_per_recommender(language: str) -> None:
    text = evaluation.evaluate(Scripted(), ROWS, SHOP, baselines=registry.fit(ROWS)).to_text(language)
    assert bool(WESTERN.findall(text)) is (language == "en")
    lines = text.split("\n\n")[1].splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(evaluation_table.MEASURES)
    assert all(name in lines[0] for name in ("item-knn", "popularity", "name-overlap", "random"))
    assert lines[-2].split()[-4:] == ["-"] * 4
    assert table()["evaluation_model"][language] in lines[0]


@pytest.mark.parametrize("ask", [evaluation.evaluate_cases, evaluation.language_agreement])
def test_no_row_is_refused_in_both_languages(ask: Callable[..., object]) -> None:
    with pytest.raises(RequestError) as failure:
        ask(Scripted(), [])
    assert failure.value.key == "evaluation_no_rows"
    assert failure.value.sentence("ar") != failure.value.sentence("en")


def test_every_word_of_the_tables_has_a_string() -> None:
    keys = [f"evaluation_by_{name}" for name in cases.TABLES] + [f"evaluation_{word}" for word in cases.WORDS]
    assert set(keys) <= set(table())


def test_what_a_retrieval_loses_counts_as_missed_by_everybody_and_is_shown() -> None:
    def choose(basket: Sequence[Item]) -> Sequence[Item]:
        return [item for item in SHOP if item not in basket and item.sport == "soccer"]

    found = evaluation.evaluate(Scripted(), ROWS, SHOP, baselines=registry.fit(ROWS), shuffles=0, choose=choose)
    assert found.retrieved is not None
    assert (found.retrieved.of, found.retrieved.missed, found.retrieved.recall.value) == (5, 1, 0.75)
    assert found.retrieved.ranked == 2.5
    assert all(measures["hit@10"].value == 0.75 for measures in (found.model, *found.baselines.values()))
    assert found.to_json()["considered"] == found.retrieved.to_json()
    assert "1 of 4 rows" in found.to_text() and "١" in found.to_text("ar")


def test_a_retrieval_that_keeps_all_is_not_told() -> None:
    whole = evaluation.evaluate(Scripted(), ROWS, SHOP, shuffles=0)
    kept = evaluation.evaluate(Scripted(), ROWS, SHOP, shuffles=0, choose=lambda basket: SHOP.candidates(basket))
    assert kept == whole and "considered" not in kept.to_json()
