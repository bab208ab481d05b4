"""The curriculum."""

from __future__ import annotations

import pytest
from transformers import PreTrainedTokenizerFast

from recommender import baskets
from recommender.catalogue import Catalogue
from recommender.training import pretrain
from recommender.training.data import judging_groups, training_pool
from recommender.training.pretrain import CURRICULUM, Recipe, curriculum, mixture_at, new_stream
from recommender.training.stream import STRETCH

ROWS = baskets.load(baskets.PATH, Catalogue.load("sports"))


def test_phases_follow_each_other_to_the_end() -> None:
    ends = [phase.until for phase in CURRICULUM]
    assert ends == sorted(ends)
    assert ends[-1] == 1.0
    assert mixture_at(0.0) == CURRICULUM[0].mixture
    assert [mixture_at(end) for end in ends[:-1]] == [phase.mixture for phase in CURRICULUM[1:]]
    assert mixture_at(1.0) == CURRICULUM[-1].mixture


@pytest.mark.parametrize("phase", CURRICULUM, ids=lambda phase: phase.name)
def test_the_shares_of_a_phase_leave_something_for_wide(phase: pretrain.Phase) -> None:
    assert phase.mixture.sports + phase.mixture.invented + phase.mixture.rows <= 1.0
    assert 2 <= phase.mixture.items[0] <= phase.mixture.items[1]


def test_the_stream_learns_from_the_pool_and_the_training_rows_only(tokenizer: PreTrainedTokenizerFast) -> None:
    stream = new_stream(tokenizer, ROWS, Recipe())
    judged = judging_groups(ROWS)
    assert not {frozenset((*basket, following)) for basket, following in (*stream.pool, *stream.rows)} & judged
    assert len(stream.pool) == len(training_pool())
    assert 0 < len(stream.rows) <= sum(row.split == "train" for row in ROWS)


def test_a_batch_is_the_same_whenever_it_is_asked_for(tokenizer: PreTrainedTokenizerFast) -> None:
    stream = new_stream(tokenizer, ROWS, Recipe(tokens=400))
    numbers = (0, STRETCH - 1, STRETCH, 3 * STRETCH + 2)
    first = [curriculum(stream, 100, number) for number in numbers]
    assert [curriculum(stream, 100, number) for number in reversed(numbers)] == first[::-1]
    assert len({len(batch) for batch in first} | {0}) > 1
