"""Jobs on several workers: the same results, whoever computes them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from recommender.errors import ModelError
from recommender.recommenders.ranking import GenerationOptions
from recommender.t5 import T5Recommender
from recommender.t5.batching import Job
from recommender.t5.engine import STAGES, Engine, Result

END = 1
JOBS = [
    Job(
        (5, 9, *range(10, 40 + number), END),
        tuple((token, 7, END) for token in range(10, 16)),
        GenerationOptions(max_new_tokens=24),
    )
    for number in range(12)
]


@pytest.fixture
def engine(recommender: T5Recommender) -> Engine:
    return Engine(recommender._engine.network, threads=1, workers=3, kept_answers=0)


def values(results: list[Result]) -> list[tuple[list[float], list[int]]]:
    return [(list(result.scores), list(result.tokens)) for result in results]


def test_workers_find_what_one_finds(engine: Engine, recommender: T5Recommender) -> None:
    alone = [recommender._engine.run([job])[0] for job in JOBS]
    for (scores, tokens), expected in zip(values(engine.run(JOBS)), alone, strict=True):
        assert scores == pytest.approx(list(expected.scores), abs=1e-4)
        assert tokens == list(expected.tokens)


def test_few_jobs_are_spread_over_the_workers(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    names: set[str] = set()
    compute = engine._compute

    def noted(jobs: list[Job], *tree: object) -> list[Result]:
        sizes.append(len(jobs))
        names.add(threading.current_thread().name)
        return compute(jobs, *tree)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "_compute", noted)
    engine.run(JOBS[:6])
    assert len(sizes) in (3, 4)
    assert all(name.startswith("t5") for name in names)
    sizes.clear()
    names.clear()
    engine.run(JOBS[:1])
    assert names == {threading.main_thread().name}


def test_no_other_thread_than_the_main_one_plants_what_it_asks(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    find = engine._tree_cache.find
    monkeypatch.setattr(
        engine._tree_cache, "find", lambda wanted: names.append(threading.current_thread().name) or find(wanted)
    )
    with ThreadPoolExecutor(1, "asks") as asking:
        asking.submit(engine.run, JOBS[:1]).result()
    assert len(names) == 1 and names[0].startswith("t5")


def test_no_other_thread_than_the_main_one_computes_what_it_asks(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    compute = engine._compute

    def noted(jobs: list[Job], *tree: object) -> list[Result]:
        names.append(threading.current_thread().name)
        return compute(jobs, *tree)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "_compute", noted)
    with ThreadPoolExecutor(1, "visitor") as pool:
        assert pool.submit(engine.run, JOBS[:1]).result()
    assert len(names) == 1
    assert names[0].startswith("t5")


def test_workers_compute_with_the_threads_of_an_answer_and_leave_the_program_its_own(
    recommender: T5Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(recommender._engine.network, threads=2, workers=2, kept_answers=0)
    before, found = torch.get_num_threads(), []
    compute = engine._compute
    monkeypatch.setattr(
        engine, "_compute", lambda jobs, *tree: found.append(torch.get_num_threads()) or compute(jobs, *tree)
    )
    engine.run(JOBS)
    assert set(found) == {2}
    assert torch.get_num_threads() == before


def test_a_workers_failure_reaches_who_asked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_compute", fail)
        with pytest.raises(ModelError, match="not enough memory"):
            engine.run(JOBS)
    assert len(engine.run(JOBS)) == len(JOBS)


def test_what_is_remembered_took_no_time(recommender: T5Recommender) -> None:
    engine = Engine(recommender._engine.network, threads=1, workers=1, kept_answers=len(JOBS))
    first, again = engine.run(JOBS), engine.run(JOBS[::-1])[::-1]
    assert values(first) == values(again)
    assert all(result.milliseconds["encode"] > 0 for result in first)
    assert all(result.milliseconds == dict.fromkeys(STAGES, 0.0) for result in again)


def test_threads_that_share_an_engine_each_get_their_own(engine: Engine) -> None:
    expected = values(engine.run(JOBS))
    found: dict[int, list[tuple[list[float], list[int]]]] = {}

    def work(turn: int) -> None:
        found[turn] = values(engine.run(JOBS[turn:] + JOBS[:turn]))

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for turn, results in found.items():
        for (scores, tokens), (own, text) in zip(results, expected[turn:] + expected[:turn], strict=True):
            assert (scores, tokens) == (pytest.approx(own, abs=1e-4), text)
