"""Asking the model for the best of the candidates: the end of every route that recommends nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from recommender.recommenders.ranking import Ranking
from recommender.routes import diagnosis, naming
from recommender.routes.hops import Hop
from recommender.routes.request import Routed, RouteRequest
from recommender.shop.items import Item
from recommender.shop.matching import match_in


def ask_model(asked: RouteRequest, language: str, written: str, before: Sequence[Hop] = ()) -> Routed:
    """Ask the model in the language `written` and answer in `language`; `before` are the hops that led here."""
    items, completed = naming.complete(asked.items, written, asked.translator)
    request = asked.renamed(items)
    asking = perf_counter()
    ranking, raw = asked.model.answer(request.basket, request.candidates, written, asked.options)
    model_ms = (perf_counter() - asking) * 1000
    text = asked.model.prompt_for(request.basket, request.candidates, written)
    found = match_in(asked.catalogue, raw.text, request.basket, request.candidates)
    problems = diagnosis.of_reading(text, asked.model.tokens) + diagnosis.of_answer(raw, found)
    hops = [*before, *completed, Hop(written, written, "model", text, raw.text, problems)]
    best = ranking.best.item
    if language != written:
        (best,), back = naming.complete([best], language, asked.translator)
        hops += back or (naming.by_table([best], written, language),)
    return Routed(
        asked=asked.route,
        used=asked.route,
        reason=None,
        language=language,
        prompt=text,
        ranking=_with(ranking, best),
        raw=raw,
        match=found,
        recommendation=best,
        hops=tuple(hops),
        model_ms=model_ms,
    )


def _with(ranking: Ranking, best: Item) -> Ranking:
    """The ranking with another version of its best item."""
    return replace(ranking, scored=(replace(ranking.best, item=best), *ranking.scored[1:]))
