"""What a route is given and what it yields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from recommender.messages import Message
from recommender.recommenders.ranking import GenerationOptions, Ranking, RawOutput
from recommender.routes.hops import Hop
from recommender.routes.translators.base import TranslationError, Translator
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.matching import Match


class TextModel(Protocol):
    """What the routes need of a model; `recommender.t5.T5Recommender` is one."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    def reads(self, language: str) -> bool:
        """Whether it was trained on prompts in `language`."""
        ...

    def tokens(self, text: str) -> list[str]:
        """The vocabulary's pieces of `text`, `<unk>` where there is none."""
        ...

    def prompt_for(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
        """The text it is given for a basket."""
        ...

    def generate(self, prompt: str, options: GenerationOptions = ..., /) -> RawOutput:
        """What it writes after any prompt."""
        ...

    def answer(
        self, basket: Sequence[Item], candidates: Sequence[Item], language: str = ..., options: GenerationOptions = ...
    ) -> tuple[Ranking, RawOutput]:
        """The ranking and the raw output from one encoding."""
        ...


@dataclass(frozen=True)
class RouteRequest:
    """One request in `language` on its way: `basket` and `candidates` are items of `catalogue`."""

    route: str
    basket: tuple[Item, ...]
    candidates: tuple[Item, ...]
    catalogue: Catalogue
    model: TextModel
    options: GenerationOptions
    translator: Translator | None
    language: str

    @property
    def items(self) -> tuple[Item, ...]:
        """The basket, then the candidates."""
        return self.basket + self.candidates

    def renamed(self, items: Sequence[Item]) -> RouteRequest:
        """The same request with other names: `items` take the places of `self.items`."""
        bought = len(self.basket)
        return replace(self, basket=tuple(items[:bought]), candidates=tuple(items[bought:]))


@dataclass(frozen=True)
class Routed:
    """What a route yields.

    `used` differs from `asked` only where `google` fell back to `catalogue`; `reason` then says why. On
    `google-article` there is no ranking, and `recommendation` is the item that the path really named, or None; where
    its translator failed, `reason` says why, and what was not reached is None (`raw`, `match`) or empty (`prompt`). On
    every other route `recommendation` is the best of `ranking`. An item that has no name in one language carries the
    machine's where a translator was asked for it; the hops say so.
    """

    asked: str
    used: str
    reason: Message | None
    language: str
    prompt: str
    ranking: Ranking | None
    raw: RawOutput | None
    match: Match | None
    recommendation: Item | None
    hops: tuple[Hop, ...]
    model_ms: float
    translate_ms: float = 0.0
    """All that the route added to the model's own time."""

    @property
    def simulated(self) -> bool:
        """Whether any hop was translated by the simulation."""
        return any(problem.key == "simulated" for hop in self.hops for problem in hop.problems)


def reason_of(error: TranslationError) -> Message:
    """A translator's failure as a problem."""
    return Message(error.key, error.fields)
