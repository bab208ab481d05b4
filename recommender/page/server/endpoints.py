"""What programs can ask: `recommend`, `explain` and `catalogue`, listed with their types at `/gradio_api/info`.

Gradio reads the types as they stand, and of the description of a parameter one line: no postponed annotations here.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any, Literal

import gradio as gr
from gradio.components import Component
from gradio.events import api
from gradio.utils import get_function_description

from recommender.errors import RecommenderError, RequestError
from recommender.language import LANGUAGES, sentence
from recommender.language.text import shown
from recommender.page.given import without_folders
from recommender.service import MAX_ITEMS, Request, Service
from recommender.service.batching import MOST_ROWS
from recommender.shop.shipped import shops

MODEL_QUEUE = "model"
"""The `concurrency_id` of every event that asks the model; as many of them run at once as a batch holds."""
EXPLAIN_QUEUE = "explain"
"""That of programs' wishes for an explanation, each of which is worth dozens of answers."""
EXPLAINS = 2
"""Explanations that are worked out at once."""
# What would break out of a toast, which keeps bare tags; quoted names reach it inside of sentences.
_HARMLESS = str.maketrans("<>", "‹›")

Route = Literal["direct", "catalogue", "native", "google", "google-article"]


def failure(error: RecommenderError, language: str = "en") -> gr.Error:
    """An error as Gradio shows it: its sentence, and no stack trace in the log."""
    spoken = language if language in LANGUAGES else "en"
    text = sentence(error.key, spoken, **without_folders(error.fields)).translate(_HARMLESS)
    return gr.Error(text, title=sentence("server_error", spoken), print_exception=False)


def check_catalogue(service: Service, name: str | None) -> str | None:
    """What the service calls the catalogue `name`, if it is one that visitors may ask for.

    The settings' own is called as its file is, without its folder.

    Raises:
        RequestError: for any other name: a path would be a file of this machine.
    """
    own = service.settings.catalogue
    known = {**{one: one for one in shops()}, **({service.catalogue(own).name: own} if own else {})}
    if name is None:
        return None
    if isinstance(name, str) and name in known:
        return known[name]
    raise RequestError("server_catalogue", name=shown(str(name)), known=tuple(map(shown, known)))


def check_top(top: int | None) -> int | None:
    """`top`, if it is a number of candidates.

    Raises:
        RequestError: naming the range.
    """
    if top is None or (type(top) is int and 1 <= top <= MAX_ITEMS):
        return top
    raise RequestError("server_top", limit=MAX_ITEMS)


def check_against(name: object) -> None:
    """Refuse what is no name.

    Raises:
        RequestError: saying so.
    """
    if not isinstance(name, str | None):
        raise RequestError("service_not_text", field="against")


def _request(
    service: Service,
    items: list[str],
    language: str,
    route: str | None,
    catalogue: str | None,
    new: list[str] | None,
) -> Request:
    return Request(items, language, route, check_catalogue(service, catalogue), None, [] if new is None else new)


@contextmanager
def _refusing(language: str) -> Iterator[None]:
    """Within this block errors are raised as Gradio shows them."""
    try:
        yield
    except RecommenderError as error:
        if error.fields.get("field") == "basket":
            error.fields["field"] = "items"  # as it is called here
        raise failure(error, language) from None


def register(blocks: gr.Blocks, service: Service) -> None:
    """Add the endpoints to a page that is being built, from within its `with` block."""

    def recommend(
        items: list[str],
        language: Literal["en", "ar"] = "en",
        route: Route | None = None,
        catalogue: str | None = None,
        new: list[str] | None = None,
        top: int | None = None,
    ) -> dict[str, Any]:
        """Recommend the next item for a customer, and show exactly what the language model wrote.

        Args:
            items: What the customer has bought, in order of purchase: ids, names in either language, or aliases.
            language: Language of the request, and of the sentence that says what is wrong with it: "en" or "ar".
            route: "direct" for English; for Arabic "catalogue" (the default), "native", "google" or "google-article".
            catalogue: Which shop it is: SHOPS; "sports" by default.
            new: Names of items that are in no catalogue: bought where items names them, else on offer.
            top: How many of the best candidates to list; all of them by default.

        Returns:
            recommendation, ranking, raw_output, prompt, language, route, hops, model, device, dtype, milliseconds.
        """
        with _refusing(language):
            request = _request(service, items, language, route, catalogue, new)
            limit = check_top(top)
            return service.answer(request).to_json(limit)

    def explain(
        items: list[str],
        language: Literal["en", "ar"] = "en",
        route: Route | None = None,
        catalogue: str | None = None,
        new: list[str] | None = None,
        against: str | None = None,
        shuffles: int = 20,
        neighbours: int = 5,
        weight: float | None = None,
        top: int | None = None,
    ) -> dict[str, Any]:
        """Explain a recommendation: what each purchase adds to it, other orders, training purchases, other methods.

        Args:
            items: What the customer has bought, in order of purchase: ids, names in either language, or aliases.
            language: Language of the request, and of the sentence that says what is wrong with it: "en" or "ar".
            route: As in recommend; for one that needs a machine's translation "catalogue" is explained.
            catalogue: Which shop it is: SHOPS; "sports" by default.
            new: Names of items that are in no catalogue: bought where items names them, else on offer.
            against: Another item on offer, to see why the recommended one rather than that.
            shuffles: How many other orders to try, of the candidates and of the purchases: 1 to 200.
            neighbours: How many of the nearest training purchases to list: 1 to 100.
            weight: Weight of co-purchase in the blend with the T5, 0 to 1; by default the one tuned on validation.
            top: How many of the best candidates each list has; all of them by default.

        Returns:
            recommendation, leave_one_out, shuffles, neighbours, seen_in_training, others, blend, items and more.
        """
        with _refusing(language):
            request = _request(service, items, language, route, catalogue, new)
            limit = check_top(top)
            check_against(against)
            numbers: dict[str, Any] = {"n": shuffles, "neighbours": neighbours, "weight": weight}
            return service.explain(request, against=against, **numbers).to_json(limit)

    def catalogue(name: str = "sports") -> dict[str, Any]:
        """List the items that can be bought and recommended.

        Args:
            name: Which shop: SHOPS.

        Returns:
            name and items; of each item its id, en, ar, sport, role and aliases.
        """
        try:
            found = service.catalogue(check_catalogue(service, name))
        except RecommenderError as error:
            raise failure(error) from None
        items = [
            {"id": one.id, "en": one.en, "ar": one.ar, "sport": one.sport, "role": one.role, "aliases": one.aliases}
            for one in found
        ]
        return {"name": found.name, "items": items}

    for function in (recommend, explain, catalogue):
        function.__doc__ = (function.__doc__ or "").replace("SHOPS", ", ".join(f'"{name}"' for name in shops()))
    api(recommend, concurrency_id=MODEL_QUEUE, concurrency_limit=MOST_ROWS)
    api(explain, concurrency_id=EXPLAIN_QUEUE, concurrency_limit=EXPLAINS)
    api(catalogue)
    for function in (recommend, explain, catalogue):
        _describe(blocks, function)


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


def _describe(blocks: gr.Blocks, function: Callable[..., Any]) -> None:
    """Show in the list of endpoints what each parameter is; by itself Gradio says `1st`, `2nd`."""
    endpoint = next(one for one in blocks.fns.values() if one.fn is function)
    about = get_function_description(function)[1]
    for name, parameter in zip(inspect.signature(function).parameters, endpoint.inputs, strict=True):
        assert isinstance(parameter, Component)
        parameter.label = about[name]
