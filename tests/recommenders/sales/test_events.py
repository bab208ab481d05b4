"""Events of unequal weight: what views, carts, bookmarks and returns count is learned, in methods and their blend."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from recommender.evaluation.shops import ranks
from recommender.recommenders.sales import methods, stacked
from recommender.recommenders.sales.pasts import offered
from recommender.shop.sales.events import BOOKMARK, CART, PURCHASE, RETURN, VIEW
from recommender.shop.sales.history import History, Question
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.split import split_by_time
from tests.recommenders.sales.shop import Line, sales_of

ITEMS = 8
TABLES = ("transitions", "item-knn", "ease")


def wishing(kind: int) -> Sales:
    """Everybody buys item 0 or 1, which says nothing; what they then look at, wish for or put in the cart they buy."""
    rng = np.random.default_rng(kind)
    lines: list[Line] = []
    for who in range(200):
        wish = int(rng.integers(2, ITEMS))
        lines += [(who, 10 * who, PURCHASE, int(rng.integers(0, 2))), (who, 10 * who + 1, kind, wish)]
        lines += [(who, 10 * who + 2, PURCHASE, wish)]
    return sales_of(lines, ITEMS)


def hits(sales: Sales, names: Sequence[str]) -> tuple[dict[str, dict[str, float]], float]:
    """The settings that the methods come to, and how often the blend of them is right on later questions."""
    judging = split_by_time(sales, 0.2, repeats=False)
    choosing = split_by_time(judging.before, 0.2, repeats=False)
    settings = methods.tune(choosing.before, choosing.questions, repeats=False, names=names)

    def asked(before: Sales, questions: Sequence[Question]) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
        histories = [one.history for one in questions]
        fitted = methods.fit(before, settings, repeats=False)
        scores = {name: method.scores(histories) for name, method in fitted.items()}
        return scores, np.array([one.next for one in questions]), offered(histories, ITEMS, repeats=False)

    scores, wanted, offer = asked(choosing.before, choosing.questions)
    blend = stacked.fit(scores, wanted, offer, [len(one.history.bought) for one in choosing.questions])
    scores, wanted, offer = asked(judging.before, judging.questions)
    mixed = blend.scores(scores, [len(one.history.bought) for one in judging.questions], offer)
    return settings, float((ranks(mixed, wanted, offer) == 1).mean())


@pytest.mark.parametrize(("kind", "word"), [(VIEW, "view"), (BOOKMARK, "bookmark"), (CART, "cart")])
def test_what_foretells_the_purchase_is_learned_to_count(kind: int, word: str) -> None:
    settings, right = hits(wishing(kind), ("popularity", "touched", *TABLES))
    assert right > 0.9
    assert any(settings[name][word] > 0 for name in TABLES)
    # The same purchases without the events: nothing foretells them.
    sales = wishing(kind)
    kept = sales.events == PURCHASE
    blind = sales_of(
        list(zip(sales.customers[kept].tolist(), sales.times[kept].tolist(), [PURCHASE] * kept.sum(),
                 sales.items[kept].tolist(), strict=True)),
        ITEMS,
    )  # fmt: skip
    assert hits(blind, ("popularity", "touched", *TABLES))[1] < 0.5


def test_what_was_given_back_counts_against_what_goes_with_it() -> None:
    rng = np.random.default_rng(0)
    lines: list[Line] = []
    for who in range(200):
        # Who keeps item 0 buys 2 next; who gives it back buys anything else.
        lines += [(who, 10 * who, PURCHASE, 1), (who, 10 * who + 1, PURCHASE, 0)]
        if who % 2:
            lines.append((who, 10 * who + 2, RETURN, 0))
        lines.append((who, 10 * who + 3, PURCHASE, int(rng.integers(3, ITEMS)) if who % 2 else 2))
    sales = sales_of(lines, ITEMS)
    split = split_by_time(sales, 0.2, repeats=False)
    settings = methods.tune(split.before, split.questions, repeats=False, names=TABLES)
    kept, returned = ((PURCHASE, 1), (PURCHASE, 0)), ((PURCHASE, 1), (PURCHASE, 0), (RETURN, 0))
    against = {name: chosen for name, chosen in settings.items() if chosen["back"] < 0}
    assert len(against) >= 2
    for method in methods.fit(sales, against, repeats=False).values():
        scores = method.scores([History(kept), History(returned)])
        lead = scores[:, 2] - scores[:, 3:].max(axis=1)
        assert lead[0] > 0 and lead[0] > lead[1]
