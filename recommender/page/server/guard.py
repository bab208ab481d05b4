"""Around every event of the page: its deadline, its id for the log, and a sentence for whatever else goes wrong."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from time import monotonic
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.components.api_component import Api

from recommender.page.server import metrics
from recommender.page.server.doorman import whereabouts
from recommender.page.server.visits import DEADLINE_S, VISIT, Visit, logger, visit_of
from recommender.system.deadline import deadline


def install(blocks: gr.Blocks) -> None:
    """Guard all events of a page.

    Errors that are meant for a visitor (`print_exception=False`) pass. Gradio prints all others to the log with what
    was sent, and the visitor learns nothing.
    """
    process = blocks.process_api

    async def guarded(*args: Any, **kwargs: Any) -> dict[str, Any]:
        visit = _visit(kwargs.get("request"))
        _fill_up(kwargs)
        # Each step of a generator has the time of a whole request: what comes in steps shows that it goes on.
        since = visit.begun if kwargs.get("iterator") is None else monotonic()
        token, outcome = VISIT.set(visit), "failed"
        try:
            with deadline(since + DEADLINE_S - monotonic(), _has_left(blocks, kwargs.get("event_id"))):
                answer = await process(*args, **kwargs)
            outcome = "answered"
            return answer
        except Exception as error:
            if isinstance(error, gr.Error) and not error.print_exception:
                raise
            ours = _is_ours(error, kwargs.get("block_fn"))
            logger.log(logging.ERROR if ours else logging.WARNING, "%s %s", visit.id, whereabouts(error))
            text = visit.say("server_failed", id=visit.id) if ours else visit.say("server_unfit")
            raise gr.Error(text, title=visit.say("server_error"), print_exception=False) from None
        finally:
            VISIT.reset(token)
            name = getattr(kwargs.get("block_fn"), "api_name", None) or "-"
            metrics.event_ended(str(name), outcome, monotonic() - since)

    # A method of the instance, because the page's class is Gradio's own.
    blocks.process_api = guarded  # type: ignore[method-assign]


def _has_left(blocks: gr.Blocks, event_id: str | None) -> Callable[[], bool]:
    """Whether whoever caused an event is gone; Gradio notes it, and goes on."""
    event = blocks._queue.event_ids_to_events.get(event_id or "")
    return lambda: event is not None and not event.alive


def _visit(request: Any) -> Visit:
    http = request.request if isinstance(request, gr.Request) else None
    return visit_of(http.scope) if http is not None else Visit()


def _fill_up(call: dict[str, Any]) -> None:
    """Give an endpoint the defaults of the parameters that were left out at the end."""
    endpoint, given = call.get("block_fn"), call.get("inputs")
    if isinstance(endpoint, BlockFunction) and isinstance(given, list):
        missing = endpoint.inputs[len(given) :]
        defaults = [parameter.value for parameter in missing if isinstance(parameter, Api)]
        if given and len(defaults) == len(missing):
            call["inputs"] = [*given, *defaults]


def _is_ours(error: Exception, event: object) -> bool:
    """Whether an error is the server's own: its function had begun, or it is no kind that comes of what was sent."""
    if not isinstance(error, TypeError | ValueError | LookupError | AttributeError | AssertionError | gr.Error):
        return True
    own = getattr(getattr(event, "fn", None), "__code__", None)
    return any(frame.f_code is own for frame, _ in traceback.walk_tb(error.__traceback__))
