"""Which requests are computed together."""

from hypothesis import given
from hypothesis import strategies as st

from recommender.t5.batching import MOST_ROWS, MOST_TOKENS, Job, batches

name = st.lists(st.integers(2, 9), min_size=1, max_size=4).map(tuple)
jobs = st.lists(
    st.builds(
        Job, st.lists(st.integers(2, 9), min_size=1, max_size=60).map(tuple), st.lists(name, max_size=5).map(tuple)
    ),
    max_size=80,
)


@given(jobs, st.sampled_from([10, 1 << 20]))
def test_every_job_is_in_one_batch(given_jobs: list[Job], vocabulary: int) -> None:
    numbers = [number for batch in batches(given_jobs, vocabulary) for number in batch]
    assert sorted(numbers) == list(range(len(given_jobs)))


@given(jobs)
def test_batches_stay_within_their_bounds(given_jobs: list[Job]) -> None:
    for batch in batches(given_jobs, 10):
        assert len(batch) <= MOST_ROWS
        assert len(batch) == 1 or sum(map(len, {given_jobs[number].prompt for number in batch})) <= MOST_TOKENS


def test_baskets_of_one_catalogue_go_together() -> None:
    names = tuple((token, 1) for token in range(2, 12))
    given_jobs = [Job((5,) * 30, names[:number] + names[number + 1 :]) for number in range(10)]
    assert len(list(batches(given_jobs, 100))) == 1


def test_strangers_stay_apart() -> None:
    given_jobs = [
        Job((5,) * 30, tuple((token, 1) for token in range(10 * number, 10 * number + 10))) for number in (1, 2)
    ]
    assert len(list(batches(given_jobs, 100))) == 2


def test_short_and_long_prompts_share_a_batch_that_holds_them() -> None:
    given_jobs = [Job((5,) * length, ()) for length in (3, 400, 3, 400)]
    assert list(batches(given_jobs, 100)) == [[0, 1, 2, 3]]
    halves = [Job((token,) * (MOST_TOKENS // 2), ()) for token in range(2, 7)]
    assert [len(batch) for batch in batches(halves, 100)] == [2, 2, 1]
    assert len(list(batches([Job((5,) * MOST_TOKENS, ())] * 4, 100, most_tokens=4 * MOST_TOKENS))) == 1


def test_baskets_of_two_catalogues_in_turn_make_two_batches() -> None:
    catalogues = [tuple((token, 1) for token in range(10 * number, 10 * number + 10)) for number in (1, 2)]
    given_jobs = [Job((5,) * 30, catalogues[number % 2]) for number in range(8)]
    assert list(batches(given_jobs, 100)) == [[0, 2, 4, 6], [1, 3, 5, 7]]


def test_no_jobs_make_no_batch() -> None:
    assert list(batches([], 100)) == []
