"""Questions of many threads in one batch: each gets its own answer, and each failure stays its own."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pytest

from recommender.errors import ModelError, RecommenderError, RequestError
from recommender.recommenders.ranking import GenerationOptions, RankRequest
from recommender.service import Request, Service, batching
from recommender.service.batching import Batched, _Question
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.system.deadline import check_time, deadline, seconds_left
from tests.fake_model import GREEDY, FakeAnswer, FakeModel

HOURS = 1e4


@pytest.fixture(autouse=True)
def a_batch_may_take_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that none is smaller because this machine is busy."""
    monkeypatch.setattr(batching, "MOST_SECONDS", HOURS)


SPORTS = Catalogue.load("sports")
QUESTIONS = [RankRequest((item,), tuple(SPORTS.candidates([item]))) for item in SPORTS]


@dataclass
class Gated(FakeModel):
    """Lets nobody through until the gate opens, and notes who asked."""

    gate: threading.Event = field(default_factory=threading.Event)
    batches_asked: list[list[str]] = field(default_factory=list)
    fails_for: str = ""
    together: int = 0

    def answer_many_timed(
        self, requests: Sequence[RankRequest], options: GenerationOptions = GREEDY
    ) -> list[FakeAnswer]:
        self.together += 1
        assert self.together == 1, "two threads compute at once"
        try:
            self.batches_asked.append([request.basket[0].id for request in requests])
            assert self.gate.wait(10)
            if any(request.basket[0].id == self.fails_for for request in requests):
                raise ModelError("model_memory")
            return super().answer_many_timed(requests, options)
        finally:
            self.together -= 1


def until(holds: Callable[[], object]) -> None:
    for _ in range(2000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it never came to hold")


def outcome(model: Any, question: RankRequest, options: GenerationOptions = GREEDY) -> Any:
    try:
        return model.answer_many_timed([question], options)[0].ranking.best.item.id
    except RecommenderError as error:
        return error.key


def crowd(fake: Gated, batched: Batched, questions: Sequence[RankRequest]) -> list[Any]:
    """The first question finds the model free; the others come while it is computed."""
    with ThreadPoolExecutor(len(questions)) as pool:
        first = pool.submit(outcome, batched, questions[0])
        until(lambda: fake.batches_asked)
        rest = [pool.submit(outcome, batched, question) for question in questions[1:]]
        until(lambda: len(batched._waiting) == len(rest))
        fake.gate.set()
        return [one.result(10) for one in (first, *rest)]


def test_a_crowd_is_answered_in_one_batch_and_each_gets_its_own() -> None:
    fake = Gated()
    found = crowd(fake, Batched(fake), QUESTIONS[:20])
    assert found == [outcome(FakeModel(), question) for question in QUESTIONS[:20]]
    assert [len(batch) for batch in fake.batches_asked] == [1, 19]


def test_a_batch_has_an_upper_size() -> None:
    fake = Gated()
    found = crowd(fake, Batched(fake, most_rows=4), QUESTIONS[:12])
    assert found == [outcome(FakeModel(), question) for question in QUESTIONS[:12]]
    assert max(len(batch) for batch in fake.batches_asked) == 4
    assert sorted(chain(*fake.batches_asked)) == sorted(question.basket[0].id for question in QUESTIONS[:12])


def test_who_asks_alone_is_answered_at_once() -> None:
    fake = FakeModel()
    batched = Batched(fake, window_s=60)
    assert [outcome(batched, question) for question in QUESTIONS[:3]] == [
        outcome(FakeModel(), question) for question in QUESTIONS[:3]
    ]
    assert fake.batches == [1, 1, 1]


def test_one_failure_stays_its_own() -> None:
    fake = Gated(fails_for=QUESTIONS[5].basket[0].id)
    found = crowd(fake, Batched(fake), QUESTIONS[:9])
    expected = [outcome(FakeModel(), question) for question in QUESTIONS[:9]]
    assert found == [*expected[:5], "model_memory", *expected[6:]]


def test_a_failure_that_is_no_error_of_ours_stays_its_own_too() -> None:
    class Breaks(FakeModel):
        def check(self, request: RankRequest) -> None:
            if request.basket[0].id == QUESTIONS[1].basket[0].id:
                raise ZeroDivisionError

    batched = Batched(Breaks())
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(outcome, batched, question) for question in QUESTIONS[:4]]
    assert [one.exception() is not None for one in asked] == [False, True, False, False]


