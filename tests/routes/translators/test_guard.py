"""The shell around a translator, with a sender that fails as told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from recommender.routes import TranslationError
from recommender.routes.translators.guard import Guard
from recommender.routes.translators.limits import Limits, shared_deadline
from recommender.routes.translators.loop import Background

LIMITS = Limits(deadline=5.0, attempt=2.0, backoff=(0.0, 0.0), at_once=3, failures=4)


class Sender:
    """Counts what it is sent, and how much of it at the same time."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.at_once = self.most_at_once = 0
        self.seconds = 0.0
        self.error: Exception | None = None

    async def __call__(self, text: str, source: str, target: str) -> str:
        self.sent.append(text)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.at_once -= 1
        if self.error is not None:
            raise self.error
        return f"ball {text}"


@pytest.fixture
def background() -> Iterator[Background]:
    loop = Background()
    yield loop
    loop.close()


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.fixture
def make(sender: Sender, background: Background) -> Callable[[Limits], Guard]:
    return lambda limits: Guard(sender, background, limits)


def names(count: int) -> list[str]:
    return [f"كرة {number}" for number in range(count)]


def test_a_text_is_sent_once_however_often_it_is_asked_for(make: Callable[[Limits], Guard], sender: Sender) -> None:
    guard = make(LIMITS)
    assert guard.translate(["كرة", "كرة"], "ar", "en") == ["ball كرة"] * 2
    guard.translate(["كرة"], "ar", "en")
    assert sender.sent == ["كرة"]


def test_no_more_texts_are_under_way_at_once_than_allowed(make: Callable[[Limits], Guard], sender: Sender) -> None:
    sender.seconds = 0.01
    make(LIMITS).translate(names(10), "ar", "en")
    assert sender.most_at_once == LIMITS.at_once


def test_a_failure_is_retried_as_often_as_there_are_waits(make: Callable[[Limits], Guard], sender: Sender) -> None:
    sender.error = TranslationError("translator_unreachable")
    with pytest.raises(TranslationError) as caught:
        make(LIMITS).translate(["كرة"], "ar", "en")
    assert caught.value.key == "translator_unreachable"
    assert caught.value.partial == (None,)
    assert len(sender.sent) == 3


def test_the_waits_between_tries_grow(make: Callable[[Limits], Guard], sender: Sender) -> None:
    waits: list[float] = []
    sleep = asyncio.sleep

    async def counting(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    sender.error = TranslationError("translator_unreachable")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(TranslationError):
        patch.setattr(asyncio, "sleep", counting)
        make(Limits()).translate(["كرة"], "ar", "en")
    assert [seconds for seconds in waits if seconds] == sorted(Limits().backoff)


def test_the_reason_is_what_went_wrong_rather_than_the_pause_it_led_to(
    make: Callable[[Limits], Guard], sender: Sender
) -> None:
    sender.error = TranslationError("translator_refused", status=429)
    with pytest.raises(TranslationError) as caught:
        make(LIMITS).translate(names(10), "ar", "en")
    assert caught.value.key == "translator_refused"
    assert len(sender.sent) <= LIMITS.failures + LIMITS.at_once


def test_a_deadline_cuts_off_what_is_late_and_keeps_what_came(make: Callable[[Limits], Guard], sender: Sender) -> None:
    guard = make(Limits(deadline=0.15, attempt=10.0))
    guard.translate(["كرة"], "ar", "en")
    sender.seconds = 30.0
    with pytest.raises(TranslationError) as caught:
        guard.translate(["كرة", "قرص"], "ar", "en")
    assert caught.value.key == "translator_too_slow"
    assert caught.value.partial == ("ball كرة", None)


def test_all_calls_of_a_request_share_the_deadline(make: Callable[[Limits], Guard], sender: Sender) -> None:
    guard = make(Limits(deadline=0.1, attempt=10.0))
    sender.seconds = 30.0
    with shared_deadline():
        for text in names(2):
            with pytest.raises(TranslationError) as caught:
                guard.translate([text], "ar", "en")
            assert caught.value.key == "translator_too_slow"
    assert len(sender.sent) == 1


def test_an_answer_of_no_use_is_neither_retried_nor_a_reason_to_pause(make: Callable[[Limits], Guard]) -> None:
    guard = make(LIMITS)
    for number in range(10):
        with pytest.raises(TranslationError) as caught:
            guard.translate([f"ball{number}"], "en", "ar")
        assert caught.value.key == "translation_unusable"
    assert guard.circuit.wait() == 0


def test_a_mistake_of_our_own_is_not_hidden(make: Callable[[Limits], Guard], sender: Sender) -> None:
    sender.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        make(LIMITS).translate(["كرة"], "ar", "en")


def test_what_no_second_try_would_change_is_tried_once(make: Callable[[Limits], Guard], sender: Sender) -> None:
    sender.error = TranslationError("translator_no_client", names="ALL_PROXY")
    with pytest.raises(TranslationError):
        make(LIMITS).translate(["كرة"], "ar", "en")
    assert len(sender.sent) == 1
