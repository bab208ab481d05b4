"""The systems of the scoreboard that are no language model."""

from __future__ import annotations

from recommender.evaluation import cases
from recommender.evaluation import measuring as evaluation
from recommender.recommenders import registry
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.training.report import without_model
from tests.near import near

SPORTS = Catalogue.load("sports")
ROWS = baskets.load(baskets.PATH, SPORTS)


def test_a_split_by_rows_leaks_and_the_shipped_one_does_not() -> None:
    found = without_model.splits(0)
    groups, rows = found["groups"], found["rows"]
    assert (groups.train.rows, groups.test.rows) == (rows.train.rows, rows.test.rows) == (206, 250)
    assert groups.shared == 0 and groups.leaked == groups.mended == {}
    assert rows.shared > 50
    gains = {name: rows.leaked[name].value - rows.mended[name].value for name in rows.leaked}
    assert gains["memory"] > 0.3 > gains["item-knn"] > 0
    # The control: what learns nothing from rows gains nothing where they leak.
    assert gains["name-overlap"] == gains["random"] == 0
    assert rows.systems["memory"]["hit@1"].value > groups.systems["memory"]["hit@1"].value + 0.1


def test_a_split_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert without_model.splits.__wrapped__(0) == near(without_model.splits(0))
    assert without_model.splits(1)["rows"] != without_model.splits(0)["rows"]
    one, other = (without_model.splits(seed)["groups"].systems["item-knn"] for seed in (0, 1))
    assert one["hit@1"] == other["hit@1"]


def test_shared_rows_are_those_whose_items_are_a_training_rows() -> None:
    fit, test = ROWS[:40], ROWS[30:60]
    assert (
        without_model.split(fit, test, 0).shared == sum(row.items in {one.items for one in fit} for row in test) >= 10
    )


def test_memory_knows_what_completes_a_row_and_nothing_else() -> None:
    memory = without_model.ByHeart([row for row in ROWS if row.group == "g009"])
    basket = [SPORTS["basketball"]]
    ranking = memory.rank(basket, SPORTS.candidates(basket))
    assert ranking.best.item.id == "basketball-shoes"
    assert len({row.log_probability for row in ranking.scored[1:]}) == 1


def test_a_system_that_does_not_write_is_judged_by_its_best_name() -> None:
    asked = cases.from_rows(ROWS[:6], SPORTS)
    predictions = without_model.ask(registry.fit(ROWS)["item-knn"], asked)
    found = without_model.kept(evaluation.measure(predictions))
    assert [one.raw.text if one.raw else "" for one in predictions] == [one.ranking.best.item.en for one in predictions]
    assert found["rouge1"].value >= found["hit@1"].value
    assert "raw_exact" not in found
