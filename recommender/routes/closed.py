"""The routes that end in the closed list: nothing outside the candidates is ever recommended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from recommender.errors import RequestError
from recommender.language import LANGUAGES, SOURCE
from recommender.language.text import shown
from recommender.recommenders.ranking import Ranking
from recommender.routes import diagnosis, naming
from recommender.routes.hops import Hop, Problem
from recommender.routes.request import Asked, Routed, TextModel
from recommender.shop.catalogue import Item
from recommender.shop.matching import match


def direct(asked: Asked) -> Routed:
    """English in, English out."""
    return _answered(asked, SOURCE, SOURCE)


def catalogue(asked: Asked) -> Routed:
    """Arabic in, Arabic out, by the reviewed table: the English prompt, hence exactly the English ranking."""
    routed = _answered(asked, asked.language, SOURCE, [naming.by_table(asked.items, asked.language, SOURCE)])
    return replace(routed, used="catalogue")


def native(asked: Asked) -> Routed:
    """The Arabic prompt into a model that reads Arabic. Raises as `check_native` does."""
    check_native(asked.model, asked.language)
    return _answered(asked, asked.language, asked.language)


def check_native(model: TextModel, language: str = "ar") -> None:
    """Refuse a model that prompts in `language` mean nothing to.

    Raises:
        RequestError: if its tokenizer has nothing of it, or it was not trained on any.
    """
    labels = LANGUAGES[language].labels
    sample = " ".join(labels)
    if len(diagnosis.unread(sample, model.tokens)) == len(set(sample.split())):
        seen = shown(diagnosis.as_read(labels[2], model.tokens))
        raise RequestError("native_no_vocabulary", model=model.name, seen=seen)
    if not model.reads(language):
        raise RequestError("native_not_trained", model=model.name)


def google(asked: Asked) -> Routed:
    """Each Arabic name alone through the translator, mapped to items, then the closed list.

    The ids that were ticked are known, so a name that maps to another item or to none is shown and not followed. With
    answers for less than half of the names it is the route `catalogue`, and says why.
    """
    known = [item for item in asked.items if item.written(asked.language) and item.written(SOURCE)]
    names = [item.written(asked.language) for item in known]
    answers = naming.ask(asked.translator, names, asked.language, SOURCE)
    if answers.reason and 2 * sum(text is not None for text in answers.texts) < len(names):
        return replace(catalogue(replace(asked, translator=None)), reason=answers.reason)
    english = [text or name for text, name in zip(answers.texts, names, strict=True)]
    problems = diagnosis.of_names(known, answers.texts, missing="untranslated")
    machine = naming.machine_hop(
        asked.translator, asked.language, SOURCE, "\n".join(names), "\n".join(english), answers, problems
    )
    hops = [machine, _mapping(known, english)] if known else []
    return _back_by_machine(asked, _answered(asked, asked.language, SOURCE, hops))


def _mapping(items: Sequence[Item], english: Sequence[str]) -> Hop:
    """From what came back to the items' own names."""
    find = diagnosis.finder(items)
    stands = [item for item, text in zip(items, english, strict=True) if find(text) is not item]
    problem = Problem("table_stands", {"names": diagnosis.some(stands), "count": len(stands)})
    names = "\n".join(item.en for item in items)
    return Hop(SOURCE, SOURCE, "table", "\n".join(english), names, (problem,) if stands else ())


def _answered(asked: Asked, language: str, written: str, before: Sequence[Hop] = ()) -> Routed:
    """Ask the model in the language `written` and answer in `language`."""
    items, completed = naming.complete(asked.items, written, asked.translator)
    request = asked.renamed(items)
    asking = perf_counter()
    ranking, raw = asked.model.answer(request.basket, request.candidates, written, asked.options)
    model_ms = (perf_counter() - asking) * 1000
    text = asked.model.prompt_for(request.basket, request.candidates, written)
    found = match(raw.text, request.basket, request.candidates)
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
    return Ranking((replace(ranking.best, item=best), *ranking.scored[1:]))


def _back_by_machine(asked: Asked, routed: Routed) -> Routed:
    """Show what the translator makes of the answer before the table's name stands."""
    best = routed.recommendation
    if best is None or not (best.written(SOURCE) and best.written(asked.language)):
        return routed
    answers = naming.ask(asked.translator, [best.written(SOURCE)], SOURCE, asked.language)
    text = answers.texts[0]
    problems = () if text is None else diagnosis.of_return(best, text, asked.catalogue)
    name = best.written(SOURCE)
    hop = naming.machine_hop(asked.translator, SOURCE, asked.language, name, text or name, answers, problems)
    return replace(routed, hops=(*routed.hops[:-1], hop, routed.hops[-1]))
