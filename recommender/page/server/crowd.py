"""How many wait at a time: counted where an event comes into Gradio's queue, so that nobody slips in unseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import gradio as gr

from recommender.page.server import sessions
from recommender.page.server.refusals import Refused, busy


class Crowd:
    """The queue of a page, with bounds of our own around it.

    Gradio's own refusal, a 503 in English that says nothing of coming again, never comes to be said: what is being let
    in counts already.
    """

    def __init__(self, blocks: gr.Blocks, most: int, most_of: Mapping[str, int]) -> None:
        """Let `most` events wait, and of those with a `concurrency_id` in `most_of` no more than it says."""
        self._queue = blocks._queue
        self._blocks = blocks
        self._most = most
        self._most_of = most_of
        self._coming: Counter[str] = Counter()
        self._push = self._queue.push
        self._queue.push = self._bounded  # type: ignore[method-assign]

    def is_full(self) -> bool:
        """Whether there is no room for anybody."""
        return len(self._queue) + self._coming.total() >= self._most

    async def _bounded(self, body: Any, request: Any, username: str | None) -> Any:
        event = self._blocks.fns.get(body.fn_index)
        kind = str(event.concurrency_id) if event else ""
        if self.is_full() or self._is_full_of(kind):
            raise busy(request.headers.get("user-agent", ""))
        if body.session_hash and not sessions.reads(self._queue, body.session_hash):
            # Somebody else's id: their answers and these would get mixed up.
            raise Refused(400, "server_unfit")
        self._coming[kind] += 1
        try:
            return await self._push(body, request, username)
        finally:
            self._coming[kind] -= 1

    def _is_full_of(self, kind: str) -> bool:
        waiting = self._queue.event_queue_per_concurrency_id.get(kind)
        count = self._coming[kind] + (len(waiting.queue) if waiting else 0)
        return kind in self._most_of and count >= self._most_of[kind]
