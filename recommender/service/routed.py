"""A recommender whose every answer takes a route: for judging a route as one judges a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from recommender.errors import RequestError
from recommender.messages import Message
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput
from recommender.routes import Routed, Translator, registry, run
from recommender.service.model import Model
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

_GREEDY: Final = GenerationOptions()


class RoutedRecommender:
    """`model` by way of `route`, over `catalogue`. Requests are in `language`, whatever they say themselves.

    Attributes:
        fell_back: how many answers took another route than asked, and `reason` the last one's reason.
    """

    def __init__(
        self, model: Model, route: str, catalogue: Catalogue, translator: Translator | None, language: str = "ar"
    ) -> None:
        if not registry.find(route).ranks:
            raise RequestError("service_no_ranking", route=route)
        self.fell_back = 0
        self.reason: Message | None = None
        self._model = model
        self._route = route
        self._catalogue = catalogue
        self._translator = translator
        self._language = language

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """Every candidate with its probability, best first. Raises as `routes.run` does."""
        return self.answer_many([RankRequest(basket, candidates, language)])[0][0]

    def answer_many(
        self, requests: Sequence[RankRequest], options: GenerationOptions = _GREEDY
    ) -> list[tuple[Ranking, RawOutput]]:
        """Ranking and raw output of each request, in order. Raises as `routes.run` does."""
        answers = []
        for request in requests:
            routed = self._run(request, options)
            assert routed.ranking is not None and routed.raw is not None, self._route
            answers.append((routed.ranking, routed.raw))
        return answers

    def _run(self, request: RankRequest, options: GenerationOptions) -> Routed:
        routed = run(
            self._route,
            request.basket,
            request.candidates,
            self._catalogue,
            self._model,
            options=options,
            translator=self._translator,
            language=self._language,
        )
        if routed.used != routed.asked:
            self.fell_back += 1
            self.reason = routed.reason
        return routed
