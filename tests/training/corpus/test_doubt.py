"""Questions of doubt: strangers are strangers, related customers have something that fits, and numbers tell nothing."""

import pytest

from recommender.corpus.world import base
from recommender.shop.catalogue import Catalogue
from recommender.training.corpus.doubt import OFFERED, Question, questions, shop_questions, sports_questions


@pytest.fixture(scope="module")
def found() -> list[Question]:
    return questions(base.load(), "validation", 12)


def test_both_kinds_come_in_pairs_of_one_size(found: list[Question]) -> None:
    strangers, related = found[::2], found[1::2]
    assert not any(one.related for one in strangers) and all(one.related for one in related)
    assert [len(one.candidates) for one in strangers] == [len(one.candidates) for one in related]
    assert all(OFFERED[0] <= len(one.candidates) <= OFFERED[1] for one in found)


def test_the_law_of_a_stranger_is_even_and_a_related_one_has_what_fits(found: list[Question]) -> None:
    for one in found:
        offered = {item.id for item in one.candidates}
        assert len(offered) == len(one.candidates) and not offered & {item.id for item in one.basket}
        assert sum(one.shares) == pytest.approx(1.0)
        assert (max(one.shares) == pytest.approx(min(one.shares))) != bool(one.fitting)
        assert one.fitting <= offered


def test_a_seed_repeats_them(found: list[Question]) -> None:
    assert questions(base.load(), "validation", 2) == found[:4]


def test_judging_shops_give_both_kinds() -> None:
    asked = shop_questions()
    assert sum(one.related for one in asked) >= 120 and sum(not one.related for one in asked) >= 300
    assert all(one.fitting for one in asked if one.related)
    strangers = [one for one in asked if not one.related]
    assert not any(set(one.basket) & set(one.candidates) for one in strangers)


def test_sports_rows_come_with_strangers_to_them() -> None:
    found = sports_questions(6)
    assert [question.related for question in found] == [True, False] * 6
    sports = {item.id for item in Catalogue.load("sports")}
    for question in found:
        bought, offered = ({item.id for item in part} for part in (question.basket, question.candidates))
        assert bought and offered and question.related == bool(bought <= sports and offered <= sports)
        assert question.related or not (bought <= sports and offered & sports)
