"""A shell for a translator on the network: whatever it does, the caller has an answer or a reason within a deadline.

Each text is sent by itself, so that one failure doesn't lose the others. Around every sending: a bounded number at a
time, a time limit, retries with back-off, a circuit breaker, a check of the answer, and a bounded memory before it all.
tenacity would not make the retries shorter: a permit is asked of the circuit before each, and a slot is left between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Final
from weakref import WeakKeyDictionary

from recommender.routes.translators.answers import KeptAnswers, checked, tidy
from recommender.routes.translators.base import TranslationError
from recommender.routes.translators.limits import PATIENT, Circuit, Limits, spending
from recommender.routes.translators.loop import Background

_FINAL: Final = ("translation_unusable", "translator_no_client")
"""What trying again changes nothing about."""

Send = Callable[[str, str, str], Awaitable[str]]
"""(text, source, target) -> translation; raises `TranslationError` where the service failed."""


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
        self._memory = KeptAnswers()

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation for each text, in order; a text without letters is its own.

        Raises:
            TranslationError: with the first reason, if any text has no translation by the deadline.
        """
        return self._memory.translate(texts, source, target, lambda missing: self._fetch(missing, source, target))

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
        return {text: answer or late for text, answer in zip(texts, answers, strict=True)}

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
        found = checked(answer, text, target)
        if isinstance(found, str):
            self.circuit.succeeded()
        else:
            # It is as likely this text's fault as the service's: no reason to pause for everybody, nor to praise it.
            self.circuit.gave_up()
        return found


def _paused(seconds: int) -> TranslationError:
    return TranslationError("translator_paused", seconds=seconds)
