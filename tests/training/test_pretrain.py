"""The curriculum."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from transformers import PreTrainedTokenizerFast

from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.training.corpus.data import judging_groups, training_pool
from recommender.training.corpus.stream import STRETCH
from recommender.training.pretrain import CURRICULUM, Phase, Recipe, Round, batch, new_stream

ROWS = baskets.load(baskets.PATH, Catalogue.load("sports"))


@pytest.mark.parametrize("stage", CURRICULUM, ids=lambda stage: stage.name)
def test_phases_follow_each_other_to_the_end(stage: Round) -> None:
    ends = [phase.until for phase in stage.phases]
    assert ends == sorted(ends)
    assert ends[-1] == 1.0
    assert stage.mixture_at(0.0) == stage.phases[0].mixture
    assert [stage.mixture_at(end) for end in ends[:-1]] == [phase.mixture for phase in stage.phases[1:]]
    assert stage.mixture_at(1.0) == stage.phases[-1].mixture


@pytest.mark.parametrize("phase", [phase for stage in CURRICULUM for phase in stage.phases], ids=lambda one: one.name)
def test_the_shares_of_a_phase_leave_something_for_wide(phase: Phase) -> None:
    assert phase.mixture.sports + phase.mixture.invented + phase.mixture.rows <= 1.0
    assert 2 <= phase.mixture.items[0] <= phase.mixture.items[1]


def test_a_shortened_recipe_keeps_the_rounds_in_proportion() -> None:
    whole, short = Recipe().rounds, Recipe(steps=140).rounds
    assert whole == CURRICULUM
    assert sum(stage.steps for stage in short) == 140
    assert [stage.name for stage in short] == [stage.name for stage in whole]
    assert all(stage.steps >= 1 for stage in Recipe(steps=1).rounds)


def test_the_stream_learns_from_the_pool_and_the_training_rows_only(tokenizer: PreTrainedTokenizerFast) -> None:
    stream = new_stream(tokenizer, ROWS, Recipe())
    judged = judging_groups(ROWS)
    assert not {frozenset((*basket, following)) for basket, following in (*stream.pool, *stream.rows)} & judged
    assert len(stream.pool) == len(training_pool())
    assert 0 < len(stream.rows) <= sum(row.split == "train" for row in ROWS)


def test_no_row_of_any_round_has_the_items_of_a_judged_row(
    tokenizer: PreTrainedTokenizerFast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_name = {name: item.id for item in Catalogue.load("sports") for name in (item.en, item.ar)}
    stream, judged, rng = new_stream(tokenizer, ROWS, Recipe()), judging_groups(ROWS), random.Random(0)
    told: list[tuple[Sequence[str], Sequence[str]]] = []
    monkeypatch.setattr(
        stream.encoder, "encode", lambda basket, offered, answers, language: told.append((basket, answers)) or ([], [])
    )
    for phase in (phase for stage in CURRICULUM for phase in stage.phases):
        for _ in range(1500):
            stream.row(phase.mixture, rng)
    groups = {frozenset(by_name.get(name, name) for name in (*basket, one)) for basket, all_ in told for one in all_}
    assert len(groups) > 5000
    assert not groups & judged


def test_a_batch_is_the_same_whenever_it_is_asked_for(tokenizer: PreTrainedTokenizerFast) -> None:
    stream = new_stream(tokenizer, ROWS, Recipe(tokens=400))
    rounds = Recipe(steps=100).rounds
    asked = [(place, number) for place in (0, 1) for number in (0, STRETCH - 1, STRETCH, 3 * STRETCH + 2)]
    first = [batch(stream, rounds, place, number) for place, number in asked]
    assert [batch(stream, rounds, place, number) for place, number in reversed(asked)] == first[::-1]
    assert len({len(rows) for rows in first}) > 1


def test_no_stretch_of_the_stream_comes_in_two_rounds(
    tokenizer: PreTrainedTokenizerFast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = new_stream(tokenizer, ROWS, Recipe())
    asked: list[int] = []
    monkeypatch.setattr(stream, "stretch", lambda mixture, number: asked.append(number) or [[]] * STRETCH)
    rounds = Recipe(steps=70).rounds
    for place, stage in enumerate(rounds):
        for number in range(stage.steps):
            batch(stream, rounds, place, number)
    assert asked == list(range(len(asked)))
