"""Which words matter: the probability of an item with a word of the prompt left out, exactly, for each word in turn."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from recommender.errors import RequestError
from recommender.instruments.attribution import MOST_TOKENS
from recommender.instruments.attribution.leaving import Grain, Layout, Leaving, Spot
from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.shop.items import Item


class Reader(Protocol):
    """A model that reads prompts; `recommender.t5.T5Recommender` is one."""

    def tokens(self, text: str) -> list[str]:
        """The vocabulary's pieces of `text`."""
        ...

    def asked(self, request: RankRequest) -> RankRequest:
        """The request as it is put into the prompt."""
        ...

    def score_prompts(self, texts: Sequence[str], names: Sequence[str]) -> list[list[float]]:
        """Log-probability of each name as the whole continuation of each prompt, nats, shape (texts, names)."""
        ...


@dataclass(frozen=True)
class Effect:
    """What leaving something out does.

    Attributes:
        nats: log p(explained | whole prompt) - log p(explained | prompt without it), less the same of the item that it
            is held against, where there is one: above 0 it speaks for the explained one.
        without: the probability of the explained one without it, among the candidates.
    """

    leaving: Leaving
    nats: float
    without: float


@dataclass(frozen=True)
class Sum:
    """Words that were left out one by one, and together.

    Attributes:
        apart: the sum of the words' own nats.
        together: the nats of leaving all of them out at once. The difference is what they do in company.
    """

    leaving: Leaving
    apart: float
    together: float

    @property
    def gap(self) -> float:
        """How far the sum is from what they do together, nats."""
        return self.together - self.apart


@dataclass(frozen=True)
class Plan:
    """What is asked: the parts of the prompt, how fine, and all that is left out in turn."""

    layout: Layout
    grain: Grain
    each: bool
    leavings: tuple[Leaving, ...]


@dataclass(frozen=True)
class Attribution:
    """What the parts of a prompt do to one candidate, or between two.

    Attributes:
        probability: of the explained candidate by the language model alone, at `place` of its ranking; likewise of the
            one that it is held against.
        effects: one for each of the plan's leavings, in order.
        by_spot: the effect of a single word or label; of all words of a name where it was left out whole.
        sums: of each name with several words, each word that stands there several times, and all that was ticked.
    """

    explained: Item
    probability: float
    place: int
    against: Item | None
    against_probability: float | None
    against_place: int
    plan: Plan
    effects: tuple[Effect, ...]

    @property
    def by_spot(self) -> Mapping[Spot, Effect]:
        """The effect of a single word or label; that of the name for the words of one that was left out whole."""
        single = {next(iter(one.leaving.spots)): one for one in self.effects if one.leaving.kind in ("word", "label")}
        whole = {spot: one for one in self.effects if one.leaving.kind == "item" for spot in one.leaving.spots}
        return {**whole, **single}

    @property
    def listed(self) -> Effect:
        """What leaving out the whole list on offer does."""
        return next(one for one in self.effects if one.leaving.kind == "list")

    @property
    def sums(self) -> tuple[Sum, ...]:
        """Where several words were left out one by one and together too."""
        return tuple(self._sums())

    def _sums(self) -> Iterator[Sum]:
        units = {frozenset(one.leaving.spots): one for one in self.effects if one.leaving.kind in ("word", "item")}
        for one in self.effects:
            if one.leaving.kind not in ("item", "repeated", "all"):
                continue
            parts = [other for spots, other in units.items() if spots < one.leaving.spots]
            finest = [part for part in parts if not any(set(o.leaving.spots) < set(part.leaving.spots) for o in parts)]
            if len(finest) > 1:
                yield Sum(one.leaving, sum(part.nats for part in finest), one.nats)

    def to_json(self) -> dict[str, object]:
        """`{"explained", "against", "prompt", "grain", "effects": [{"kind", "text", "nats", "without"}], "sums"}`."""
        return {
            "explained": {"id": self.explained.id, "probability": self.probability},
            "against": {"id": self.against.id, "probability": self.against_probability} if self.against else None,
            "prompt": self.plan.layout.text,
            "grain": self.plan.grain,
            "effects": [
                {"kind": one.leaving.kind, "text": one.leaving.text, "nats": one.nats, "without": one.without}
                for one in self.effects
            ],
            "sums": [
                {"kind": one.leaving.kind, "text": one.leaving.text, "apart": one.apart, "together": one.together}
                for one in self.sums
            ],
        }


def planned(reader: Reader, request: RankRequest, shown: Sequence[Item], each: bool = False) -> Plan | None:
    """What is left out in turn, as fine as `MOST_TOKENS` allow; None where that is not even item by item.

    Of the candidates those in `shown` are left out by themselves; with `each` all of them, where that can be afforded.
    """
    asked = reader.asked(request)
    layout = Layout.of(asked)
    tokens = max(len(reader.tokens(layout.text)), 1)
    ids = {item.id for item in shown}
    some = [place for place, item in enumerate(asked.candidates) if item.id in ids]
    every = list(range(len(asked.candidates)))
    ways: list[tuple[Grain, bool]] = [("words", True)] if each else []
    for grain, of_each in (*ways, ("words", False), ("items", False)):
        leavings = layout.leavings(grain, every if of_each else some)
        if (1 + len(leavings)) * tokens <= MOST_TOKENS:
            return Plan(layout, grain, of_each, leavings)
    return None


def attribution(
    reader: Reader, request: RankRequest, of: Item, against: Item | None = None, each: bool = False
) -> Attribution:
    """What each word of the request's prompt does to `of`, or between it and `against`; asked in one batch.

    What is left out of the list on offer is ranked all the same, so that probabilities can be compared.

    Raises:
        RequestError: if the prompt is too long for it, or an item is no candidate.
    """
    shown = (of, against) if against else (of,)
    plan = planned(reader, request, shown, each)
    if plan is None:
        raise RequestError("why_attribution_too_long", most=MOST_TOKENS, count=len(request.candidates))
    texts = [plan.layout.text, *(plan.layout.without(one.spots) for one in plan.leavings)]
    names = [item.name(request.language) for item in request.candidates]
    # Two leavings may come to the same prompt: each is asked once.
    different = list(dict.fromkeys(texts))
    found = dict(zip(different, reader.score_prompts(different, names), strict=True))
    rankings = [Ranking.from_scores(request.candidates, found[text]) for text in texts]
    balance = _balance(of, against, request.language)
    whole, own = rankings[0], balance(rankings[0])
    chances = [{row.item.id: row.probability for row in ranking} for ranking in rankings]
    effects = tuple(
        Effect(leaving, own - balance(ranking), chance[of.id])
        for leaving, ranking, chance in zip(plan.leavings, rankings[1:], chances[1:], strict=True)
    )
    other = chances[0][against.id] if against else None
    places = [whole.rank_of(item.id) or 0 if item else 0 for item in (of, against)]
    return Attribution(of, chances[0][of.id], places[0], against, other, places[1], plan, effects)


def _balance(of: Item, against: Item | None, language: str) -> Callable[[Ranking], float]:
    def balance(ranking: Ranking) -> float:
        logs = {row.item.id: row.log_probability for row in ranking}
        for item in (of, against):
            if item and item.id not in logs:
                raise RequestError("explain_not_on_offer", name=item.name(language))
        value = logs[of.id] - (logs[against.id] if against else 0.0)
        return value if math.isfinite(value) else 0.0

    return balance
