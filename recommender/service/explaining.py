"""Why an answer is what it is: the instruments, for the requests of a service."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import perf_counter
from typing import Any, TypeVar

from recommender.errors import RequestError
from recommender.instruments import registry
from recommender.instruments.settings import Settings, check_all
from recommender.recommenders.ranking import RankRequest
from recommender.service.explanation import Explanation
from recommender.service.subject import RequestSubject
from recommender.system.deadline import check_time

Result = TypeVar("Result")


def prepare() -> None:
    """Have ready what the instruments look things up in, which takes about two seconds at the first call."""
    for instrument in registry.instruments():
        if instrument.prepare is not None:
            instrument.prepare()


def examine(name: str, subject: RequestSubject, settings: Settings, most_tokens: float = math.inf) -> Any:
    """What the instrument `name` finds.

    Raises:
        RecommenderError: if it finds nothing, a setting is out of range, or it asks more of the model than
            `most_tokens`.
        KeyError: if there is no such instrument: a mistake of ours, never of a user.
    """
    instrument = registry.find(name)
    if instrument is None:
        raise KeyError(name)
    checked = check_all(instrument.settings, settings)
    check_time()
    if instrument.needs_basket:
        # What is wrong with the items is said before anything else.
        _ = subject.case
    if asks := instrument.asks(subject, checked):
        _afford(subject, asks, most_tokens)
    return instrument.compute(subject, checked)


def explain(subject: RequestSubject, seed: int, settings: Settings, most_tokens: float = math.inf) -> Explanation:
    """The answer with all that explains it.

    Raises:
        RecommenderError: if there is no answer, a setting is out of range, or all this asks more of the model than
            `most_tokens`.
    """
    parts = [part for _, part in registry.explained()]
    checked = {**check_all(registry.explain_settings(), settings), "seed": seed}
    watch = _Watch()
    items = (*subject.basket, *subject.candidates)
    _afford(subject, sum(part.asks(subject, checked) for part in parts), most_tokens)
    answer = watch("answer", lambda: subject.answer)
    found: dict[str, Any] = {}
    for part in parts:
        for name, work in part.work.items():
            found[name] = watch(name, lambda work=work: work(subject, checked))  # type: ignore[misc]
    assert subject.request is not None
    return Explanation(subject.request, answer, items, found, watch.milliseconds)


def _afford(subject: RequestSubject, asks: int, most_tokens: float) -> None:
    """Refuse what would ask the model more than `most_tokens`, before any of it is asked.

    Raises:
        RequestError: naming how often the model may be asked this.
        PromptTooLongError: if it can't be asked this at all.
    """
    model, asked = subject.model, (subject.basket, subject.candidates, subject.language)
    model.check(RankRequest(*asked, viewed=subject.viewed, cart=subject.cart))
    if most_tokens == math.inf:
        return
    tokens = len(model.tokens(model.prompt_for(*asked)))
    if asks * tokens > most_tokens:
        most = int(most_tokens // max(tokens, 1))
        raise RequestError("explain_too_costly", asks=asks, tokens=tokens, most=most)


class _Watch:
    """Notes how long each piece of work takes, in milliseconds."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}
        self._begun = perf_counter()

    def __call__(self, name: str, work: Callable[[], Result]) -> Result:
        check_time()
        begun = perf_counter()
        result = work()
        self.milliseconds[name] = (perf_counter() - begun) * 1000
        self.milliseconds["total"] = (perf_counter() - self._begun) * 1000
        return result
