"""The route `google-article`: the article's own, kept as it was so that a class can watch why it fails.

The whole Arabic prompt goes through the translator; the labels are repaired by string replacement; the model writes;
what it wrote goes back. Nothing else is repaired.
"""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Final

from recommender import prompt
from recommender.language import SOURCE
from recommender.language.text import shown
from recommender.messages import Message
from recommender.routes import diagnosis, naming
from recommender.routes.hops import Hop
from recommender.routes.registry import Route
from recommender.routes.request import Routed, RouteRequest
from recommender.shop.items import Item
from recommender.shop.matching import match_in

REPAIRS: Final = (
    ("Items purchased:", "ITEMS PURCHASED:"),
    ("Purchased items:", "ITEMS PURCHASED:"),
    ("Candidates for recommendation:", "CANDIDATES FOR RECOMMENDATION:"),
    ("Recommendation:", "RECOMMENDATION: "),
)
"""The article replaced four wordings of labels that it had met; these are ours. Any other one stays as it came."""


def repair(english: str) -> str:
    """The prompt with the known wordings of its labels replaced."""
    for wording, label in REPAIRS:
        english = english.replace(wording, label)
    return english


def take(asked: RouteRequest) -> Routed:
    """The whole prompt there, the raw output back; no recommendation unless that is exactly an item's name."""
    arabic = prompt.build(asked.basket, asked.candidates, asked.language)
    there = naming.ask(asked.translator, [arabic], asked.language, SOURCE)
    english = there.texts[0]
    if english is None:
        hops = [naming.machine_hop(asked.translator, asked.language, SOURCE, arabic, "", there)]
        return _ended(asked, hops, there.reason)
    repaired = repair(english)
    lost = diagnosis.of_prompt(english, asked.basket, asked.candidates)
    hops = [
        naming.machine_hop(asked.translator, asked.language, SOURCE, arabic, english, there, lost),
        Hop(SOURCE, SOURCE, "table", english, repaired, diagnosis.of_labels(repaired), step="repair"),
    ]
    asking = perf_counter()
    raw = asked.model.generate(repaired, asked.options)
    model_ms = (perf_counter() - asking) * 1000
    found = match_in(asked.catalogue, raw.text, asked.basket, asked.candidates)
    problems = diagnosis.of_reading(repaired, asked.model.tokens) + diagnosis.of_answer(raw, found)
    hops.append(Hop(SOURCE, SOURCE, "model", repaired, raw.text, problems))
    recommendation, reason = None, None
    if raw.text.strip():
        back = naming.ask(asked.translator, [raw.text], SOURCE, asked.language)
        recommendation, reason = _exactly(asked, back.texts[0]), back.reason
        problems = _of_end(asked, found.item, back.texts[0], recommendation)
        written = back.texts[0] or ""
        hops.append(naming.machine_hop(asked.translator, SOURCE, asked.language, raw.text, written, back, problems))
    ended = _ended(asked, hops, reason)
    return replace(ended, prompt=repaired, raw=raw, match=found, recommendation=recommendation, model_ms=model_ms)


def _exactly(asked: RouteRequest, arabic: str | None) -> Item | None:
    """The item of the catalogue, owned or not, with this very name."""
    return next((item for item in asked.catalogue if item.name(asked.language) == arabic), None)


def _of_end(asked: RouteRequest, meant: Item | None, arabic: str | None, named: Item | None) -> tuple[Message, ...]:
    if arabic is None:
        return ()
    found = diagnosis.of_return(meant, arabic, asked.catalogue)
    problems = tuple(problem for problem in found if problem.key != "not_an_item")
    if named is not None and named in asked.basket:
        problems += (Message("already_owned", {"item": named}),)
    return problems if named else (*problems, Message("not_exactly_an_item", {"text": shown(arabic)}))


def _ended(asked: RouteRequest, hops: list[Hop], reason: Message | None) -> Routed:
    """Where the path ended: as yet with no prompt, output or recommendation."""
    return Routed(
        asked=asked.route,
        used=asked.route,
        reason=reason,
        language=asked.language,
        prompt="",
        ranking=None,
        raw=None,
        match=None,
        recommendation=None,
        hops=tuple(hops),
        model_ms=0.0,
    )


ROUTE = Route("google-article", take, translator="google", ranks=False)
