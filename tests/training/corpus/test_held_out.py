"""The exam: what it holds, and that none of it can have been learned."""

from __future__ import annotations

from collections import Counter

import pytest

from recommender.evaluation import cases
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.training.corpus.data import judging_groups, training_pool
from recommender.training.corpus.held_out import OFFERED, SHUFFLES, TABLES, Exam, exam, spread_cases, unseen_purchases

SPORTS = list(Catalogue.load("sports"))
ROWS = baskets.load(baskets.PATH, Catalogue.load("sports"))


@pytest.fixture(scope="module")
def small() -> Exam:
    return exam(24, 0)


def test_it_is_the_same_for_the_same_seed_and_another_for_another(small: Exam) -> None:
    again, other = exam.__wrapped__(24, 0), exam(24, 1)
    assert again.generated == small.generated != other.generated
    asked = [
        [(case.basket, case.candidates) for case in part.told + part.unheard + part.guests + part.spread]
        for part in (small, again)
    ]
    assert asked[0] == asked[1]


def test_its_parts_grow_with_its_size(small: Exam) -> None:
    assert len(small.generated) == 24
    assert len(small.unseen) == len(small.told) == len(small.unheard) == len(small.guests) == 12
    assert len(small.mixed) == len(small.untold) == 4


def test_it_counts_its_questions(small: Exam) -> None:
    once = 24 + 12 + 12 + 4 + 4 + 12 + 12 + len(small.spread)
    assert small.requests == 2 * (len(small.test) * (1 + SHUFFLES) + once)


def test_test_rows_are_all_of_them_and_share_no_group_with_what_is_learned(small: Exam) -> None:
    assert len(small.test) >= 150
    assert len({row.items for row in small.test}) >= 120
    learned = {row.items for row in small.fit} | {purchase.group for purchase in training_pool()}
    assert not {row.items for row in small.test} & learned
    assert {row.items for row in small.test} <= judging_groups(ROWS)


def test_an_unseen_basket_is_begun_by_no_group_that_is_known(small: Exam) -> None:
    known = {purchase.group for purchase in training_pool()} | {row.items for row in ROWS}
    for purchase in small.unseen:
        assert not any({*purchase.basket, item.id} in known for item in SPORTS if item.id not in purchase.basket)
        assert purchase.group not in known


def test_what_is_bought_next_has_no_part_in_whether_a_basket_is_unseen() -> None:
    first = unseen_purchases(SPORTS, ROWS, 5, 8)
    assert [one.next not in one.basket for one in first] == [True] * 8
    assert first == unseen_purchases(SPORTS, ROWS, 5, 8)


def test_outdoor_baskets_are_parted_by_what_their_names_tell_in_both_languages(small: Exam) -> None:
    cells = {part: Counter[str | None]() for part in ("told", "untold")}
    for part, counts in cells.items():
        for case in getattr(small, part):
            counts.update(cases.names_tell(case, language) for language in ("en", "ar"))
    assert cells["told"].keys() == {"all"}
    assert cells["untold"].keys() == {"none"}


def test_outdoor_baskets_are_of_outdoor_items_only_and_offer_the_rest(small: Exam, known: list[Item]) -> None:
    outdoor, trained = set(Catalogue.load("outdoor")), set(known)
    for case in (*small.told, *small.mixed, *small.untold):
        assert {*case.basket, *case.candidates} == outdoor
        assert not outdoor & trained


def test_every_case_can_be_judged(small: Exam) -> None:
    judged = (*small.told, *small.mixed, *small.untold, *small.unheard, *small.guests, *small.spread)
    assert [case for case in judged if case.left_out] == []


def test_every_cell_of_every_table_has_its_quota() -> None:
    found = spread_cases(3, 4)
    wanted = {
        "basket_length": {"1", "2", "3", "4-5", "6-10", "11-20"},
        "candidates": {"5-10", "11-20", "21-35", "36-60", "61-100"},
        "sports": {"1", "2", "3", "collector"},
        "last_of_sport": {"yes", "no"},
        "complete_sport": {"yes", "no"},
    }
    for name in TABLES:
        counts = Counter(cases.TABLES[name](case, "en") for case in found)
        assert counts.keys() - {None} == wanted[name]
        assert min(counts.values()) >= 4


def test_lists_and_baskets_keep_to_their_bounds(small: Exam) -> None:
    assert all(len(case.candidates) in OFFERED and 1 <= len(case.basket) <= 20 for case in small.spread)


def test_guests_stand_among_all_sports_and_only_the_rest_of_them_fits(small: Exam) -> None:
    sports = {item.id for item in Catalogue.load("sports")}
    for case in small.guests:
        bought = {item.id for item in case.basket}
        assert bought
        assert not bought & sports
        assert not set(case.fitting) & sports
        assert sports <= {item.id for item in case.candidates}
        assert 1 <= len(case.fitting) <= 3
