"""What the model may learn from: no group that judges is in it."""

from __future__ import annotations

from recommender.corpus.law import sample
from recommender.shop import baskets
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.training.corpus.data import POOL_SEED, POOL_SIZE, judging_groups, training_pool, validation_questions

SPORTS = Catalogue.load("sports")
ROWS = baskets.load(baskets.PATH, SPORTS)


def test_judging_groups_are_those_of_validation_and_test_rows() -> None:
    rows = [
        Row("g1", "train", "begun", ("soccer-ball",), "soccer-cleats"),
        Row("g2", "validation", "begun", ("football",), "football-cleats"),
        Row("g3", "test", "begun", ("baseball",), "baseball-bat"),
    ]
    assert judging_groups(rows) == {
        frozenset({"football", "football-cleats"}),
        frozenset({"baseball", "baseball-bat"}),
    }


def test_no_group_of_the_pool_judges() -> None:
    pool = training_pool()
    assert len(pool) == POOL_SIZE
    judged = judging_groups(ROWS)
    assert len(judged) >= 150
    assert not {purchase.group for purchase in pool} & judged


def test_the_generator_would_reach_judging_groups_were_they_not_rejected() -> None:
    free = sample(list(SPORTS), POOL_SEED, 2000)
    assert {purchase.group for purchase in free} & judging_groups(ROWS)


def test_the_pool_is_fixed_and_a_smaller_one_is_its_beginning() -> None:
    assert training_pool(50) == training_pool()[:50]


def test_no_training_row_is_of_a_judging_group() -> None:
    judged = judging_groups(ROWS)
    assert not [row for row in ROWS if row.split == "train" and row.items in judged]


def test_questions_of_validation_ask_what_is_on_offer() -> None:
    questions = validation_questions(ROWS, seed=0, generated=6)
    kinds = {question.kind for question in questions}
    assert kinds == {"rows_en", "rows_ar", "wide", "invented_en", "invented_ar"}
    for question in questions:
        assert question.target in question.candidates
        assert question.fitting <= set(question.candidates)
        assert question.fitting
        assert not set(question.basket) & set(question.candidates)


def test_questions_are_the_same_for_the_same_seed() -> None:
    first, second, third = (validation_questions(ROWS, seed, 4) for seed in (1, 1, 2))
    assert first == second != third


def test_no_test_row_is_asked_while_training_goes_on() -> None:
    tested = {row.items for row in ROWS if row.split == "test"}
    by_name = {item.en: item.id for item in SPORTS}
    asked = [one for one in validation_questions(ROWS, 0, 0) if one.kind == "rows_en"]
    assert not {frozenset(by_name[name] for name in (*one.basket, one.target)) for one in asked} & tested
