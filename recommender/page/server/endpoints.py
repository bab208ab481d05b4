"""What programs can ask: `recommend`, `explain` and `catalogue`, listed with their types at `/gradio_api/info`.

Gradio reads the types as they stand, and of the description of a parameter one line: no postponed annotations here.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Literal

import gradio as gr
from gradio.components import Component
from gradio.events import api

from recommender.errors import RecommenderError, RequestError
from recommender.instruments import registry
from recommender.language import LANGUAGES, SOURCE, known, sentence
from recommender.language.text import shown
from recommender.page.given import without_folders
from recommender.page.server import gradio_private
from recommender.recommenders import registry as recommenders
from recommender.routes import registry as routes
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


def failure(error: RecommenderError, language: str = "en") -> gr.Error:
    """An error as Gradio shows it: its sentence, and no stack trace in the log."""
    spoken = known(language)
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

    @_offer_choices
    def recommend(
        items: list[str],
        language: str = SOURCE,
        route: str | None = None,
        catalogue: str | None = None,
        new: list[str] | None = None,
        top: int | None = None,
    ) -> dict[str, Any]:
        """Recommend the next item for a customer, and show exactly what the language model wrote.

        Args:
            items: What the customer has bought, in order of purchase: ids, names in either language, or aliases.
            language: Language of the request, and of the sentence that says what is wrong with it: LANGUAGES.
            route: ROUTES
            catalogue: Which shop it is: SHOPS; "sports" by default.
            new: Names of items that are in no catalogue: bought where items names them, else on offer.
            top: How many of the best candidates to list; all of them by default.

        Returns:
            recommendation, ranking, raw_output, prompt, language, route, hops, confidence, model and more.
        """
        with _refusing(language):
            request = _request(service, items, language, route, catalogue, new)
            limit = check_top(top)
            return service.answer(request).to_json(limit)

    @_with_settings
    @_offer_choices
    def explain(
        items: list[str],
        language: str = SOURCE,
        route: str | None = None,
        catalogue: str | None = None,
        new: list[str] | None = None,
        top: int | None = None,
        **settings: Any,
    ) -> dict[str, Any]:
        """Explain a recommendation: what each purchase adds to it, other orders, training purchases, other methods.

        The other methods: METHODS.

        Args:
            items: What the customer has bought, in order of purchase: ids, names in either language, or aliases.
            language: Language of the request, and of the sentence that says what is wrong with it: LANGUAGES.
            route: As in recommend; for one that needs a machine's translation DEFAULT is explained.
            catalogue: Which shop it is: SHOPS; "sports" by default.
            new: Names of items that are in no catalogue: bought where items names them, else on offer.
            top: How many of the best candidates each list has; all of them by default.
            **settings: Those that the instruments state, each described there.

        Returns:
            recommendation, leave_one_out, shuffles, neighbours, seen_in_training, others, blend, items and more.
        """
        with _refusing(language):
            request = _request(service, items, language, route, catalogue, new)
            limit = check_top(top)
            return service.explain(request, **settings).to_json(limit)

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
            {"id": one.id, **one.by_language(), "sport": one.sport, "role": one.role, "aliases": one.aliases}
            for one in found
        ]
        return {"name": found.name, "items": items}

    explain.__doc__ = (explain.__doc__ or "").replace("METHODS", ", ".join(recommenders.beside_an_answer()))
    for function in (recommend, explain, catalogue):
        function.__doc__ = (function.__doc__ or "").replace("SHOPS", ", ".join(f'"{name}"' for name in shops()))
    api(recommend, concurrency_id=MODEL_QUEUE, concurrency_limit=MOST_ROWS)
    api(explain, concurrency_id=EXPLAIN_QUEUE, concurrency_limit=EXPLAINS)
    api(catalogue)
    for function in (recommend, explain, catalogue):
        _describe(blocks, function)


def _with_settings(function: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """`explain` with a parameter, its type and its description for each setting that the instruments state.

    They stand before `top`, the last one.
    """
    settings = registry.explain_settings()

    @wraps(function)
    def stated(*values: Any) -> dict[str, Any]:
        bound = signature.bind(*values)
        bound.apply_defaults()
        return function(**bound.arguments)

    own = [one for one in inspect.signature(function).parameters.values() if one.kind is not one.VAR_KEYWORD]
    added = [
        inspect.Parameter(one.name, own[-1].kind, default=one.default, annotation=one.annotation) for one in settings
    ]
    signature = inspect.Signature([*own[:-1], *added, own[-1]], return_annotation=dict[str, Any])
    stated.__signature__ = signature  # type: ignore[attr-defined]
    annotations = {one.name: one.annotation for one in signature.parameters.values()}
    stated.__annotations__ = {**annotations, "return": dict[str, Any]}
    about = "\n".join(f"    {one.name}: {one.about}" for one in settings)
    # In the place of the line that describes all of them together.
    stated.__doc__ = re.sub(r"(?m)^ *\*\*settings:.*$", lambda line: about, inspect.getdoc(function) or "")
    return stated


def _offer_choices(function: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Have the types and the descriptions of `language` and `route` name the languages and the routes there are.

    Which there are is known when the page is built; no annotation could say it as it stands.
    """
    function.__annotations__["language"] = Literal[tuple(LANGUAGES)]
    function.__annotations__["route"] = Literal[routes.names()] | None
    spoken = _either([f'"{code}"' for code in LANGUAGES])
    english, arabic = ([f'"{one.name}"' for one in routes.of_language(language)] for language in (SOURCE, "ar"))
    about = f"{_either(english)} for English; for Arabic {_either([f'{arabic[0]} (the default)', *arabic[1:]])}."
    function.__doc__ = str(function.__doc__).replace("LANGUAGES", spoken).replace("ROUTES", about)
    function.__doc__ = function.__doc__.replace("DEFAULT", arabic[0])
    return function


def _either(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def _describe(blocks: gr.Blocks, function: Callable[..., Any]) -> None:
    """Show in the list of endpoints what each parameter is; by itself Gradio says `1st`, `2nd`."""
    endpoint = next(one for one in blocks.fns.values() if one.fn is function)
    about = gradio_private.described(function)
    for name, parameter in zip(inspect.signature(function).parameters, endpoint.inputs, strict=True):
        assert isinstance(parameter, Component)
        parameter.label = about[name]
