"""What is known of a request while it is answered: its id, when it came, its language; and the line that it leaves.

The line tells id, time and route. What was bought is nobody's business but the visitor's, and is in no line.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from time import monotonic, perf_counter
from typing import Any, Final

from recommender.errors import RecommenderError
from recommender.language import LANGUAGES, sentence
from recommender.service import Answer, Explanation, Found, Request, Service
from recommender.service.model import public_name
from recommender.service.serving import NO_SETTINGS
from recommender.service.subject import RequestSubject
from recommender.system.deadline import check_time

logger = logging.getLogger("recommender")

DEADLINE_S: Final = 30.0
"""Seconds from a request's arrival to its answer, waiting included."""


MOST_TOKENS: Final = 64_000
"""Of the prompts that one explanation asks the model: about five seconds of two cores with the shipped one."""


@dataclass(frozen=True)
class Visit:
    """One HTTP request: its id, when it came (seconds, monotonic), and the language its browser prefers, if known."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    begun: float = field(default_factory=monotonic)
    language: str | None = None

    def say(self, key: str, **fields: object) -> str:
        """The sentence `key`: in the visitor's language, or in all of them where that isn't known."""
        known = [self.language] if self.language else LANGUAGES
        return "\n".join(sentence(key, language, **fields) for language in known)


VISIT: Final[ContextVar[Visit | None]] = ContextVar("visit", default=None)


def preferred_language(headers: Mapping[str, str]) -> str | None:
    """The language that the page has noted in its cookie; else the browser's first one, if we speak it."""
    cookies = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
    noted = next((value for name, _, value in cookies if name == "language"), None)
    if noted in LANGUAGES:
        return noted
    first = headers.get("accept-language", "").split(",")[0].split(";")[0].strip()[:2].lower()
    return first if first in LANGUAGES else None


class LoggedService(Service):
    """The service behind a server: each answer keeps to its request's deadline and leaves a line in the log."""

    most_tokens = MOST_TOKENS

    def answer(self, request: Request, found: Found | None = None) -> Answer:
        """The answer to one request.

        Raises:
            RecommenderError: with the reason, if there is none, or no time is left.
        """
        with _line(request) as line:
            check_time()
            answer = super().answer(request, found)
            line.route = answer.used
            return replace(answer, model=public_name(answer.model))

    def examine(self, name: str, subject: RequestSubject, settings: Mapping[str, Any] = NO_SETTINGS) -> Any:
        """What the instrument `name` finds. Raises as the service does."""
        with _line(subject.request, name):
            return super().examine(name, subject, settings)

    def explain(self, request: Request, *, seed: int = 0, **settings: Any) -> Explanation:
        """The answer with all that explains it. Raises as the service does."""
        with _line(request, "explain") as line:
            found = super().explain(request, seed=seed, **settings)
            line.route = found.answer.used
            return replace(found, answer=replace(found.answer, model=public_name(found.answer.model)))


@dataclass
class _Line:
    """What a line says of the route, once that is known."""

    route: str


@contextmanager
def _line(request: Request | None, work: str = "") -> Iterator[_Line]:
    """Write a line once this block has ended: of which visit, how the question was asked, what came of it, and when.

    `work` names what was worked out, where that is not the answer itself. The scoreboard is about no request.
    """
    begun, outcome = perf_counter(), "failed"
    line = _Line(request.asked if request else "-")
    try:
        yield line
        outcome = "answered"
    except RecommenderError as error:
        outcome = error.key
        raise
    finally:
        visit = VISIT.get() or Visit("-")
        spent, since = (perf_counter() - begun) * 1000, (monotonic() - visit.begun) * 1000
        language, told = request.language if request else "-", f"{work} {outcome}".strip()
        logger.info("%s %s %s %s: %.0f ms, %.0f since it came", visit.id, language, line.route, told, spent, since)


def visit_of(scope: Mapping[str, Any]) -> Visit:
    """The visit that the doorman has noted in an ASGI scope."""
    noted = scope.get("state", {}).get("visit")
    return noted if isinstance(noted, Visit) else Visit()
