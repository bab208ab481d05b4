"""What Gradio doesn't promise: each name and signature that the page relies on, in the very version that was read.

Where one of these fails after an upgrade, read what became of it in Gradio, see to `gradio_private` or `gradio.js`, and
write the new version there.
"""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio import blocks, component_meta, http_server, mcp, route_utils, state_holder
from gradio.block_function import BlockFunction
from gradio.components.api_component import Api
from gradio.queueing import Event, EventQueue, Queue
from gradio.server_messages import ProcessCompletedMessage
from gradio_client import utils as client_utils

from recommender.page.scripts import MODULES
from recommender.page.server import doorman
from recommender.page.server.gradio_private import VERSION, Waiting, described, lighten
from recommender.service import Service
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.page.serving import small_page
from tests.places import ROOT

FRONTEND = Path(gr.__file__).parent / "templates" / "frontend"


@cache
def launched() -> gr.Blocks:
    page = small_page(Service(Settings(), load=lambda name, device: FakeModel()))
    page.queue()
    return page


def parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def calls(function: Callable[..., Any], name: str) -> list[str]:
    """The arguments of each call of `name` in a function, as they are written."""
    return re.findall(rf"\b{name}\(([^()]*(?:\([^()]*\)[^()]*)*)\)", inspect.getsource(function))


def test_it_is_the_version_that_was_read() -> None:
    assert gr.__version__.rpartition(".")[0] == VERSION
    assert f"with {VERSION}:" in (MODULES / "gradio.js").read_text(encoding="utf-8")
    assert f"gradio>={VERSION}," in (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_gradio_is_imported_whole_without_its_stubs() -> None:
    code = (
        "import inspect, recommender.page\nreal = inspect.getfile\nfrom recommender.page.server import gradio_private\n"
        "import gradio as gr\n"
        "assert inspect.getfile is real\ngr.Textbox, gr.CheckboxGroup, gr.BarPlot, gr.State\n"
        "print(gr.analytics.analytics_enabled())"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_a_class_without_a_file_has_no_stubs_written() -> None:
    source = inspect.getsource(component_meta.create_or_modify_pyi)
    assert "inspect.getfile(component_class)" in source and "except OSError" in source


def test_launch_starts_its_server_by_the_function_that_is_replaced() -> None:
    assert parameters(http_server.start_server)[:3] == ["app", "server_name", "server_port"]
    (call,) = calls(gr.Blocks.launch, r"http_server\.start_server")
    # By keywords only, the first being the application: `Listener.in_place_of_gradios` takes them so.
    assert call.split() == [f"{word}," for word in call.replace(",", "").split()] and call.split()[0] == "app=self.app,"
    assert "server_port=server_port," in call
    assert "self.server.close()" in inspect.getsource(gr.Blocks.close)
    assert "running_app" in inspect.getsource(http_server.Server)


def test_every_event_passes_process_api_and_is_named_there() -> None:
    wanted = {"block_fn", "inputs", "request", "iterator", "event_id"}
    assert wanted <= set(parameters(gr.Blocks.process_api))
    (page_and_programs,) = calls(route_utils.call_process_api, "process_api")
    assert all(f"{name}=" in page_and_programs for name in wanted)
    assert issubclass(Api, gr.components.Component) and "inputs" in parameters(BlockFunction.__init__)
    assert Api("x", {}).value == "x"


def test_the_queue_has_its_tables_and_takes_events_in_at_one_place() -> None:
    queue = launched()._queue
    assert parameters(queue.push) == ["body", "request", "username"] and inspect.iscoroutinefunction(queue.push)
    assert parameters(queue.send_message) == ["event", "event_message"] and len(queue) == 0
    for table in ("pending_messages_per_session", "pending_event_ids_session", "event_ids_to_events"):
        assert len(getattr(queue, table)) == 0
    assert queue.event_queue_per_concurrency_id == {} and isinstance(queue.active_jobs, list)
    assert EventQueue("model", 1).queue == []
    kept = re.findall(r"self\.(\w+)\b", inspect.getsource(Event.__init__))
    assert {"alive", "session_hash", "request"} <= set(kept)
    assert {"output", "success"} <= set(ProcessCompletedMessage.model_fields)
    assert "fn_index" in inspect.getsource(Queue.push)


def test_the_tables_are_read_by_their_meaning() -> None:
    waiting = Waiting(launched())
    assert (len(waiting), waiting.of_kind("model"), waiting.batches()) == (0, 0, 0)
    assert not waiting.answers("a") and waiting.reads("a") and not waiting.running() and not waiting.unfetched()
    assert waiting.has_left("a")() is False
    waiting._queue.pending_event_ids_session["a"] = {"a", "b"}
    assert waiting.answers("b") and not waiting.reads("a") and waiting.unfetched()
    waiting.forget("a", for_good=False)
    assert not waiting.answers("b")


def test_a_light_state_has_all_that_a_whole_one_has() -> None:
    page = launched()
    whole = state_holder.SessionState(page)
    page.app = type("App", (), {})()
    lighten(page)
    light = page.app.state_holder["visitor"]
    assert vars(light).keys() == vars(whole).keys()
    assert light.STATE_TTL_WHEN_CLOSED == whole.STATE_TTL_WHEN_CLOSED
    assert light.blocks_config is not page.default_config
    assert page.state_holder.session_data.keys() == page.state_holder.time_last_used.keys() == {"visitor"}


def test_an_endpoint_is_found_by_its_function_and_says_whether_it_is_public() -> None:
    found = {one.api_name: one.api_visibility for one in launched().fns.values()}
    assert {"recommend", "explain", "catalogue"} <= {name for name, said in found.items() if said == "public"}


def test_the_tools_write_and_ask_where_that_is_replaced() -> None:
    assert parameters(mcp.GradioMCPServer.postprocess_output_data) == ["self", "data", "root_url"]
    assert "self.postprocess_output_data(" in inspect.getsource(mcp)
    assert "Client(" in inspect.getsource(mcp.GradioMCPServer._get_or_create_client)
    assert "httpx_kwargs" in parameters(vars(mcp)["Client"].__init__)
    assert "mcp_server_obj" in inspect.getsource(blocks)


@pytest.mark.parametrize("name", doorman._READERS)
def test_what_reads_a_request_is_called_so(name: str) -> None:
    assert callable(getattr(route_utils, name, None) or getattr(client_utils, name, None))


@pytest.mark.parametrize("piece", ["queue/join", "show-api"])
def test_the_browsers_side_has_what_the_pages_script_relies_on(piece: str) -> None:
    assert piece in (MODULES / "gradio.js").read_text(encoding="utf-8")
    assert any(piece in path.read_text(encoding="utf-8") for path in FRONTEND.rglob("*.js"))


def test_what_a_docstring_says_of_a_parameter_is_read_as_the_list_of_endpoints_reads_it() -> None:
    def asked(items: list[str]) -> None:
        """Ask.

        Args:
            items: What was bought.
        """

    assert described(asked) == {"items": "What was bought."}
    assert "get_function_description(" in inspect.getsource(blocks)
