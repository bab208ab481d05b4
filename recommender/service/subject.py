"""A request as the instruments look at it: found out piece by piece, each piece when it is first asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from recommender.errors import RecommenderError, RequestError
from recommender.language import SOURCE
from recommender.recommenders.ranking import GenerationOptions
from recommender.routes import Translator, complete, open_translator, registry
from recommender.service.answer import Answer
from recommender.service.model import Model, public_name
from recommender.service.request import Request, find_all
from recommender.service.resolved import ResolvedRequest
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.system.deadline import check_time

if TYPE_CHECKING:
    from recommender.shop.sales.sales import Sales


class Answering(Protocol):
    """What is asked of a service; `recommender.service.Service` is one."""

    settings: Settings

    def model(self, name: str | None = None) -> Model:
        """The model called `name`."""
        ...

    def resolve(self, request: Request) -> ResolvedRequest:
        """The items of a request, and its model."""
        ...

    def take(self, case: ResolvedRequest, *, translator: Translator | None = None) -> Answer:
        """The answer to a request whose items are found, by the settings' translator or another."""
        ...

    def translator(self, route: str) -> Translator | None:
        """The settings' translator for a route."""
        ...

    def sales(self, catalogue: str | None) -> Sales | None:
        """What a visitor's own shop has sold; None of any other catalogue."""
        ...


class RequestSubject:
    """An `instruments.subject.Subject`: see there. Without a request there is a model to look at and nothing else."""

    def __init__(self, service: Answering, request: Request | None, model: str | None = None) -> None:
        self.request = request
        self._service = service
        self._model = request.model if request else model

    @cached_property
    def case(self) -> ResolvedRequest:
        """The request by the route that is looked at, its items found.

        Raises:
            RecommenderError: as `Service.resolve` does, or if there is no time left.
        """
        check_time()
        if self.request is None:
            raise RequestError("empty_basket")
        return self._service.resolve(self.request.foreseeable())

    @cached_property
    def answer(self) -> Answer:
        """The answer to it.

        Raises:
            RecommenderError: with the reason, if there is none.
        """
        return self._service.take(self.case)

    @property
    def model(self) -> Model:
        """The model that answers."""
        return self._service.model(self._model)

    @property
    def asked_model(self) -> str:
        """The name that the model was asked for by."""
        return self._model or self._service.settings.model

    @property
    def public_model(self) -> str:
        """What strangers may read of the model's name."""
        return public_name(self.model.name)

    @property
    def catalogue(self) -> Catalogue:
        """The inventory, typed items included."""
        return self.case.catalogue

    @property
    def basket(self) -> tuple[Item, ...]:
        """What was bought, in order."""
        return self._named[: len(self.case.basket)]

    @property
    def candidates(self) -> tuple[Item, ...]:
        """What is on offer."""
        return self._named[len(self.case.basket) : len(self.case.basket) + len(self.case.candidates)]

    @property
    def marked(self) -> tuple[Item, ...]:
        """What was only looked at, then what lies in the cart."""
        return self._named[len(self.case.basket) + len(self.case.candidates) :]

    @property
    def sales(self) -> Sales | None:
        """The sales of a visitor's own shop; None of any other."""
        return self._service.sales(self.case.request.catalogue)

    @property
    def viewed(self) -> tuple[Item, ...]:
        """What was only looked at, as the routes tell the model of it."""
        return self.case.viewed

    @property
    def cart(self) -> tuple[Item, ...]:
        """What lies in the cart, likewise."""
        return self.case.cart

    @property
    def language(self) -> str:
        """What the model is asked in."""
        request = self.case.request
        return registry.find(request.asked).asked_in(request.language) or SOURCE

    @property
    def options(self) -> GenerationOptions:
        """How the request has the model write."""
        return self.case.request.options

    @property
    def recommendation(self) -> Item | None:
        """What is recommended."""
        return self.answer.recommendation

    def item(self, name: str | None) -> Item | None:
        """The candidate of this name, id or alias, if one is named.

        Raises:
            UnknownItemError: if the catalogue has none.
            RequestError: if it was bought already.
        """
        if name is None:
            return None
        wanted = find_all([name], self.catalogue)[0]
        found = next((item for item in self.candidates if item.id == wanted.id), None)
        if found is None:
            raise RequestError("explain_not_on_offer", name=wanted.name(self.case.request.language))
        return found

    def by_route(self, language: str, route: str, *, simulate: bool = False) -> Answer | RecommenderError:
        """The answer to the same basket in `language` by `route`, or why there is none.

        With `simulate` the simulated translator stands in for the settings' one, where the route needs one.
        """
        translator = open_translator("simulated") if simulate and registry.find(route).translator else None
        case = replace(self.case, request=replace(self.case.request, language=language, route=route))
        try:
            return self._service.take(case, translator=translator)
        except RecommenderError as error:
            return error

    @cached_property
    def _named(self) -> tuple[Item, ...]:
        """Basket, candidates and what is marked, named in the language that the model is asked in where that can be."""
        case, route = self.case, self.case.request.asked
        registry.find(route).check(case.model, case.request.language)
        named = (*case.basket, *case.candidates, *case.viewed, *case.cart)
        return complete(named, self.language, self._service.translator(route))[0]
