"""All that this package uses of Gradio and that Gradio doesn't promise to keep, with the reason for each.

Read against `VERSION`. `tests/page/server/test_gradio_private.py` asserts each name and signature, and fails with any
other version: then read here what has changed there, and write the new number.

    inspect.getfile       while Gradio is imported it looks up its classes' files only to rewrite type stubs beside them
    start_server          `launch` serves with no limit on connections and closes the port in between; mounting Gradio
                          in an application of our own would be public, but ZeroGPU works with `launch` only
    process_api           every event of page, programs and tools passes it; nothing public stands around all events
    Queue.push            the only place where what comes in is known before it counts; `max_size` refuses in English
    the queue's tables    who waits, who has an answer to fetch; by itself Gradio keeps answers that nobody fetches
    SessionState          it copies every component's settings for every visitor: 6 ms and 28 KB each
    parameters' words     its list of endpoints takes them from a docstring's `Args:`, by a function of its own
    the MCP server        its tools answer in Python's notation, and reach this very process through proxies

What isn't Python stands elsewhere: addresses and names of functions in `doorman`, the events of a stream in `streams`,
and what the page's script needs in `assets/page/gradio.js`.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import partial
from importlib import import_module
from typing import Any, Final, TypeAlias

from recommender.page.server import surroundings

VERSION: Final = "6.31"
_MOST_LEFTOVERS: Final = 4_000

Call: TypeAlias = Callable[..., Awaitable[Any]]


@contextmanager
def without_stubs() -> Iterator[None]:
    """Within this block Gradio does not rewrite its type stubs, which takes 40 % of the time of importing it.

    It leaves them alone where a class has no source file, so it is told that none has.
    """
    real = inspect.getfile

    def getfile(thing: object) -> str:
        if str(getattr(thing, "__module__", "")).startswith("gradio."):
            raise OSError
        return real(thing)  # type: ignore[arg-type]

    inspect.getfile = getfile  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = real


with without_stubs(), surroundings.without_network():
    import gradio as gr
    from gradio import http_server
    from gradio.block_function import BlockFunction
    from gradio.components.api_component import Api
    from gradio.queueing import Event
    from gradio.server_messages import ProcessCompletedMessage
    from gradio.state_holder import SessionState, StateHolder
    from gradio.utils import get_function_description


@contextmanager
def served_by(start: Callable[..., tuple[str, int, str, Any]]) -> Iterator[None]:
    """Within this block what Gradio launches is served by what `start` returns. For one thread at a time."""
    real = http_server.start_server
    http_server.start_server = start
    try:
        yield
    finally:
        http_server.start_server = real


def around_events(blocks: gr.Blocks, wrap: Callable[[Call], Call]) -> None:
    """Have `wrap` stand around every event of a page, whoever causes it; it is called by keywords."""
    blocks.process_api = wrap(blocks.process_api)  # type: ignore[method-assign,assignment]


def described(function: Callable[..., Any]) -> dict[str, str]:
    """What a function's docstring says of each parameter, as Gradio reads it."""
    return dict(get_function_description(function)[1])


def fill_up(call: dict[str, Any]) -> None:
    """Give an endpoint, in a call of `process_api`, the defaults of the parameters that were left out at the end."""
    endpoint, given = call.get("block_fn"), call.get("inputs")
    if isinstance(endpoint, BlockFunction) and isinstance(given, list):
        missing = endpoint.inputs[len(given) :]
        defaults = [parameter.value for parameter in missing if isinstance(parameter, Api)]
        if given and len(defaults) == len(missing):
            call["inputs"] = [*given, *defaults]


