"""What Gradio keeps of its visitors, and how long: bounded here where it isn't there."""

from __future__ import annotations

from copy import copy
from typing import Final

import gradio as gr
from gradio.queueing import Queue
from gradio.server_messages import ProcessCompletedMessage
from gradio.state_holder import SessionState, StateHolder

from recommender.page.server.streams import told
from recommender.page.server.visits import visit_of

_MOST_LEFTOVERS: Final = 4_000


def answers(queue: Queue, event: str) -> bool:
    """Whether an event is waiting, running, or answered with the answer not fetched yet."""
    return event in queue.event_ids_to_events or any(event in ids for ids in queue.pending_event_ids_session.values())


def reads(queue: Queue, session: str) -> bool:
    """Whether this can be the id of a page's session: a program's is that of its event, and has its own address."""
    events = queue.pending_event_ids_session
    return session not in queue.event_ids_to_events and session not in events.get(session, ())


def running(queue: Queue) -> bool:
    """Whether anything waits or runs."""
    # Another thread asks than the one that changes them.
    return any(event.alive for event in list(queue.event_ids_to_events.values()))


def unfetched(queue: Queue) -> bool:
    """Whether anything is answered without having been fetched."""
    return any(list(queue.pending_event_ids_session.values()))


def cut(queue: Queue) -> int:
    """Tell everybody who still waits that there will be no answer, and how many they are. In the server's own thread.

    Each gets a whole last event; what is being computed for them is given up.
    """
    count = 0
    for event in list(queue.event_ids_to_events.values()):
        if not event.alive:
            continue
        count += 1
        if event.session_hash in queue.pending_messages_per_session:
            output = told(visit_of(event.request.scope), "server_closing")
            queue.send_message(event, ProcessCompletedMessage(output=output, success=False))
        event.alive = False
    for waiting in queue.event_queue_per_concurrency_id.values():
        waiting.queue.clear()
    return count


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
