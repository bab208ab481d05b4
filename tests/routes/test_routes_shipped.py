"""The shipped model by every Arabic route, over every test basket: the figures that the routes promise."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from recommender.recommenders.ranking import GenerationOptions, Ranking, RawOutput
from recommender.routes import Routed, Translator, run
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.t5 import T5Recommender, load

pytestmark = pytest.mark.slow

CAUSES = {"label_changed", "list_joined", "term_collides", "items_merged", "name_changed"}


class Remembering:
    """The shipped model; a question that was asked before is not computed again."""

    def __init__(self, model: T5Recommender) -> None:
        self.name, self.reads = model.name, model.reads
        self.tokens, self.prompt_for, self.generate = model.tokens, model.prompt_for, model.generate
        self.answer = functools.lru_cache(maxsize=None)(model.answer)


@pytest.fixture(scope="module")
def model() -> Remembering:
    return Remembering(load("compact"))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load("sports")


@pytest.fixture(scope="module")
def tested(catalogue: Catalogue) -> list[tuple[Item, ...]]:
    rows = baskets.of_split(baskets.load(baskets.PATH, catalogue), "test")
    assert len(rows) >= 150
    return [tuple(catalogue[item] for item in row.basket) for row in rows]


def take(
    route: str,
    tested: Sequence[tuple[Item, ...]],
    catalogue: Catalogue,
    model: Remembering,
    translator: Translator | None = None,
) -> list[Routed]:
    return [
        run(route, basket, tuple(catalogue.candidates(basket)), catalogue, model, translator=translator)
        for basket in tested
    ]


def best(routed: Routed) -> str:
    assert routed.recommendation is not None
    return routed.recommendation.id


def test_catalogue_has_the_english_ranking_for_every_test_basket(
    tested: list[tuple[Item, ...]], catalogue: Catalogue, model: Remembering
) -> None:
    english, arabic = (take(route, tested, catalogue, model) for route in ("direct", "catalogue"))
    assert [routed.ranking for routed in arabic] == [routed.ranking for routed in english]
    assert [routed.prompt for routed in arabic] == [routed.prompt for routed in english]


def test_google_has_the_english_first_choice_for_95_percent_of_the_test_baskets(
    tested: list[tuple[Item, ...]],
    catalogue: Catalogue,
    model: Remembering,
    simulated: Translator,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    english = take("direct", tested, catalogue, model)
    routed = take("google", tested, catalogue, model, simulated)
    assert {answer.used for answer in routed} == {"google"}
    same = sum(best(one) == best(other) for one, other in zip(english, routed, strict=True))
    record_testsuite_property("same_first_choice", f"{same} of {len(tested)}")
    assert same >= 0.95 * len(tested), same


def test_google_article_collapses_and_every_cause_is_named(
    tested: list[tuple[Item, ...]],
    catalogue: Catalogue,
    model: Remembering,
    simulated: Translator,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    # Text that keeps to no list goes on and on: every sixth basket is enough to tell.
    tested = tested[::6]
    routed = take("google-article", tested, catalogue, model, simulated)
    ends = Counter(answer.recommendation.id if answer.recommendation else None for answer in routed)
    named = [item for item, _ in ends.most_common() if item is not None][:2]
    collapsed = ends[None] + sum(ends[item] for item in named)
    record_testsuite_property("collapsed", f"{collapsed} of {len(tested)}: {ends.most_common()}")
    for answer in routed:
        assert {problem.key for problem in answer.hops[0].problems} >= CAUSES
    assert collapsed >= 0.8 * len(tested), ends.most_common()


def test_native_keeps_the_models_own_arabic_answers(
    tested: list[tuple[Item, ...]], catalogue: Catalogue, model: Remembering
) -> None:
    assert model.reads("ar")
    answers: list[tuple[Ranking, RawOutput]] = [
        model.answer(basket, tuple(catalogue.candidates(basket)), "ar", GenerationOptions()) for basket in tested
    ]
    routed = take("native", tested, catalogue, model)
    assert [(answer.ranking, answer.raw) for answer in routed] == answers
