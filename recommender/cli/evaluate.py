"""`evaluate`: a model on rows whose next item is known, and the baselines beside it."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Final

from recommender.cli.notes import say
from recommender.cli.recommend import chosen
from recommender.errors import RequestError
from recommender.evaluation import measuring as evaluation
from recommender.evaluation.cases import Choose
from recommender.evaluation.report.evaluation_table import Evaluation
from recommender.instruments.learned import report_of
from recommender.language import SOURCE, sentence
from recommender.recommenders import registry as recommenders
from recommender.recommenders.ranking import Recommender
from recommender.routes import Route, registry
from recommender.service import RoutedRecommender, Service, check_route
from recommender.service.candidates import WHOLE
from recommender.service.shop_model import methods_of
from recommender.settings import Settings
from recommender.shop import baskets
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

FEW: Final = 10
"""Items of a large catalogue by which it is tried whether a route takes a model."""


def run(args: Namespace, settings: Settings) -> int:
    """Print the measures, as a table or as JSON.

    Of a shop's own model without rows to judge by they are those that were measured when it was made.

    Raises:
        RecommenderError: if the rows, the model or the route can't be used.
    """
    if not 0 <= args.shuffles <= 1000:
        raise RequestError("cli_shuffles_range", value=args.shuffles)
    service = Service(chosen(args, settings))
    if args.figures:
        return _figures(args, service)
    language = service.settings.language
    if not args.data and not args.fit and (report := report_of(service.model().folder)):
        found = report.as_evaluation() if args.json else report.to_text(language)
        print(json.dumps(found, ensure_ascii=False, indent=2) if args.json else found)
        return 0
    route = registry.find(check_route(args.route, language))
    catalogue = service.catalogue()
    say(catalogue.notes, language)
    rows, fit = _rows(args, catalogue, language)
    if not fit and not methods_of(service.model()):
        print(sentence("cli_no_fit", language), file=sys.stderr)
    recommender = _recommender(service, route, catalogue, language)
    # Where the model is asked in English its raw output is judged by the English names.
    beside = methods_of(service.model()) or recommenders.fit(fit, args.seed)
    asked_in = route.asked_in(language) or SOURCE
    choose = _chooser(service, catalogue, asked_in)
    result = _evaluate(args, recommender, rows, beside, catalogue, asked_in, choose)
    _say_fallbacks(recommender, route.name, language)
    if args.json:
        print(json.dumps(result.to_json(), ensure_ascii=False, indent=2))
    else:
        print(result.to_text(language))
    return 0


def _figures(args: Namespace, service: Service) -> int:
    """Print all figures of a model card.

    Raises:
        RecommenderError: if the model isn't there, or an option plays no part here.
    """
    if args.data or args.fit or args.route:
        raise RequestError("cli_figures_alone")
    if not 1 <= args.size <= 100_000:
        raise RequestError("option_out_of_range", option="--size", value=args.size, low=1, high=100_000)
    from tqdm import tqdm

    from recommender.training.report import figures

    model = service.model()
    with tqdm(total=figures.questions(model, args.size, args.seed), unit="question", disable=None) as bar:
        found = figures.measure_all(model, args.seed, bar.update, args.size)
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print(figures.to_text(found, service.settings.language))
    return 0


def _recommender(service: Service, route: Route, catalogue: Catalogue, language: str) -> Recommender:
    """The model itself where the route asks it about the same items, else the model by way of the route.

    Raises:
        RecommenderError: if there is no such model, or the route is not for it.
    """
    model = service.model()
    routed = RoutedRecommender(model, route.name, catalogue, service.translator(route.name), language)
    if route.asked_in(language) is None:
        return routed
    # Whether a route takes a model only the route can say.
    routed.rank(catalogue.items[:1], catalogue.items[1:] if len(catalogue) <= WHOLE else catalogue.items[1:FEW])
    return model


def _chooser(service: Service, catalogue: Catalogue, language: str) -> Choose | None:
    """What an answer would rank of a catalogue after a basket; None for one that is ranked whole."""
    if len(catalogue) <= WHOLE:
        return None
    where, model = service.where(None, None), service.model()

    def choose(basket: Sequence[Item]) -> Sequence[Item]:
        return service.candidates.considered(catalogue, where, catalogue, basket, model, language).items

    return choose


def _evaluate(
    args: Namespace,
    recommender: Recommender,
    rows: Sequence[Row],
    beside: Mapping[str, Recommender],
    catalogue: Catalogue,
    language: str,
    choose: Choose | None,
) -> Evaluation:
    from tqdm import tqdm

    with tqdm(total=len(rows) * (1 + args.shuffles), unit="basket", disable=None) as bar:
        return evaluation.evaluate(
            recommender,
            rows,
            catalogue,
            language,
            baselines=beside,
            shuffles=args.shuffles,
            seed=args.seed,
            progress=bar.update,
            choose=choose,
        )


def _rows(args: Namespace, catalogue: Catalogue, language: str) -> tuple[list[Row], list[Row]]:
    """The rows to judge by, and those to fit the baselines on; an article-style file has no splits."""
    rows, has_splits = _load(args.data or str(baskets.PATH), catalogue, language)
    judged = baskets.of_split(rows, args.split) if has_splits and args.split != "all" else rows
    if args.fit:
        return judged, _load(args.fit, catalogue, language)[0]
    return judged, baskets.of_split(rows, "train") if has_splits else []


def _load(path: str, catalogue: Catalogue, language: str) -> tuple[list[Row], bool]:
    """The rows of a file of either kind, and whether it has splits; what was not taken as written is said."""
    found = baskets.load_any(path, catalogue)
    say(found.notes, language)
    return found.rows, found.has_splits


def _say_fallbacks(recommender: Recommender, route: str, language: str) -> None:
    if isinstance(recommender, RoutedRecommender) and recommender.reason is not None:
        fields = {"count": recommender.fell_back, "route": route, "reason": recommender.reason.sentence(language)}
        print(sentence("cli_fell_back", language, **fields), file=sys.stderr)
