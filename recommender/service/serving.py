"""The service: keeps models and catalogues, and takes each request along its route. Only it chooses a model."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from recommender.errors import DeviceError, ModelError, RecommenderError, RequestError
from recommender.language import SOURCE
from recommender.language.text import shown
from recommender.recommenders.ranking import GenerationOptions, RankRequest
from recommender.routes import Translator, open_translator, registry, run
from recommender.routes.translators.registry import NONE
from recommender.service import explaining
from recommender.service.answer import Answer
from recommender.service.answered import answered
from recommender.service.batching import Batched
from recommender.service.candidates import Candidates
from recommender.service.explanation import Explanation
from recommender.service.model import Model, Timed, Watched, question
from recommender.service.own.keys import is_key
from recommender.service.request import Request, find_all
from recommender.service.resolved import Found, ResolvedRequest
from recommender.service.shop_model import as_shop
from recommender.service.subject import RequestSubject
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.system.files import version_of

if TYPE_CHECKING:
    from recommender.service.own.bench import Bench
    from recommender.shop.sales.sales import Sales

logger = logging.getLogger("recommender")
_SHIPPED: Final = ("compact", "article")
NO_SETTINGS: Final[Mapping[str, Any]] = MappingProxyType({})

Result = TypeVar("Result")
Loader = Callable[[str, str | None], Model]


class Service:
    """Answers requests. Threads may share one; a model is loaded once, and only who asks for it waits for it."""

    most_tokens: float = math.inf
    """Of all prompts together that one explanation may ask the model; a server bounds it, for others wait."""

    def __init__(self, settings: Settings | None = None, load: Loader | None = None) -> None:
        self.settings = settings or Settings.read()
        self._load = load or self._load_t5
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._models: dict[str, Model] = {}
        self._catalogues: dict[str, tuple[tuple[int, int], Catalogue]] = {}
        self.candidates = Candidates()
        self._own: Bench | None = None

    @property
    def own(self) -> Bench:
        """The shops that visitors have brought."""
        with self._lock:
            if self._own is None:
                # Here because no command but the page has any.
                from recommender.service.own.bench import Bench

                self._own = Bench(self.settings, self._open_own)
            return self._own

    def answer(self, request: Request, found: Found | None = None) -> Answer:
        """The answer to one request; what it names is not looked up again where it is `found`.

        Raises:
            RecommenderError: with the reason, if there is none.
        """
        return self.take(self.resolve(request, found))

    def answer_many(self, requests: Sequence[Request]) -> list[Answer | RecommenderError]:
        """For each request, in order, its answer or the reason why there is none; computed in batches."""
        cases = [self._attempt_row(partial(self.resolve, request)) for request in requests]
        ahead = self._answer_ahead([case for case in cases if isinstance(case, ResolvedRequest)])
        return [
            case if isinstance(case, RecommenderError) else self._attempt_row(partial(self.take, case, ahead))
            for case in cases
        ]

    def subject(self, request: Request | None, model: str | None = None) -> RequestSubject:
        """A request as the instruments look at it; where there is none, the model called `model`."""
        return RequestSubject(self, request, model)

    def examine(self, name: str, subject: RequestSubject, settings: Mapping[str, Any] = NO_SETTINGS) -> Any:
        """What the instrument `name` finds.

        Raises:
            RecommenderError: if it finds nothing, a setting is out of range, or it asks more than `most_tokens`.
        """
        return explaining.examine(name, subject, settings, self.most_tokens)

    def explain(self, request: Request, *, seed: int = 0, **settings: Any) -> Explanation:
        """The answer with all that explains it; the settings are those that instruments state for `explain`.

        Raises:
            RecommenderError: if there is no answer, a setting is out of range, or it asks more than `most_tokens`.
        """
        return explaining.explain(self.subject(request), seed, settings, self.most_tokens)

    def prepare(self) -> None:
        """Have ready what the instruments look things up in, which takes about two seconds at the first call."""
        explaining.prepare()

    def resolve(self, request: Request, found: Found | None = None) -> ResolvedRequest:
        """The items of a request, and its model. What is wrong with the items is said before a model is loaded.

        Where the items are `found`, nothing that the request says of them is read.

        Raises:
            RecommenderError: if an item or the model isn't there, or nothing is left to recommend.
        """
        catalogue, basket, viewed, cart = found or self._find(request)
        if not catalogue.repeats and len({item.id for item in basket} & catalogue.ids) == len(catalogue):
            raise RequestError("nothing_left")
        model = self.model(request.model)
        language = registry.find(request.asked).asked_in(request.language) or SOURCE
        base, where = self.catalogue(request.catalogue, request.model), self.where(request.catalogue, request.model)
        considered = self.candidates.considered(base, where, catalogue, basket, model, language)
        return ResolvedRequest(request, catalogue, basket, considered, model, viewed, cart)

    def _find(self, request: Request) -> Found:
        catalogue = self.catalogue(request.catalogue, request.model).with_items(request.new, request.language)
        named = (tuple(find_all(names, catalogue)) for names in (request.basket, request.viewed, request.cart))
        return Found(catalogue, *named)

    def model(self, name: str | None = None) -> Model:
        """The model called `name`, by default the settings' one; loaded at the first call.

        The key of a visitor's own shop names the model that was trained for it.

        Raises:
            ModelError: if the checkpoint, the device, the network or memory isn't there.
        """
        name = name or self.settings.model
        if is_key(name):
            return self.own.model(name)
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self._models:
                self._models[name] = as_shop(self._load(name, self.settings.device))
            return self._models[name]

    @property
    def trouble(self) -> DeviceError | None:
        """Why the processor computes what another device should, for any of the models; None where all is well."""
        return next((model.trouble for model in list(self._models.values()) if model.trouble), None)

    def catalogue(self, name: str | None = None, model: str | None = None) -> Catalogue:
        """The catalogue called `name`; by default the settings' one, else the one in the model's folder, else `sports`.

        A file is read anew when it has changed; one that can't be used any more is used as it was.

        Raises:
            DataError: if there is no such catalogue, or it can't be used.
        """
        if is_key(name):
            return self.own.shops.catalogue(name)
        name = self.where(name, model)
        changed, kept = version_of(Path(name) / "catalogue.csv", Path(name)), self._catalogues.get(name)
        if kept is None or kept[0] != changed:
            kept = self._catalogues[name] = (changed, self._read(name, kept[1] if kept else None))
        return kept[1]

    def sales(self, name: str | None) -> Sales | None:
        """What a visitor's own shop has sold; None where there is no such shop, or no sales of it."""
        shop = self.own.shops.find(name) if is_key(name) else None
        return shop.sales if shop else None

    def where(self, name: str | None, model: str | None) -> str:
        """The name or the path of the catalogue that is asked for."""
        return name or self.settings.catalogue or self._own_catalogue(model or self.settings.model)

    def kept_bytes(self) -> dict[str, dict[str, int]]:
        """Memory that each loaded model has taken for what it keeps, by kind."""
        return {name: dict(getattr(model, "kept_bytes", {})) for name, model in list(self._models.items())}

    def translator(self, route: str) -> Translator | None:
        """The settings' translator; where they name none, the one that the route is about, none for others.

        Raises:
            RequestError: if the settings name one that there is not.
        """
        name = self.settings.translator or registry.find(route).translator or NONE
        return None if name == NONE else open_translator(name)

    def take(
        self, case: ResolvedRequest, ahead: Mapping[Hashable, Timed] | None = None, translator: Translator | None = None
    ) -> Answer:
        """Take the case's route; what it asks the model is looked up in `ahead` first.

        A `translator` is used in place of the settings' one.

        Raises:
            RecommenderError: with the reason, if there is no answer.
        """
        begun = perf_counter()
        model = Watched(case.model, ahead or {}, case.viewed, case.cart)
        routed = run(
            case.request.asked,
            case.basket,
            case.candidates,
            case.catalogue,
            model,
            options=case.request.options,
            translator=translator or self.translator(case.request.asked),
            language=case.request.language,
        )
        total = (perf_counter() - begun) * 1000 + model.ahead_ms
        spent = {**model.milliseconds, "translate": routed.translate_ms, "total": total}
        return answered(case, routed, spent)

    def _answer_ahead(self, cases: Sequence[ResolvedRequest]) -> dict[Hashable, Timed]:
        """What the routes will ask their models, as far as it can be told, asked in batches."""
        batches: dict[Hashable, tuple[Model, GenerationOptions, dict[Hashable, RankRequest]]] = {}
        for case in cases:
            if (asked := self._foreseen(case)) is not None:
                model, options = case.model, case.request.options
                batch = batches.setdefault((id(model), options), (model, options, {}))
                batch[2][question(model, asked, options)] = asked
        ahead: dict[Hashable, Timed] = {}
        for model, options, asked_by_key in batches.values():
            answers = self._attempt_row(partial(model.answer_many_timed, list(asked_by_key.values()), options))
            # Where a batch fails each case asks for itself, so that one failure stays its own.
            if not isinstance(answers, RecommenderError):
                ahead.update(zip(asked_by_key, answers, strict=True))
        return ahead

    def _foreseen(self, case: ResolvedRequest) -> RankRequest | None:
        route, spoken = registry.find(case.request.asked), case.request.language
        language = route.asked_in(spoken)
        if language is None:
            return None
        asked = RankRequest(case.basket, case.candidates, language, viewed=case.viewed, cart=case.cart)
        failed = self._attempt_row(partial(route.check, case.model, spoken)) or self._attempt_row(
            partial(case.model.check, asked)
        )
        return None if failed else asked

    def _attempt_row(self, work: Callable[[], Result]) -> Result | RecommenderError:
        """What one of many requests comes to. Even what should not have gone wrong costs no other row its answer."""
        try:
            return _attempt(work)
        except Exception as error:
            if self.settings.debug:
                raise
            return ModelError("service_row_failed", kind=type(error).__name__)

    def _read(self, name: str, last_good: Catalogue | None) -> Catalogue:
        """The catalogue as its file is now, or, where that was spoilt while it was in use, as it was before."""
        try:
            return Catalogue.load(name)
        except Exception as error:
            if last_good is None:
                raise
            why = error.sentence() if isinstance(error, RecommenderError) else type(error).__name__
            logger.error("the catalogue %s can't be read any more and is used as it was: %s", name, shown(why, 400))
            return last_good

    def _own_catalogue(self, model: str) -> str:
        if model in _SHIPPED:
            return "sports"
        folder = Path(model)
        with suppress(RuntimeError):  # somebody, or this process, without a home here
            folder = folder.expanduser()
        # Where a hub model's folder is, only its loading tells.
        folder = folder if folder.is_dir() else self.model(model).folder
        # What was there at first stays the model's own, whatever becomes of the file.
        return str(folder) if str(folder) in self._catalogues or (folder / "catalogue.csv").is_file() else "sports"

    def _open_own(self, folder: Path) -> Model:
        return as_shop(self._load(str(folder), self.settings.device))

    def _load_t5(self, name: str, device: str | None) -> Model:
        self.settings.limit_threads()
        from recommender.t5 import load

        return cast(Model, Batched(load(name, device, graphs=self.settings.graphs)))


def _attempt(work: Callable[[], Result]) -> Result | RecommenderError:
    try:
        return work()
    except RecommenderError as error:
        return error
