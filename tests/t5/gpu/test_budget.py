"""What a GPU computes at once: within its memory, prompts of like length together, strangers apart."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from recommender.t5 import T5Recommender
from recommender.t5.batching import Job
from recommender.t5.gpu import budget
from recommender.t5.gpu.budget import MOST_ROWS, Budget, batches, free_bytes
from tests.t5.test_batching import jobs

LARGE = Budget(prompts=1 << 40, logits=1 << 40, token=1, bias=1, node=1)
NAMES = tuple((token, 1) for token in range(2, 12))


@given(jobs, st.sampled_from([1, 5_000, 1 << 40]))
def test_every_job_is_in_one_batch_that_fits_or_is_alone(given_jobs: list[Job], free: int) -> None:
    room = Budget(free, free, token=1, bias=1, node=1)
    found = list(batches(given_jobs, room))
    assert sorted(number for batch in found for number in batch) == list(range(len(given_jobs)))
    for batch in found:
        told = [given_jobs[number] for number in batch]
        names = sum(map(len, {name for job in told for name in job.names}))
        prompts = {job.prompt for job in told}
        fits = room.holds(len(batch), len(prompts), max(map(len, prompts)), names)
        assert len(batch) == 1 or (fits and names <= min(map(len, prompts)))


def test_baskets_of_one_catalogue_go_together_by_length() -> None:
    given_jobs = [Job((5,) * (30 + 90 * (number % 2)), NAMES) for number in range(10)]
    given_jobs = [Job((*job.prompt, number), job.names) for number, job in enumerate(given_jobs)]
    ((*numbers,),) = batches(given_jobs, LARGE)
    assert [number % 2 for number in numbers] == [0] * 5 + [1] * 5


def test_strangers_stay_apart_and_rows_are_bounded() -> None:
    strangers = [Job((5,) * 30, tuple((token, 1) for token in range(first, first + 10))) for first in (10, 40)]
    assert len(list(batches(strangers, LARGE))) == 2
    many = [Job((*(5,) * 30, number), NAMES) for number in range(MOST_ROWS + 1)]
    assert list(map(len, batches(many, LARGE))) == [MOST_ROWS, 1]


def test_a_larger_gpu_takes_more_at_once(recommender: T5Recommender) -> None:
    shape = recommender._engine.network.shape
    small, large = Budget.of(shape, 2, 1 << 20), Budget.of(shape, 2, 1 << 36)
    assert not small.holds(64, 64, 256, 100) and large.holds(64, 64, 256, 100)
    assert not large.holds(500, 500, 2_000_000, 1) and not large.holds(500, 1, 1, 1 << 40)


def test_what_is_free_is_asked_of_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert free_bytes(torch.device("cuda")) == budget._UNKNOWN
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (7, 9))
    assert free_bytes(torch.device("cuda")) == 7
