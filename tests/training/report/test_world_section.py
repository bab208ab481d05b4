"""The figures on the goods of the world, and the table that is made of them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from recommender.corpus.world import base
from recommender.corpus.world.law import NeedLaw, Session
from recommender.evaluation import judging, metrics
from recommender.recommenders.confidence import Thresholds
from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.shop.items import Item
from recommender.training.corpus import doubt
from recommender.training.report import doubt_section, teacher_picks, world_section, world_table
from recommender.training.report.world_section import Section, measure
from recommender.training.teacher import Vectors
from tests.language.test_arabic import WESTERN
from tests.training.fake import Sporting

SIZE = 8


class Knowing:
    """Knows the law of the needs, and of the judging shops nothing; it has no raw output and no vectors."""

    def __init__(self) -> None:
        self.law = NeedLaw(base.load())
        self.thresholds = Thresholds(weak=0.001, clear=0.001)

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        return self.rank_many([RankRequest(basket, candidates, language)])[0]

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        found = []
        for one in requests:
            basket, viewed, cart = (tuple(item.id for item in items) for items in (one.basket, one.viewed, one.cart))
            shares = self.law.next_distribution(Session(basket, viewed, cart), [item.id for item in one.candidates])
            found.append(Ranking.from_weights(one.candidates, list(shares.values())))
        return found


class Accepting(Sporting):
    """Writes and ranks what the shopkeeper accepts, in English; in Arabic the first thing on offer."""

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        bought, there = tuple(basket), tuple(candidates)
        right = [one for one in JUDGED if one.basket == bought and one.candidates == there] if language == "en" else []
        accepted = right[0].accepted if right else frozenset()
        return Ranking.from_scores(candidates, [0.0 if item.id in accepted else -1.0 for item in candidates])

    def item_vectors(self, items: Sequence[Item], language: str | None = None) -> Vectors:
        return np.ones((len(items), 1), np.float32)


JUDGED = judging.load()


@pytest.fixture(scope="module")
def knowing() -> Section:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(teacher_picks, "picks", lambda judged: (firsts(), False))
        return measure(Knowing(), SIZE)


def firsts() -> list[str]:
    return [one.candidates[0].id for one in JUDGED]


def test_who_knows_the_law_reaches_its_optimum_and_a_uniform_pick_does_not(knowing: Section) -> None:
    for language in ("en", "ar"):
        assert knowing[language]["needs"]["relative"]["value"] == pytest.approx(1.0)
        assert knowing[language]["needs"]["relative_uniform"]["value"] < 0.5
        assert knowing[language]["needs"]["rows"] == SIZE


def test_who_knows_the_law_gains_by_views_and_cart(knowing: Section) -> None:
    found = knowing["en"]["events"]
    assert found["difference"]["value"] == pytest.approx(found["told"]["value"] - found["untold"]["value"])
    assert found["difference"]["low"] > 0


def test_accepted_items_count_and_so_does_what_both_languages_agree_on() -> None:
    found = measure(Accepting(), 1)
    assert found["en"]["baskets"]["accepted"]["value"] == found["en"]["traps"]["accepted"]["value"] == 1.0
    assert found["en"]["baskets"]["rows"] == 182 and found["en"]["all"]["rows"] == 252
    same = [first == best(one) for first, one in zip(firsts(), JUDGED, strict=True)]
    assert found["agreement"]["value"] == pytest.approx(sum(same) / len(same))
    first = [one.candidates[0].id in one.accepted for one in judging.of_kind(JUDGED, "traps")]
    assert found["ar"]["traps"]["accepted"]["value"] == pytest.approx(sum(first) / len(first))
    assert found["ar"]["traps"]["vectors"]["value"] == pytest.approx(sum(first) / len(first))
    above = found["en"]["traps"]["above_teacher"]["value"]
    assert above == pytest.approx(1.0 - found["en"]["traps"]["teacher"]["value"])
    assert found["en"]["all"]["raw"]["value"] == 1.0


def best(one: judging.JudgedBasket) -> str:
    return Accepting().rank(one.basket, one.candidates).best.item.id


def test_who_knows_the_law_says_of_strangers_alone_that_it_guesses(knowing: Section) -> None:
    found = knowing["ar"]
    assert found["strangers_generated"]["said_guess"]["value"] == found["related_generated"]["said_known"]["value"] == 1
    assert found["strangers_generated"]["rows"] == SIZE // doubt_section.SHARE


def test_a_models_own_thresholds_say_what_a_guess_is_and_a_basket_put_to_two_shops_counts_once() -> None:
    model = Knowing()
    model.thresholds = Thresholds(weak=99.0, clear=99.0)
    found = doubt_section.measure(model, 1, "en")
    assert found["related_generated"]["said_known"]["value"] == found["related"]["said_known"]["value"] == 0
    strange, baskets = found["strangers"], {one.basket for one in doubt.shop_questions() if not one.related}
    assert strange["rows"] > len(baskets)
    assert strange["said_guess"]["low"] == metrics.wilson(1.0, len(baskets))[0]


def test_what_does_not_apply_is_missing(knowing: Section) -> None:
    assert "raw" not in knowing["en"]["all"]
    assert "vectors" not in knowing["en"]["baskets"]
    assert {"teacher", "above_teacher"} <= knowing["en"]["traps"].keys()
    assert not {"teacher", "above_teacher"} & knowing["ar"]["traps"].keys()


def test_every_question_is_told_as_it_is_done() -> None:
    told: list[int] = []
    measure(Sporting(), 3, progress=told.append)
    assert sum(told) == world_section.questions(3)


def test_it_is_plain_json_and_the_same_for_the_same_seed(knowing: Section) -> None:
    assert json.loads(json.dumps(knowing)) == knowing
    one, other = (measure(Sporting(), 3, seed) for seed in (0, 1))
    assert one == measure(Sporting(), 3) != other


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_table_has_a_line_for_each_measure_with_its_goal(knowing: Section, language: str) -> None:
    title, lines, origin = world_table.to_text(knowing, language).split("\n\n")
    rows = lines.splitlines()
    assert len(rows) == 2 + len(world_table.LINES)
    assert len({row.count(" | ") for row in rows}) == 1
    assert sum("≥" in row or "> " in row for row in rows) == sum(bool(line.english) for line in world_table.LINES)
    assert "minilm.json" in origin
    assert bool(WESTERN.findall(title + lines)) is (language == "en")


def test_a_part_that_a_section_lacks_is_left_out(knowing: Section) -> None:
    less = {**knowing, **{one: {**knowing[one], "events": None} for one in ("en", "ar")}}
    assert "view" in world_table.to_text(knowing)
    assert "view" not in world_table.to_text(less)
