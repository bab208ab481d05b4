"""What the service needs of a model, and the face of it that a route sees."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Final, Protocol

from recommender.errors import DeviceError
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput
from recommender.recommenders.spelling import Spelling
from recommender.shop.items import Item

STAGES: Final = ("encode", "rank", "generate")
_GREEDY: Final = GenerationOptions()


class Timed(Protocol):
    """One answer of a model with its times; `recommender.t5.Answered` is one."""

    @property
    def ranking(self) -> Ranking:
        """Every candidate, best first."""
        ...

    @property
    def raw_output(self) -> RawOutput:
        """What the model wrote when left free."""
        ...

    @property
    def prompt(self) -> str:
        """The text that it was given."""
        ...

    @property
    def milliseconds(self) -> dict[str, float]:
        """Time spent on each of `STAGES`."""
        ...


class Model(Protocol):
    """What `recommender.t5.load` returns; see there."""

    name: str
    folder: Path

    @property
    def device(self) -> str:
        """What computes it now: `cpu`, or a GPU as long as that works."""
        ...

    @property
    def dtype(self) -> str:
        """What it is computed in."""
        ...

    @property
    def trouble(self) -> DeviceError | None:
        """Why the processor computes what another device should, None where all is well."""
        ...

    def reads(self, language: str) -> bool:
        """Whether prompts in `language` mean anything to it."""
        ...

    def tokens(self, text: str) -> list[str]:
        """The vocabulary's pieces of `text`."""
        ...

    def prompt_for(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
        """The text it is given for a basket."""
        ...

    def generate(self, text: str, options: GenerationOptions = _GREEDY) -> RawOutput:
        """What it writes after any prompt."""
        ...

    def spell(self, request: RankRequest, after: Sequence[int] = (), count: int = 5) -> Spelling:
        """What it writes after the tokens `after`, with `count` of what else stood to choice at each place."""
        ...

    def asked(self, request: RankRequest) -> RankRequest:
        """The request as it is put into the prompt."""
        ...

    def score_prompts(self, texts: Sequence[str], names: Sequence[str]) -> list[list[float]]:
        """Log-probability of each name as the whole continuation of each prompt, nats, shape (texts, names)."""
        ...

    def check(self, request: RankRequest) -> None:
        """Raise what answering a request would raise."""
        ...

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """Every candidate with its probability, best first."""
        ...

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        """`rank` for each request, in order."""
        ...

    def answer(
        self,
        basket: Sequence[Item],
        candidates: Sequence[Item],
        language: str = "en",
        options: GenerationOptions = _GREEDY,
    ) -> tuple[Ranking, RawOutput]:
        """The ranking and the raw output from one encoding."""
        ...

    def answer_many(
        self, requests: Sequence[RankRequest], options: GenerationOptions = _GREEDY
    ) -> list[tuple[Ranking, RawOutput]]:
        """`answer` for each request, in order."""
        ...

    def answer_many_timed(
        self, requests: Sequence[RankRequest], options: GenerationOptions = _GREEDY
    ) -> Sequence[Timed]:
        """`answer_many` with the time that each took."""
        ...


def public_name(name: str) -> str:
    """What strangers may read of a model's name: of a folder its own name, not where it lies."""
    return Path(name).name if Path(name).is_absolute() or Path(name).is_dir() else name


def question(model: Model, request: RankRequest, options: GenerationOptions) -> Hashable:
    """A key that is equal for equal questions to one model."""
    told = (request.basket, request.candidates, request.viewed, request.cart)
    return id(model), *map(tuple, told), request.language, options


class Watched:
    """A model as a route sees it: its time is noted, and answers computed ahead are given as if just found.

    Attributes:
        milliseconds: spent on each of `STAGES`, answers computed ahead included.
        ahead_ms: the part of it that was spent ahead.
    """

    def __init__(
        self, model: Model, ahead: Mapping[Hashable, Timed], viewed: Sequence[Item] = (), cart: Sequence[Item] = ()
    ) -> None:
        """Have `model` know, in each answer, what the customer has `viewed` and has in the `cart`."""
        self.milliseconds = dict.fromkeys(STAGES, 0.0)
        self.ahead_ms = 0.0
        self._viewed = viewed
        self._cart = cart
        self._model = model
        self._ahead = ahead
        self._given: tuple[RankRequest, str] | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def reads(self, language: str) -> bool:
        """Whether prompts in `language` mean anything to the model."""
        return self._model.reads(language)

    def tokens(self, text: str) -> list[str]:
        """The vocabulary's pieces of `text`."""
        return self._model.tokens(text)

    def prompt_for(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
        """The text the model is given for a basket; what it has just answered it was given already."""
        if self._given and self._given[0] == RankRequest(basket, candidates, language):
            return self._given[1]
        return self._model.prompt_for(basket, candidates, language)

    def check(self, request: RankRequest) -> None:
        """Raise what answering a request would raise."""
        self._model.check(request)

    def generate(self, text: str, options: GenerationOptions = _GREEDY) -> RawOutput:
        """What the model writes after any prompt."""
        begun = perf_counter()
        raw = self._model.generate(text, options)
        self.milliseconds["generate"] += (perf_counter() - begun) * 1000
        return raw

    def answer(
        self,
        basket: Sequence[Item],
        candidates: Sequence[Item],
        language: str = "en",
        options: GenerationOptions = _GREEDY,
    ) -> tuple[Ranking, RawOutput]:
        """The ranking and the raw output from one encoding."""
        plain = RankRequest(basket, candidates, language)
        request = replace(plain, viewed=self._viewed, cart=self._cart)
        timed = self._ahead.get(question(self._model, request, options))
        if timed is None:
            timed = self._model.answer_many_timed([request], options)[0]
        else:
            self.ahead_ms += sum(timed.milliseconds.values())
        for stage in STAGES:
            self.milliseconds[stage] += timed.milliseconds[stage]
        self._given = plain, timed.prompt
        return timed.ranking, timed.raw_output
