"""`explain`: one answer, and why it is that one."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from typing import Final

from recommender.cli.notes import say
from recommender.cli.printer import Printer
from recommender.cli.recommend import check_top, chosen, named
from recommender.cli.show import considered_lines
from recommender.instruments import registry
from recommender.recommenders.ranking import GenerationOptions
from recommender.service import Explanation, Request, Service
from recommender.settings import Settings

TOP: Final = 5


def run(args: Namespace, settings: Settings) -> int:
    """Print why the answer is what it is, as tables or as JSON.

    Raises:
        RecommenderError: if the request can't be answered.
    """
    check_top(args.top)
    service = Service(chosen(args, settings))
    if service.settings.catalogue:
        say(service.catalogue().notes, service.settings.language)
    options = GenerationOptions(seed=args.seed)
    request = Request(named(args.items), service.settings.language, args.route, new=args.new, options=options)
    asked = {setting.name: getattr(args, setting.name) for setting in registry.explain_settings()}
    found = service.explain(request, seed=args.seed, **asked)
    if args.json:
        print(json.dumps(found.to_json(args.top), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print(_text(found, args.top or TOP))
    return 0


def _text(found: Explanation, top: int) -> str:
    """An explanation for people: one part for each instrument, the best `top` candidates in each."""
    out = Printer(found.answer.language, top, {item.id: item for item in found.items})
    parts = [_headline(found, out), *(part.lines(found.found, out) for _, part in registry.explained())]
    return "\n\n".join("\n".join(part) for part in parts)


def _headline(found: Explanation, out: Printer) -> Iterator[str]:
    chance = found.answer.probability
    assert chance is not None
    yield f"{out.name(found.best)}  {out.percent(chance)}"
    if found.request.asked != found.answer.used:
        yield out.say("route", asked=found.request.asked, used=found.answer.used)
    yield from considered_lines(found.answer)
