"""The report of a shop: what its methods and their blend were found to be worth, and what goes with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation import metrics
from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.shop_report import BLEND, Customer, Pair, ShopReport
from recommender.evaluation.shops import measured, ranks
from recommender.recommenders.recall import Recall
from recommender.recommenders.sales.numbered import Scores
from recommender.recommenders.sales.pasts import offered
from recommender.recommenders.sales.shop_blend import MODEL, UNHEARD, ShopBlend
from recommender.recommenders.sales.sparse import WHOLE
from recommender.recommenders.sales.together import gram
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.sales import Sales
from recommender.training.shop.asking import Asked

DATES: Final = 10**8
"""Seconds since 1970 below which times are no dates, but places in a file that had none."""
PAIRS: Final = 20
EXAMPLES: Final = 10
FEWEST: Final = 5
"""Customers who bought both, without whom a pair is chance."""
MOST_PAIRED: Final = 3000
"""Items of a large shop among which pairs are looked for."""


def report_of(sales: Sales, moment: int, shop: ShopBlend, judged: Asked, *, repeats: bool) -> ShopReport:
    """What is known of a shop once its questions were asked; `moment` is when they begin, seconds since 1970.

    Minutes and steps are left at 0.
    """
    questions = judged.questions
    scores: dict[str, Scores] = {}
    gain, simple, examples = None, "", []
    found: Mapping[str, Mapping[str, Mapping[str, Estimate]]] = {}
    if questions:
        histories = [one.history for one in questions]
        wanted = np.array([one.next for one in questions], np.int64)
        offer = offered(histories, len(sales.catalogue), repeats=repeats)
        scores = {name: method.scores(histories) for name, method in shop.methods.items()}
        scores[MODEL] = judged.scores
        lengths = [len(one.bought) for one in histories]
        heard = offer & judged.heard
        scores[BLEND] = np.where(heard, shop.blend.scores(scores, lengths, heard, shop.cold), 2 * UNHEARD)
        found = measured(questions, scores, offer, np.flatnonzero(shop.cold).tolist())
        gains = {
            name: np.array([metrics.ndcg(int(rank)) for rank in ranks(one, wanted, offer)])
            for name, one in scores.items()
        }
        counting = [name for name in scores if name not in (MODEL, BLEND)]
        simple = max(counting, key=lambda name: float(gains[name].mean()))
        customers = [one.customer for one in questions]
        gain = metrics.paired_difference(gains[BLEND].tolist(), gains[simple].tolist(), customers)
        examples = _examples(shop, judged, scores[BLEND], ranks(scores[BLEND], wanted, offer).tolist(), offer)
    bought = sales.events == PURCHASE
    dated = int(sales.times.max(initial=0)) >= DATES
    return ShopReport(
        items=len(sales.catalogue),
        customers=len(sales.starts) - 1,
        purchases=int(bought.sum()),
        since=_day(int(sales.times.min())) if dated else "",
        until=_day(int(sales.times.max())) if dated else "",
        moment=_day(moment) if dated else "",
        repeats=repeats,
        questions=len(questions),
        methods=found,
        weights=_weights(shop),
        simple=simple,
        gain=gain,
        pairs=_pairs(sales),
        examples=examples,
        minutes=0.0,
        steps=0,
        recall=shop.recall,
    )


def recall_of(judged: Asked, most: int) -> Recall | None:
    """What share of the purchases that judge is on the shortlist of `most` items; None where nothing judges."""
    questions = judged.questions
    if not questions:
        return None
    kept = judged.heard[np.arange(len(questions)), [one.next for one in questions]]
    found = metrics.share(kept.tolist(), [one.customer for one in questions])
    low, high = (found.value if end is None else end for end in (found.low, found.high))
    return Recall(most, found.value, low, high, len(questions))


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _weights(shop: ShopBlend) -> dict[str, float]:
    """Each part's share of the blend's weight, the mean over the lengths of baskets; the largest first."""
    rows = np.array(shop.blend.weights)
    mean = rows.mean(axis=0) / max(float(rows.mean(axis=0).sum()), 1e-12)
    told = zip(shop.blend.parts, mean.tolist(), strict=True)
    return {name: round(share, 4) for name, share in sorted(told, key=lambda one: -one[1]) if share > 0}


def _examples(
    shop: ShopBlend, judged: Asked, blend: Scores, places: Sequence[int], offer: NDArray[np.bool_]
) -> list[Customer]:
    """The first customers that have bought more than one thing, or else whoever there is."""
    order = sorted(range(len(places)), key=lambda row: len(judged.questions[row].history.bought) < 2)
    found = []
    for row in order[:EXAMPLES]:
        one = judged.questions[row]
        best = int(np.where(offer[row], blend[row], -np.inf).argmax())
        ids = [shop.catalogue.items[item].id for item in (*one.history.bought, one.next, best)]
        found.append(Customer(tuple(ids[:-2]), ids[-2], ids[-1], places[row]))
    return found


def _best_sellers(sales: Sales) -> Sales:
    """The sales of the `MOST_PAIRED` best sellers, where there are far more: pairs that say something are theirs."""
    count = len(sales.catalogue)
    if count <= WHOLE:
        return sales
    sold = np.bincount(sales.items, minlength=count)
    best = np.sort(np.argsort(-sold, kind="stable")[:MOST_PAIRED])
    places = np.full(count, -1, np.int32)
    places[best] = np.arange(len(best), dtype=np.int32)
    chosen = places[sales.items] >= 0
    customers = np.unique(sales.customers[chosen], return_inverse=True)[1].astype(np.int32)
    catalogue = Catalogue(sales.catalogue.name, [sales.catalogue.items[place] for place in best.tolist()])
    items, events = places[sales.items[chosen]], sales.events[chosen]
    return Sales(catalogue, customers, items, events, sales.times[chosen], sales.quantities[chosen])


def _pairs(sales: Sales) -> list[Pair]:
    """What is bought by the same customers far more often than chance has it, by the G statistic (Dunning 1993)."""
    sales = _best_sellers(sales)
    both = gram(sales)
    alone = np.diag(both).copy()
    customers = max(len(sales.starts) - 1, 1)
    expected = np.outer(alone, alone) / customers
    with np.errstate(divide="ignore", invalid="ignore"):
        strength = np.where((both >= FEWEST) & (both > expected), both * np.log(both / expected), 0.0)
    strength[np.tril_indices(len(alone))] = 0
    found = []
    for flat in np.argsort(-strength, axis=None)[:PAIRS].tolist():
        first, then = divmod(flat, len(alone))
        if strength[first, then] <= 0:
            break
        ids = (sales.catalogue.items[first].id, sales.catalogue.items[then].id)
        found.append(Pair(*ids, round(both[first, then]), round(float(both[first, then] / expected[first, then]), 2)))
    return found