class Waiting:
    """The queue of a page: who waits, who is being answered, whose answer waits to be fetched."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self._blocks = blocks

    def __len__(self) -> int:
        """How many wait."""
        return len(self._queue)

    def of_kind(self, concurrency_id: str) -> int:
        """How many wait with this `concurrency_id`."""
        waiting = self._queue.event_queue_per_concurrency_id.get(concurrency_id)
        return len(waiting.queue) if waiting else 0

    def batches(self) -> int:
        """Batches of events that run."""
        return sum(job is not None for job in self._queue.active_jobs)

    def kind_of(self, body: Any) -> str:
        """The `concurrency_id` of an event that comes in."""
        event = self._blocks.fns.get(body.fn_index)
        return str(event.concurrency_id) if event else ""

    def around_entry(self, wrap: Callable[[Call], Call]) -> None:
        """Have `wrap` stand where an event comes in: it is called with its body, its HTTP request and a user's name."""
        self._queue.push = wrap(self._queue.push)

    def answers(self, event: str) -> bool:
        """Whether an event is waiting, running, or answered with the answer not fetched yet."""
        fetchable = self._queue.pending_event_ids_session.values()
        return event in self._queue.event_ids_to_events or any(event in ids for ids in fetchable)

    def reads(self, session: str) -> bool:
        """Whether this can be the id of a page's session: a program's is that of its event, with its own address."""
        events = self._queue.pending_event_ids_session
        return session not in self._queue.event_ids_to_events and session not in events.get(session, ())

    def has_left(self, event: str | None) -> Callable[[], bool]:
        """Whether whoever caused an event is gone; Gradio notes it, and goes on."""
        found = self._queue.event_ids_to_events.get(event or "")
        return lambda: found is not None and not found.alive

    def running(self) -> bool:
        """Whether anything waits or runs."""
        # Another thread asks than the one that changes them.
        return any(event.alive for event in list(self._queue.event_ids_to_events.values()))

    def unfetched(self) -> bool:
        """Whether anything is answered without having been fetched."""
        return any(list(self._queue.pending_event_ids_session.values()))

    def cut(self, told: Callable[[Any], dict[str, Any]]) -> int:
        """Tell everybody who still waits that there will be no answer, and how many they are. In the server's thread.

        Each gets a whole last event, which holds what `told` makes of its HTTP request's scope; what is being computed
        for them is given up.
        """
        queue, count = self._queue, 0
        for event in list(queue.event_ids_to_events.values()):
            if not event.alive:
                continue
            count += 1
            if event.session_hash in queue.pending_messages_per_session:
                output = told(event.request.scope)
                queue.send_message(event, ProcessCompletedMessage(output=output, success=False))
            event.alive = False
        for waiting in queue.event_queue_per_concurrency_id.values():
            waiting.queue.clear()
        return count

    def forget(self, session: str, for_good: bool) -> None:
        """Drop what is kept of a session that has left. What it still has in the queue goes on.

        A page that has left may come back as the same session, after a break of its connection: unless it is gone
        `for_good` its state stays, until newer sessions push it out.
        """
        queue, states = self._queue, self._blocks.state_holder
        if any(event is not None and event.alive for event in self._events_of(session)):
            return
        queue.pending_messages_per_session.pop(session, None)
        queue.pending_event_ids_session.pop(session, None)
        if for_good:
            states.session_data.pop(session, None)
            states.time_last_used.pop(session, None)
        if len(queue.pending_event_ids_session) > _MOST_LEFTOVERS:
            for other in list(queue.pending_event_ids_session):
                if other not in queue.pending_messages_per_session:
                    del queue.pending_event_ids_session[other]

    def _events_of(self, session: str) -> list[Event | None]:
        known = self._queue.pending_event_ids_session.get(session, ())
        return [self._queue.event_ids_to_events.get(event) for event in known]

    @property
    def _queue(self) -> Any:
        # Not kept: `Blocks.queue` makes another one.
        return self._blocks._queue


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
    """Give new sessions of a page that was launched a light state."""
    states = _LightStates()  # type: ignore[no-untyped-call]
    states.set_blocks(blocks)
    blocks.app.state_holder = states


def speak_json(blocks: gr.Blocks) -> None:
    """Let the tools of a running MCP server answer in JSON; by itself Gradio writes what Python would print."""
    tools: Any = blocks.mcp_server_obj
    if tools is None:
        return
    written = tools.postprocess_output_data

    def as_json(data: list[Any], root: str) -> Any:
        return written([json.dumps(one, ensure_ascii=False) if isinstance(one, dict) else one for one in data], root)

    tools.postprocess_output_data = as_json


def keep_tools_here() -> None:
    """Have the MCP tools ask the page, which is in this very process, without a proxy. For a call once they run."""
    tools: Any = import_module("gradio.mcp")
    tools.Client = partial(tools.Client, httpx_kwargs={"trust_env": False})
