"""Why an answer is what it is: the instruments of `explain`, for the requests of a service."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Final, TypeVar

from recommender.errors import RecommenderError, RequestError
from recommender.instruments.checks import check_count, check_share
from recommender.instruments.neighbours.computing import MOST as MOST_NEIGHBOURS
from recommender.instruments.neighbours.computing import Neighbours, Pool
from recommender.instruments.orders.computing import MOST as MOST_ORDERS
from recommender.instruments.orders.computing import Orders, Shuffled, other_orders
from recommender.instruments.orders.computing import orders as try_orders
from recommender.instruments.others.computing import Others, beside
from recommender.instruments.reasons.computing import LeaveOneOut, leave_one_out
from recommender.instruments.samples.computing import Samples
from recommender.instruments.samples.computing import samples as draw_samples
from recommender.recommenders.ranking import RankRequest
from recommender.routes import MACHINE_ROUTES, Translator, check_native, complete, open_translator, routes_of
from recommender.service import learned
from recommender.service.answer import Answer
from recommender.service.case import Case, asked_in
from recommender.service.explanation import Explanation
from recommender.service.request import Request, find_all
from recommender.settings import Settings
from recommender.shop.catalogue import Item
from recommender.system.deadline import check_time

TEMPERATURE: Final = 1.0

Result = TypeVar("Result")


@dataclass(frozen=True)
class Asked:
    """A question just as the model is asked it: items named in the question's language where that can be had."""

    case: Case
    basket: tuple[Item, ...]
    candidates: tuple[Item, ...]
    language: str

    def item(self, name: str | None) -> Item | None:
        """The candidate of this name, id or alias, if one is named.

        Raises:
            UnknownItemError: if the catalogue has none.
            RequestError: if it was bought already.
        """
        if name is None:
            return None
        wanted = find_all([name], self.case.catalogue)[0]
        found = next((item for item in self.candidates if item.id == wanted.id), None)
        if found is None:
            raise RequestError("explain_not_on_offer", name=wanted.name(self.case.request.language))
        return found


