"""Google Translate through googletrans: the only module that knows that library.

By default googletrans returns the *input* as the translation when it is refused, and even with `raise_exception` an
answer of the wrong shape becomes garbage or an error of any class. So every answer is checked here, and every failure
becomes a reason; `Guard` does the rest.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any, Final
from weakref import WeakKeyDictionary

import googletrans
import httpx
from googletrans.constants import DEFAULT_CLIENT_SERVICE_URLS, DEFAULT_USER_AGENT

from recommender.routes.translators.base import TranslationError
from recommender.routes.translators.guard import Guard
from recommender.routes.translators.limits import PATIENT, Limits
from recommender.routes.translators.loop import Background

_WAYS_OUT: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
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
            self._clients[loop] = self._make_client()
        return self._clients[loop]

    def _make_client(self) -> googletrans.Translator:
        """One for the loop that runs.

        Raises:
            TranslationError: if the environment names a proxy or certificates that no client can be made with.
        """
        try:
            return _Translator(
                httpx.AsyncClient(
                    http2=True,
                    # A transport of its own needs neither.
                    trust_env=self._transport is None,
                    transport=self._transport() if self._transport else None,
                    headers={"User-Agent": DEFAULT_USER_AGENT},
                    timeout=self._guard.limits.attempt,
                    event_hooks={"response": [_check_status]},
                )
            )
        except Exception as error:  # an unknown scheme, a missing package or file: each has a class of its own
            raise TranslationError("translator_no_client", names=", ".join(_named_in(os.environ))) from error

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


class _Translator(googletrans.Translator):  # type: ignore[misc]
    """googletrans on a client of ours, as it is by default but for its errors.

    Its own is made from the environment even where that has no part in it.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.client_type = "gtx"
        self.service_urls = list(DEFAULT_CLIENT_SERVICE_URLS)
        self.raise_exception = True


def _named_in(environment: Mapping[str, str]) -> list[str]:
    """The variables of an environment that have a part in how a client is made. Their values may hold passwords."""
    return sorted(name for name in environment if name.upper() in _WAYS_OUT)


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
