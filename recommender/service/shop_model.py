"""A shop's own recommender as the service sees it: a model whose rankings are blended with what sales taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final, cast

from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput, Recommender
from recommender.recommenders.recall import Recall
from recommender.recommenders.sales.shop_blend import MODEL, ShopBlend, Vectors
from recommender.service.model import Model, Timed
from recommender.shop.items import Item

_GREEDY: Final = GenerationOptions()


@dataclass(frozen=True)
class BlendedAnswer:
    """One answer: the blend's ranking, and all else as the model gave it."""

    ranking: Ranking
    raw_output: RawOutput
    prompt: str
    milliseconds: dict[str, float]


class ShopModel:
    """A model that ranks as its shop's blend does, and writes as itself. Threads may share one."""

    def __init__(self, model: Model, blend: ShopBlend) -> None:
        self.alone = model
        self.blend = blend

    def __getattr__(self, name: str) -> Any:
        """Whatever else the model has and can do."""
        if name == "alone":  # not there yet while an instance is being copied
            raise AttributeError(name)
        return getattr(self.alone, name)

    @property
    def recall(self) -> Recall | None:
        """What was measured of the shortlist; None where nothing was."""
        return self.blend.recall

    def shortlist(self, request: RankRequest) -> list[Item]:
        """The candidates that are ranked exactly, of those of a request."""
        return self.blend.shortlist(request)

    def check(self, request: RankRequest) -> None:
        """Raise what answering a request would raise."""
        self.alone.check(self.blend.asked(request))

    def asked(self, request: RankRequest) -> RankRequest:
        """The request as it is put into the model's prompt: the latest of each list."""
        return self.blend.asked(request)

    def prompt_for(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
        """The text that the model is given for a basket."""
        asked = self.blend.asked(RankRequest(basket, candidates, language))
        return self.alone.prompt_for(asked.basket, asked.candidates, language)

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """Every candidate with its probability, best first. Raises as `rank_many` does."""
        return self.rank_many([RankRequest(basket, candidates, language)])[0]

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        """`rank` for each request, in order.

        Raises:
            RequestError: if there is no candidate, or there are more than a prompt holds.
        """
        asked = self.alone.rank_many([self.blend.asked(one) for one in requests])
        return self.blend.rank(requests, asked, self._vectors)

    def each(self, request: RankRequest) -> dict[str, Ranking]:
        """The candidates as the model alone ranks them, under `MODEL`, and as each of the shop's methods does, by name.

        Raises:
            RequestError: as `rank_many` does.
        """
        own = self.alone.rank_many([self.blend.asked(request)])[0]
        return {MODEL: own, **self.each_of(request)}

    def each_of(self, request: RankRequest, names: Sequence[str] = ()) -> dict[str, Ranking]:
        """The candidates as the shop's methods rank them, those called `names` or all."""
        return self.blend.each(request, self._vectors, names)

    def never_sold(self, items: Sequence[Item]) -> frozenset[str]:
        """The ids of those that no purchase was of, or that the shop had not yet when it was trained."""
        return self.blend.never_sold(items)

    @property
    def _vectors(self) -> Vectors | None:
        """What gives the vectors of items that came after the training; None where the model knows no goods."""
        knowing: Any = self.alone
        found: Vectors | None = knowing.item_vectors if getattr(knowing, "knows_goods", False) else None
        return found

    def answer(
        self,
        basket: Sequence[Item],
        candidates: Sequence[Item],
        language: str = "en",
        options: GenerationOptions = _GREEDY,
    ) -> tuple[Ranking, RawOutput]:
        """The blend's ranking and the model's raw output. Raises as `rank_many` does."""
        return self.answer_many([RankRequest(basket, candidates, language)], options)[0]

    def answer_many(
        self, requests: Sequence[RankRequest], options: GenerationOptions = _GREEDY
    ) -> list[tuple[Ranking, RawOutput]]:
        """`answer` for each request, in order."""
        return [(one.ranking, one.raw_output) for one in self.answer_many_timed(requests, options)]

    def answer_many_timed(
        self, requests: Sequence[RankRequest], options: GenerationOptions = _GREEDY
    ) -> list[BlendedAnswer]:
        """`answer_many` with the time that each took; the blend's counts as ranking."""
        asked = [self.blend.asked(one) for one in requests]
        answers: Sequence[Timed] = self.alone.answer_many_timed(asked, options)
        begun = perf_counter()
        rankings = self.blend.rank(requests, [one.ranking for one in answers], self._vectors)
        share = (perf_counter() - begun) * 1000 / max(len(answers), 1)
        return [
            BlendedAnswer(ranking, one.raw_output, one.prompt, _later(one.milliseconds, share))
            for ranking, one in zip(rankings, answers, strict=True)
        ]


@dataclass(frozen=True)
class OneMethod:
    """One part of a shop's own model, the others left out: the model alone, or a method that learned from its sales."""

    shop: ShopModel
    name: str

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """Every candidate with its probability, best first. Raises as `rank_many` does."""
        return self.rank_many([RankRequest(basket, candidates, language)])[0]

    def rank_many(self, requests: list[RankRequest]) -> list[Ranking]:
        """`rank` for each request, in order.

        Raises:
            RequestError: as the model does, where it is the part.
        """
        if self.name == MODEL:
            return self.shop.alone.rank_many([self.shop.blend.asked(one) for one in requests])
        return [self.shop.each_of(one, (self.name,))[self.name] for one in requests]


def methods_of(model: object) -> dict[str, Recommender]:
    """The parts of a shop's own model by name, the language model first; none of any other model."""
    if not isinstance(model, ShopModel):
        return {}
    return {name: OneMethod(model, name) for name in (MODEL, *model.blend.known)}


def as_shop(model: Model) -> Model:
    """The model as its shop's own recommender where its folder is a shop's; else as it is, whoever computes it.

    Raises:
        DataError: if what the folder holds beside the checkpoint isn't what was written.
    """
    blend = ShopBlend.read(model.folder)
    return cast(Model, ShopModel(model, blend)) if blend else model


def _later(milliseconds: Mapping[str, float], share: float) -> dict[str, float]:
    return {**milliseconds, "rank": milliseconds.get("rank", 0.0) + share}
