"""A shell for a translator on the network: whatever it does, the caller has an answer or a reason within a deadline.

Each text is sent by itself, so that one failure doesn't lose the others. Around every sending: a bounded number at a
time, a time limit, retries with back-off, a circuit breaker, a check of the answer, and a bounded cache before it all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final
from weakref import WeakKeyDictionary

from recommender.language.text import shown
from recommender.routes.translators.answers import is_usable, needs_translating, tidy
from recommender.routes.translators.base import TranslationError
from recommender.routes.translators.cache import Cache
from recommender.routes.translators.circuit import Circuit
from recommender.routes.translators.deadline import spending
from recommender.routes.translators.loop import Background

_FINAL: Final = ("translation_unusable", "translator_no_client")
"""What trying again changes nothing about."""

Send = Callable[[str, str, str], Awaitable[str]]
"""(text, source, target) -> translation; raises `TranslationError` where the service failed."""


@dataclass(frozen=True)
class Limits:
    """How long and how often a translator may try. All times in seconds."""

    deadline: float = 8.0
    """For a whole request, however many texts and calls it has; see `deadline`."""
    attempt: float = 2.5
    backoff: tuple[float, ...] = (0.25, 0.75)
    """The wait before each retry; its length is the number of retries."""
    at_once: int = 8
    failures: int = 5
    """So many failed sendings in a row open the circuit."""
    pause: float = 30.0


PATIENT: Final = Limits()


class Guard:
    """Runs `send` on a loop in the background for callers on any thread."""

    def __init__(
        self,
        send: Send,
        background: Background,
        limits: Limits = PATIENT,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.limits = limits
        self.circuit = Circuit(limits.failures, limits.pause, clock=clock)
        self._send = send
        self._background = background
        self._slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
        self._cache = Cache()

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation for each text, in order; a text without letters is its own.

        Raises:
            TranslationError: with the first reason, if any text has no translation by the deadline.
        """
        found: dict[str, str | TranslationError] = {text: text for text in texts if not needs_translating(text)}
        found |= {text: known for text in texts if (known := self._cache.get(text, source, target)) is not None}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found |= self._fetch(missing, source, target)
        answers = [found[text] for text in texts]
        reasons = [answer for answer in answers if isinstance(answer, TranslationError)]
        if not reasons:
            return [str(answer) for answer in answers]
        # What went wrong says more than that nothing is tried any more because of it.
        reason = next((found for found in reasons if found.key != "translator_paused"), reasons[0])
        partial = [None if isinstance(answer, TranslationError) else answer for answer in answers]
        raise TranslationError(reason.key, partial, **reason.fields)

    def _fetch(self, texts: Sequence[str], source: str, target: str) -> dict[str, str | TranslationError]:
        if seconds := self.circuit.wait():
            return dict.fromkeys(texts, _paused(seconds))
        late = TranslationError("translator_too_slow", seconds=self.limits.deadline)
        with spending(self.limits.deadline) as left:
            if left <= 0:
                return dict.fromkeys(texts, late)
            try:
                answers = self._background.run(self._all(texts, source, target, left), left + 1)
            except TimeoutError:
                return dict.fromkeys(texts, late)
        fetched = {text: answer or late for text, answer in zip(texts, answers, strict=True)}
        for text, answer in fetched.items():
            if isinstance(answer, str):
                self._cache.put(text, source, target, answer)
        return dict(fetched)

    async def _all(
        self, texts: Sequence[str], source: str, target: str, seconds: float
    ) -> list[str | TranslationError | None]:
        """An answer or a reason for each text, None for those that the deadline cut off."""
        tasks = [asyncio.ensure_future(self._one(text, source, target)) for text in texts]
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=0.5)
        return [None if task in late else task.result() for task in tasks]

    async def _one(self, text: str, source: str, target: str) -> str | TranslationError:
        waits = iter(self.limits.backoff)
        slots = self._slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self.limits.at_once))
        while True:
            async with slots:
                if seconds := self.circuit.enter():
                    return _paused(seconds)
                answer = await self._attempt(text, source, target)
            wait = next(waits, None)
            is_final = isinstance(answer, str) or answer.key in _FINAL
            if is_final or wait is None or self.circuit.wait():
                return answer
            await asyncio.sleep(wait)

    async def _attempt(self, text: str, source: str, target: str) -> str | TranslationError:
        """One sending, its outcome told to the circuit."""
        try:
            async with asyncio.timeout(self.limits.attempt):
                answer = tidy(await self._send(text, source, target))
        except TimeoutError:
            self.circuit.failed()
            return TranslationError("translator_too_slow", seconds=self.limits.attempt)
        except TranslationError as error:
            self.circuit.failed()
            return error
        except BaseException:
            self.circuit.gave_up()
            raise
        if is_usable(answer, text, target):
            self.circuit.succeeded()
            return answer
        # It is as likely this text's fault as the service's: no reason to pause for everybody, nor to praise it.
        self.circuit.gave_up()
        return TranslationError("translation_unusable", text=shown(text), answer=shown(answer))


def _paused(seconds: int) -> TranslationError:
    return TranslationError("translator_paused", seconds=seconds)
