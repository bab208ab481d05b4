"""What Gradio keeps of its visitors, and how long: bounded here where it isn't there."""

from __future__ import annotations

import contextlib
from copy import copy
from typing import Final

import gradio as gr
from gradio.queueing import Queue
from gradio.state_holder import SessionState, StateHolder

_MOST_CONNECTIONS: Final = 65_536
_MOST_LEFTOVERS: Final = 4_000


def allow_connections() -> None:
    """Let this process have as many connections as the system grants; the usual 1024 are a classroom or two."""
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, _MOST_CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def knows(queue: Queue, event: str) -> bool:
    """Whether an event is waiting, running, or answered with the answer not fetched yet."""
    return (
        event in queue.event_ids_to_events
        or event in queue.pending_messages_per_session
        or any(event in events for events in queue.pending_event_ids_session.values())
    )


def unanswered(queue: Queue) -> bool:
    """Whether anything waits, runs, or is answered without having been fetched."""
    # Another thread asks than the one that changes them.
    return bool(queue.event_ids_to_events) or any(list(queue.pending_event_ids_session.values()))


def forget(blocks: gr.Blocks, session: str, for_good: bool) -> None:
    """Drop what is kept of a session that has left. What it still has in the queue goes on.

    A page that has left may come back as the same session, after a break of its connection: unless it is gone
    `for_good` its state stays, until newer sessions push it out.
    """
    queue = blocks._queue
    events = map(queue.event_ids_to_events.get, queue.pending_event_ids_session.get(session, ()))
    if any(event is not None and event.alive for event in events):
        return
    queue.pending_messages_per_session.pop(session, None)
    queue.pending_event_ids_session.pop(session, None)
    if for_good:
        blocks.state_holder.session_data.pop(session, None)
        blocks.state_holder.time_last_used.pop(session, None)
    if len(queue.pending_event_ids_session) > _MOST_LEFTOVERS:
        for other in list(queue.pending_event_ids_session):
            if other not in queue.pending_messages_per_session:
                del queue.pending_event_ids_session[other]


class _LightState(SessionState):
    """A session's state without a copy of the whole page: Gradio fills in what it comes to need."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self.blocks_config = copy(blocks.default_config)
        self.config_values = {}
        self.state_data = {}
        self._state_ttl = {}
        self.is_closed = False
        self.STATE_TTL_WHEN_CLOSED = 3600


class _LightStates(StateHolder):
    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = _LightState(self.blocks)
        return super().__getitem__(session_id)


def lighten(blocks: gr.Blocks) -> None:
    """Give new sessions a light state: the usual one copies every component's settings for every visitor."""
    states = _LightStates()  # type: ignore[no-untyped-call]
    states.set_blocks(blocks)
    blocks.app.state_holder = states
