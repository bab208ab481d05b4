"""How many wait at a time: counted where an event comes into Gradio's queue, so that nobody slips in unseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from recommender.page.server.gradio_private import Call, Waiting
from recommender.page.server.refusals import Refused, busy


class Crowd:
    """The queue of a page, with bounds of our own around it.

    Gradio's own refusal, a 503 in English that says nothing of coming again, never comes to be said: what is being let
    in counts already.
    """

    def __init__(self, waiting: Waiting, most: int, most_of: Mapping[str, int]) -> None:
        """Let `most` events wait, and of those with a `concurrency_id` in `most_of` no more than it says."""
        self._waiting = waiting
        self._most = most
        self._most_of = most_of
        self._coming: Counter[str] = Counter()
        waiting.around_entry(self._bounded)

    def is_full(self) -> bool:
        """Whether there is no room for anybody."""
        return len(self._waiting) + self._coming.total() >= self._most

    def _bounded(self, enter: Call) -> Call:
        async def bounded(body: Any, request: Any, username: str | None) -> Any:
            kind = self._waiting.kind_of(body)
            if self.is_full() or self._is_full_of(kind):
                raise busy(request.headers.get("user-agent", ""))
            if body.session_hash and not self._waiting.reads(body.session_hash):
                # Somebody else's id: their answers and these would get mixed up.
                raise Refused(400, "server_unfit")
            self._coming[kind] += 1
            try:
                return await enter(body, request, username)
            finally:
                self._coming[kind] -= 1

        return bounded

    def _is_full_of(self, kind: str) -> bool:
        return kind in self._most_of and self._coming[kind] + self._waiting.of_kind(kind) >= self._most_of[kind]
