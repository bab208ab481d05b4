"""Google Translate through googletrans: the only module that knows that library.

By default googletrans returns the *input* as the translation when it is refused, and even with `raise_exception` an
answer of the wrong shape becomes garbage or an error of any class. So every answer is checked here, and every failure
becomes one of four reasons; `Guard` does the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Final
from weakref import WeakKeyDictionary

import googletrans
import httpx

from recommender.translation.guard import PATIENT, Guard, Limits
from recommender.translation.loop import Background
from recommender.translation.translator import TranslationError

_COVERED: Final = 0.9
"""Least share of a text's characters that the answer must say it is about; less is half an answer."""


class GoogleTranslator:
    """googletrans behind a `Guard`. Nothing is started or sent before the first text."""

    def __init__(
        self,
        name: str = "google",
        *,
        simulated: bool = False,
        transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
        limits: Limits = PATIENT,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Prepare a translator.

        Args:
            name: what it is called.
            simulated: whether `transport` leads to a stand-in for Google.
            transport: makes what requests go through instead of the network.
            limits: how long and how often to try.
            clock: seconds, for the circuit breaker.
        """
        self.name = name
        self.simulated = simulated
        self._transport = transport
        self._background = Background()
        self._guard = Guard(self._send, self._background, limits, clock)
        # A client works on the loop it was first used on, and nowhere else.
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, googletrans.Translator] = WeakKeyDictionary()

    @property
    def retry_in(self) -> int:
        """Seconds until it tries again after repeated failures; 0 while all is well."""
        return self._guard.circuit.wait()

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation for each text, in order.

        Raises:
            TranslationError: with the reason, if any of them can't be had by the deadline.
        """
        return self._guard.translate(texts, source, target)

    def close(self) -> None:
        """Close connections and stop the thread; the next `translate` starts anew."""
        if self._clients:
            self._background.run(self._close_client(), 5)
        self._background.close()

    async def _close_client(self) -> None:
        if client := self._clients.pop(asyncio.get_running_loop(), None):
            await client.client.aclose()

    async def _client(self) -> googletrans.Translator:
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            translator = googletrans.Translator(raise_exception=True, timeout=httpx.Timeout(self._guard.limits.attempt))
            if self._transport is not None:
                unused = translator.client
                translator.client = httpx.AsyncClient(
                    transport=self._transport(), headers=unused.headers, timeout=unused.timeout
                )
                await unused.aclose()
            translator.client.event_hooks = {"response": [_check_status]}
            self._clients[loop] = translator
        return self._clients[loop]

    async def _send(self, text: str, source: str, target: str) -> str:
        client = await self._client()
        try:
            answer = await client.translate(text, dest=target, src=source)
        except TranslationError:
            raise
        except httpx.TimeoutException as error:
            raise TranslationError("translator_too_slow", seconds=self._guard.limits.attempt) from error
        except httpx.TransportError as error:
            raise TranslationError("translator_unreachable") from error
        except Exception as error:  # googletrans passes on whatever its parsing ran into
            raise TranslationError("translator_garbled") from error
        return _checked(answer.extra_data["translation"], text)


async def _check_status(response: httpx.Response) -> None:
    if response.status_code != 200:
        raise TranslationError("translator_refused", status=response.status_code)


def _checked(segments: Any, text: str) -> str:
    """The translation, if `segments` are `[[translated, source, …], …]` and their sources are the whole text."""
    if not isinstance(segments, list) or not all(isinstance(part, list) and part for part in segments):
        raise TranslationError("translator_garbled")
    translated = "".join(part[0] for part in segments if isinstance(part[0], str))
    sources = [part[1] for part in segments if len(part) > 1 and isinstance(part[1], str)]
    if _bare_length("".join(sources)) < _COVERED * _bare_length(text):
        raise TranslationError("translator_half")
    return translated


def _bare_length(text: str) -> int:
    return len("".join(text.split()))