def test_questions_with_other_options_wait_for_their_own_batch() -> None:
    fake = Gated()
    batched = Batched(fake)
    warm = GenerationOptions(temperature=1.0)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(outcome, batched, QUESTIONS[0])
        until(lambda: fake.batches_asked)
        for number in range(1, 5):
            pool.submit(outcome, batched, QUESTIONS[number], warm if number % 2 else GREEDY)
        until(lambda: len(batched._waiting) == 4)
        fake.gate.set()
        first.result(10)
    assert sorted(map(sorted, fake.batches_asked[1:])) == sorted(
        sorted(QUESTIONS[number].basket[0].id for number in pair) for pair in ((1, 3), (2, 4))
    )


def test_whoever_waits_past_the_deadline_is_told_so_and_costs_nothing() -> None:
    fake = Gated()
    batched = Batched(fake)

    def hurried(question: RankRequest) -> Any:
        with deadline(0.05):
            return outcome(batched, question)

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(outcome, batched, QUESTIONS[0])
        until(lambda: fake.batches_asked)
        assert pool.submit(hurried, QUESTIONS[1]).result(10) == "server_late"
        patient = pool.submit(outcome, batched, QUESTIONS[2])
        until(lambda: batched._waiting)
        fake.gate.set()
        assert first.result(10) and patient.result(10)
    assert QUESTIONS[1].basket[0].id not in chain(*fake.batches_asked)


def test_after_an_interruption_the_others_are_answered_all_the_same() -> None:
    class Interrupted(Gated):
        def answer_many_timed(
            self, requests: Sequence[RankRequest], options: GenerationOptions = GREEDY
        ) -> list[FakeAnswer]:
            answers = super().answer_many_timed(requests, options)
            if len(self.batches_asked) == 2:
                raise KeyboardInterrupt
            return answers

    fake = Interrupted()
    batched = Batched(fake)

    def ask(question: RankRequest) -> Any:
        try:
            return outcome(batched, question)
        except KeyboardInterrupt:
            return "interrupted"

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(ask, QUESTIONS[0])
        until(lambda: fake.batches_asked)
        rest = [pool.submit(ask, question) for question in QUESTIONS[1:4]]
        until(lambda: len(batched._waiting) == 3)
        fake.gate.set()
        found = [one.result(10) for one in (first, *rest)]
    assert sorted(found).count("interrupted") == 1 and len(found) == 4


@pytest.mark.parametrize(("row_seconds", "rows"), [(0.0, 20), (HOURS / 3.5, 3), (50 * HOURS, 1)])
def test_slow_rows_make_small_batches(row_seconds: float, rows: int) -> None:
    batched = Batched(FakeModel())
    batched._row_seconds = row_seconds
    batched._waiting = [_Question(question, GREEDY) for question in QUESTIONS[:20]]
    assert len(batched._take(batched._waiting[0])) == rows


def test_many_requests_of_one_thread_are_the_models_own_batch() -> None:
    fake = FakeModel()
    assert len(Batched(fake).answer_many_timed(QUESTIONS[:5])) == 5
    assert fake.batches == [5]
    ranking, raw = Batched(fake).answer(QUESTIONS[0].basket, QUESTIONS[0].candidates)
    assert raw.text == ranking.best.item.en


def test_all_else_is_the_models_own() -> None:
    fake = FakeModel(name="that one", reads_arabic=False)
    batched = Batched(fake)
    assert (batched.name, batched.reads("ar"), batched.tokens("a b")) == ("that one", False, ["a", "b"])
    with pytest.raises(AttributeError):
        _ = batched.no_such_thing


def test_the_service_answers_through_it() -> None:
    batched: Any = Batched(FakeModel())
    answer = Service(Settings(), load=lambda name, device: batched).answer(Request(("Soccer Ball",)))
    assert answer.model == "fake" and answer.recommendation is not None


def test_a_deadline_within_a_deadline_never_gives_more_time() -> None:
    assert seconds_left() == float("inf")
    with deadline(0.5), deadline(100):
        assert seconds_left() <= 0.5
    with deadline(-1), pytest.raises(RequestError) as caught:
        check_time()
    assert caught.value.key == "server_late"
    check_time()