class Explaining(ABC):
    """The instruments of a service. Each takes a request as `answer` does, and raises `RecommenderError` as it does.

    The question that is explained is the one that the request's route asks the model. What a machine translates on the
    way differs from call to call, so a request by one of `MACHINE_ROUTES` is explained as one by `catalogue`.
    """

    settings: Settings
    most_tokens: float = math.inf
    """Of all prompts together that one explanation may ask the model; a server bounds it, for others wait."""

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """The answer to one request."""

    @abstractmethod
    def resolve(self, request: Request) -> Case:
        """The items of a request, and its model."""

    @abstractmethod
    def take(self, case: Case, *, translator: Translator | None = None) -> Answer:
        """The answer to a request whose items are found, by the settings' translator or another."""

    @abstractmethod
    def translator(self, route: str) -> Translator | None:
        """The settings' translator for a route."""

    def prepare(self) -> None:
        """Have ready what the instruments look things up in, which takes about two seconds at the first call."""
        learned.prepare()

    def explain(
        self,
        request: Request,
        *,
        n: int = 20,
        neighbours: int = 5,
        against: str | None = None,
        weight: float | None = None,
        seed: int = 0,
    ) -> Explanation:
        """The answer with all that explains it: `n` orders by `seed`, `neighbours` purchases, a blend by `weight`.

        Raises:
            RecommenderError: if there is no answer, `against` is not on offer, a number is out of range, or all this
                asks more of the model than `most_tokens`.
        """
        check_count("shuffles", n, MOST_ORDERS)
        check_count("neighbours", neighbours, MOST_NEIGHBOURS)
        if weight is not None:
            check_share("weight", weight)
        watch = _Watch()
        asked = self._asked(request)
        other = asked.item(against)
        bought = len(asked.basket)
        self._afford(asked, 3 + bought + other_orders(len(asked.candidates), n) + other_orders(bought, n))
        answer = watch("answer", lambda: self.answer(asked.case.request))
        best = answer.recommendation
        return Explanation(
            request=request,
            answer=answer,
            items=(*asked.basket, *asked.candidates),
            leave_one_out=watch("leave_one_out", lambda: _leave_one_out(asked, best, other)),
            orders=watch("orders", lambda: _orders(asked, "candidates", n, seed)),
            purchase_orders=watch("purchase_orders", lambda: _orders(asked, "basket", n, seed)),
            neighbours=watch("neighbours", lambda: self._neighbours(asked, neighbours)),
            others=watch("others", lambda: _others(asked, weight)),
            milliseconds=watch.milliseconds,
        )

    def leave_one_out(self, request: Request, against: str | None = None, of: str | None = None) -> LeaveOneOut:
        """What each bought item adds to `of`, by default the recommended one, or to it rather than to `against`.

        Both are names or ids of candidates.

        Raises:
            RecommenderError: if the request can't be answered, or `of` or `against` is not on offer.
        """
        asked = self._asked(request)
        self._afford(asked, 1 + len(asked.basket))
        return _leave_one_out(asked, asked.item(of), asked.item(against))

    def orders(self, request: Request, of: Shuffled = "candidates", n: int = 20, seed: int = 0) -> Orders:
        """What comes of `n` other orders of the candidates, or of the purchases (`basket`).

        Raises:
            RecommenderError: if the request can't be answered, or `n` is out of range.
        """
        check_count("shuffles", n, MOST_ORDERS)
        asked = self._asked(request)
        self._afford(asked, 1 + other_orders(len(asked.basket if of == "basket" else asked.candidates), n))
        return _orders(asked, of, n, seed)

    def neighbours(self, request: Request, k: int = 5) -> Neighbours:
        """The `k` training purchases most like the basket, or the reason why there are none.

        Raises:
            RecommenderError: if the request can't be answered, or `k` is out of range.
        """
        return self._neighbours(self._asked(request), k)

    def others(self, request: Request, weight: float | None = None) -> Others:
        """The same basket by the other recommenders, and the blend; by default with the weight tuned on validation.

        Raises:
            RecommenderError: if the request can't be answered, or the weight is out of range.
        """
        return _others(self._asked(request), weight)

    def samples(self, request: Request, n: int = 50, temperature: float = TEMPERATURE) -> Samples:
        """What the model writes in `n` free attempts; the request's options count but for the temperature.

        Raises:
            RecommenderError: if the request can't be answered, or a number is out of range.
        """
        asked = self._asked(request)
        options = replace(asked.case.request.options, temperature=temperature)
        return draw_samples(asked.case.model, asked.basket, asked.candidates, asked.language, n=n, options=options)

    def autopsy(
        self, request: Request, simulate: bool = False, routes: Sequence[str] | None = None
    ) -> tuple[tuple[str, Answer | RecommenderError], ...]:
        """One basket by every route of its language, or by `routes`: each one's answer, or why there is none.

        With `simulate` the routes that need a translator take the simulated one, and their answers say so.

        Raises:
            RecommenderError: if the items can't be found, the model isn't there, or a route is not of the language.
        """
        check_time()
        if routes is None:
            routes = routes_of(request.language)
        case = self.resolve(request)
        found: list[tuple[str, Answer | RecommenderError]] = []
        for route in routes:
            translator = open_translator("simulated") if simulate and route in MACHINE_ROUTES else None
            one = replace(case, request=replace(request, route=route))
            found.append((route, _attempt(partial(self.take, one, translator=translator))))
        return tuple(found)

    def _asked(self, request: Request) -> Asked:
        """The question behind a request. Raises as `resolve` does, and if the route is not for the model."""
        check_time()
        route = "catalogue" if request.asked in MACHINE_ROUTES else request.asked
        case = self.resolve(replace(request, route=route))
        if route == "native":
            check_native(case.model, request.language)
        language = asked_in(route, request.language)
        assert language is not None, route
        items, _ = complete((*case.basket, *case.candidates), language, self.translator(route))
        return Asked(case, items[: len(case.basket)], items[len(case.basket) :], language)

    def _afford(self, asked: Asked, asks: int) -> None:
        """Refuse what would ask the model more than `most_tokens`, before any of it is asked.

        Raises:
            RequestError: naming how often the model may be asked this.
            PromptTooLongError: if it can't be asked this at all.
        """
        model = asked.case.model
        model.check(RankRequest(asked.basket, asked.candidates, asked.language))
        if self.most_tokens == math.inf:
            return
        tokens = len(model.tokens(model.prompt_for(asked.basket, asked.candidates, asked.language)))
        if asks * tokens > self.most_tokens:
            most = int(self.most_tokens // max(tokens, 1))
            raise RequestError("explain_too_costly", asks=asks, tokens=tokens, most=most)

    def _neighbours(self, asked: Asked, k: int) -> Neighbours:
        model = asked.case.request.model or self.settings.model
        pool = learned.pool_for(asked.case.catalogue, model, asked.case.model)
        if isinstance(pool, Pool):
            return pool.nearest([item.id for item in asked.basket], k)
        return Neighbours(seen=False, seen_count=0, found=(), reason=pool)


def _leave_one_out(asked: Asked, of: Item | None, against: Item | None) -> LeaveOneOut:
    return leave_one_out(asked.case.model, asked.basket, asked.candidates, asked.language, of=of, against=against)


def _orders(asked: Asked, of: Shuffled, n: int, seed: int) -> Orders:
    return try_orders(asked.case.model, asked.basket, asked.candidates, asked.language, of=of, n=n, seed=seed)


def _others(asked: Asked, weight: float | None) -> Others:
    case = asked.case
    default, tuned = learned.default_weight(case.model)
    return beside(
        case.model,
        learned.fitted_for(case.catalogue),
        asked.basket,
        asked.candidates,
        asked.language,
        weight=weight,
        default_weight=default,
        tuned=tuned,
    )


def _attempt(work: Callable[[], Answer]) -> Answer | RecommenderError:
    try:
        return work()
    except RecommenderError as error:
        return error


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
