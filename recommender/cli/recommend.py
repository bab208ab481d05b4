"""`recommend`: one answer, or one for each row of a file."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from recommender.cli import many, show
from recommender.cli.notes import say
from recommender.errors import RequestError
from recommender.language import sentence
from recommender.language.text import split_names
from recommender.recommenders.ranking import GenerationOptions
from recommender.service import MAX_ITEMS, Request, Service
from recommender.settings import Settings


def run(args: Namespace, settings: Settings) -> int:
    """Print the answer, or write the answers.

    Raises:
        RecommenderError: if the request, or the file as a whole, can't be answered.
    """
    check_top(args.top)
    service = Service(chosen(args, settings))
    if service.settings.catalogue:
        say(service.catalogue().notes, service.settings.language)
    if args.input or args.output:
        return _many(args, service)
    answer = service.answer(_request(args, service.settings, named(args.items)))
    if args.json:
        print(json.dumps(answer.to_json(args.top), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print(show.text_of(answer, args.top or 5))
    return 0


def named(texts: Sequence[str]) -> list[str]:
    """The names in a command's arguments, each of which may hold a list, as the article writes baskets."""
    return [name for text in texts for name in split_names(text)]


def check_top(top: int | None) -> None:
    """Refuse a number of candidates to list that there can't be.

    Raises:
        RequestError: naming the range.
    """
    if top is not None and top < 1:
        raise RequestError("option_out_of_range", option="top", value=top, low=1, high=MAX_ITEMS)


def chosen(args: Namespace, settings: Settings) -> Settings:
    """The settings, with what the command line says instead."""
    said = {name: getattr(args, name, None) for name in ("model", "device", "catalogue", "language", "translator")}
    return replace(settings, **{name: value for name, value in said.items() if value is not None})


def _many(args: Namespace, service: Service) -> int:
    if not (args.input and args.output):
        raise RequestError("cli_input_and_output")
    if args.items:
        raise RequestError("cli_input_or_items")
    request_of = partial(_request, args, service.settings)
    done = many.answer_file(args.input, args.output, service, request_of, args.top)
    say(done.notes, service.settings.language)
    if args.json:
        print(json.dumps({"rows": done.rows, "failed": done.failed, "output": args.output}, ensure_ascii=False))
    else:
        fields = {"rows": done.rows, "failed": done.failed, "file": args.output}
        print(sentence("cli_rows_done", service.settings.language, **fields))
    return 3 if done.failed else 0


def _request(args: Namespace, settings: Settings, basket: Sequence[str], new: Sequence[str] = ()) -> Request:
    options = GenerationOptions(args.temperature, args.top_k, args.top_p, args.seed)
    # A row's `new` may be anything; `Request` says so.
    more = [*args.new, *new] if isinstance(new, list | tuple) else new
    return Request(basket, settings.language, args.route, new=more, options=options)
