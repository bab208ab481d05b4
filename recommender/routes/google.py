"""The route `google`: each name alone through the translator, mapped to items, then as by the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recommender.language import SOURCE
from recommender.messages import Message
from recommender.routes import catalogue, diagnosis, naming
from recommender.routes.ask_model import ask_model
from recommender.routes.hops import Hop
from recommender.routes.registry import Route
from recommender.routes.request import Routed, RouteRequest
from recommender.shop.items import Item


def take(asked: RouteRequest) -> Routed:
    """The ids that were ticked are known, so a name that maps to another item or to none is shown and not followed.

    With answers for less than half of the names it is the route `catalogue`, and says why.
    """
    language = asked.language
    known = [item for item in asked.items if item.written(language) and item.written(SOURCE)]
    names = [item.written(language) for item in known]
    answers = naming.ask(asked.translator, names, language, SOURCE)
    if answers.reason and 2 * sum(text is not None for text in answers.texts) < len(names):
        return replace(catalogue.take(replace(asked, translator=None)), reason=answers.reason)
    english = [text or name for text, name in zip(answers.texts, names, strict=True)]
    problems = diagnosis.of_names(known, answers.texts, missing="untranslated")
    given, came = "\n".join(names), "\n".join(english)
    machine = naming.machine_hop(asked.translator, language, SOURCE, given, came, answers, problems)
    hops = [machine, _mapping(known, english)] if known else []
    return _back_by_machine(asked, ask_model(asked, language, SOURCE, hops))


def _mapping(items: Sequence[Item], english: Sequence[str]) -> Hop:
    """From what came back to the items' own names."""
    find = diagnosis.finder(items)
    stands = [item for item, text in zip(items, english, strict=True) if find(text) is not item]
    problem = Message("table_stands", {"names": diagnosis.some(stands), "count": len(stands)})
    names = "\n".join(item.written(SOURCE) for item in items)
    return Hop(SOURCE, SOURCE, "table", "\n".join(english), names, (problem,) if stands else ())


def _back_by_machine(asked: RouteRequest, routed: Routed) -> Routed:
    """Show what the translator makes of the answer before the table's name stands."""
    best = routed.recommendation
    if best is None or not (best.written(SOURCE) and best.written(asked.language)):
        return routed
    name = best.written(SOURCE)
    answers = naming.ask(asked.translator, [name], SOURCE, asked.language)
    text = answers.texts[0]
    problems = () if text is None else diagnosis.of_return(best, text, asked.catalogue)
    hop = naming.machine_hop(asked.translator, SOURCE, asked.language, name, text or name, answers, problems)
    return replace(routed, hops=(*routed.hops[:-1], hop, routed.hops[-1]))


ROUTE = Route("google", take, translator="google")
