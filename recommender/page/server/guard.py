"""Around every event of the page: its deadline, its id for the log, and a sentence for whatever else goes wrong."""

from __future__ import annotations

import logging
import traceback
from time import monotonic
from typing import Any

import gradio as gr

from recommender.page.server import metrics
from recommender.page.server.doorman import whereabouts
from recommender.page.server.gradio_private import Call, Waiting, around_events, fill_up
from recommender.page.server.visits import DEADLINE_S, VISIT, Visit, logger, visit_of
from recommender.system.deadline import deadline


def install(blocks: gr.Blocks) -> None:
    """Guard all events of a page.

    Errors that are meant for a visitor (`print_exception=False`) pass. Gradio prints all others to the log with what
    was sent, and the visitor learns nothing.
    """
    waiting = Waiting(blocks)

    def guard(process: Call) -> Call:
        async def guarded(*args: Any, **call: Any) -> Any:
            visit = _visit(call.get("request"))
            fill_up(call)
            # Each step of a generator has the time of a whole request: what comes in steps shows that it goes on.
            since = visit.begun if call.get("iterator") is None else monotonic()
            token, outcome = VISIT.set(visit), "failed"
            try:
                with deadline(since + DEADLINE_S - monotonic(), waiting.has_left(call.get("event_id"))):
                    answer = await process(*args, **call)
                outcome = "answered"
                return answer
            except Exception as error:
                if isinstance(error, gr.Error) and not error.print_exception:
                    raise
                ours = _is_ours(error, call.get("block_fn"))
                logger.log(logging.ERROR if ours else logging.WARNING, "%s %s", visit.id, whereabouts(error))
                text = visit.say("server_failed", id=visit.id) if ours else visit.say("server_unfit")
                raise gr.Error(text, title=visit.say("server_error"), print_exception=False) from None
            finally:
                VISIT.reset(token)
                name = getattr(call.get("block_fn"), "api_name", None) or "-"
                metrics.event_ended(str(name), outcome, monotonic() - since)

        return guarded

    around_events(blocks, guard)


def _visit(request: Any) -> Visit:
    http = request.request if isinstance(request, gr.Request) else None
    return visit_of(http.scope) if http is not None else Visit()


def _is_ours(error: Exception, event: object) -> bool:
    """Whether an error is the server's own: its function had begun, or it is no kind that comes of what was sent."""
    if not isinstance(error, TypeError | ValueError | LookupError | AttributeError | AssertionError | gr.Error):
        return True
    own = getattr(getattr(event, "fn", None), "__code__", None)
    return any(frame.f_code is own for frame, _ in traceback.walk_tb(error.__traceback__))
