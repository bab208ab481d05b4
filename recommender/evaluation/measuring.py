"""What a recommender is worth on rows that were kept from it, beside the baselines and with 95 % intervals.

`evaluate` judges rows whose next item is known, by the measures of `metrics`; `evaluate_cases` does so for cases from
anywhere, `language_agreement` asks the same in two languages. `optimum` judges against a law of customers.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, runtime_checkable

from recommender.errors import RequestError
from recommender.evaluation import cases as case_tables
from recommender.evaluation import metrics
from recommender.evaluation.cases import Case
from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.evaluation_table import Cell, Evaluation, Retrieved
from recommender.recommenders.many import CHUNK, Progress, rank_all
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput, Recommender
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import NAMED_IN, Item
from recommender.shop.matching import match

GREEDY: Final = GenerationOptions()
SHUFFLES: Final = 10


@runtime_checkable
class Answerer(Protocol):
    """A recommender that also writes: ranking and raw output of one encoding."""

    def answer_many(self, requests: list[RankRequest], options: GenerationOptions) -> list[tuple[Ranking, RawOutput]]:
        """One ranking and raw output per request, in order."""
        ...


@dataclass(frozen=True)
class Prediction:
    """What a recommender said to one case; no raw output where it does not write, no agreement where none was asked."""

    case: Case
    ranking: Ranking
    raw: RawOutput | None = None
    agreement: float | None = None

    @property
    def rank(self) -> int | None:
        """Place of the next item, 1 the best."""
        return self.ranking.rank_of(self.case.next.id)

    @property
    def best(self) -> str:
        """Id of the best item."""
        return self.ranking.best.item.id

    @property
    def names_candidate(self) -> bool:
        """Whether the raw output is some candidate's name, exactly or after normalisation; no alias, no fuzzy match."""
        if self.raw is None:
            return False
        found = match(self.raw.text, self.case.basket, self.case.candidates)
        return found.status == "candidate" and found.how in {"exact", "normalised"}


def evaluate(
    recommender: Recommender,
    rows: Sequence[Row],
    catalogue: Catalogue,
    language: str = "en",
    *,
    baselines: Mapping[str, Recommender] | None = None,
    shuffles: int = SHUFFLES,
    seed: int = 0,
    options: GenerationOptions = GREEDY,
    progress: Progress | None = None,
    choose: case_tables.Choose | None = None,
) -> Evaluation:
    """Judge `recommender`, and `baselines` beside it, on `rows` over `catalogue`, asked in `language`.

    `baselines` are recommenders by name, as `registry.fit` gives them for the training rows. `shuffles` is the number
    of random orders of the candidates per row for shuffle_agreement (0 leaves it out); `seed` is that of the orders and
    of the bootstrap. With `choose` all rank what it keeps of a large catalogue, and what it loses counts as missed.
    `progress` is told the model's requests just done, of `len(rows) * (1 + shuffles)` in all.

    Raises:
        RequestError: if there is no row.
    """
    split = "+".join(sorted({row.split for row in rows}))
    cases = case_tables.from_rows(rows, catalogue, choose)
    found = evaluate_cases(
        recommender,
        cases,
        language,
        split=split,
        baselines=baselines,
        shuffles=shuffles,
        seed=seed,
        options=options,
        progress=progress,
    )
    return replace(found, retrieved=_retrieved(cases, catalogue)) if choose else found


def evaluate_cases(
    recommender: Recommender,
    cases: Sequence[Case],
    language: str = "en",
    *,
    split: str = "generated",
    baselines: Mapping[str, Recommender] | None = None,
    shuffles: int = SHUFFLES,
    seed: int = 0,
    options: GenerationOptions = GREEDY,
    progress: Progress | None = None,
) -> Evaluation:
    """`evaluate` for cases from anywhere, each with candidates of its own (cold start, invented inventories).

    Raises:
        RequestError: if there is no case.
    """
    if not cases:
        raise RequestError("evaluation_no_rows")
    predictions = ask(recommender, cases, language, shuffles=shuffles, seed=seed, options=options, progress=progress)
    others = {
        name: measure(ask(other, cases, language, shuffles=0), language, seed)
        for name, other in (baselines or {}).items()
    }
    reasons = Counter(case.left_out for case in cases)
    return Evaluation(
        rows=len(cases),
        groups=len({case.group for case in cases}),
        split=split,
        language=language,
        model=measure(predictions, language, seed),
        baselines=others,
        left_out={reason: reasons[reason] for reason in case_tables.LEFT_OUT},
        tables=break_down(predictions, language),
    )


def ask(
    recommender: Recommender,
    cases: Sequence[Case],
    language: str = "en",
    *,
    shuffles: int = SHUFFLES,
    seed: int = 0,
    options: GenerationOptions = GREEDY,
    progress: Progress | None = None,
) -> list[Prediction]:
    """What `recommender` says to each case, with its raw output where it is an `Answerer`."""
    requests = [case.request(language) for case in cases]
    raws: list[RawOutput | None] = [None] * len(cases)
    if isinstance(recommender, Answerer):
        answers = _answer_all(recommender, requests, options, progress)
        rankings, raws = [ranking for ranking, _ in answers], [raw for _, raw in answers]
    else:
        rankings = rank_all(recommender, requests, progress)
    agreements: list[float | None] = [None] * len(cases)
    if shuffles:
        orders = [
            RankRequest(case.basket, order, language) for case in cases for order in _orders(case, shuffles, seed)
        ]
        tops = [ranking.best.item.id for ranking in rank_all(recommender, orders, progress)]
        agreements = [
            metrics.shuffle_agreement(ranking.best.item.id, tops[place * shuffles : (place + 1) * shuffles])
            for place, ranking in enumerate(rankings)
        ]
    return [
        Prediction(case, ranking, raw, agreement)
        for case, ranking, raw, agreement in zip(cases, rankings, raws, agreements, strict=True)
    ]


def measure(predictions: Sequence[Prediction], language: str = "en", seed: int = 0) -> dict[str, Estimate]:
    """Every measure that applies, by name.

    raw_exact is the share of raw outputs that are the next item's name, letter by letter but for white space around it;
    the others are as in `metrics`.
    """
    groups = [prediction.case.group for prediction in predictions]
    ranks = [prediction.rank for prediction in predictions]
    best = [prediction.best for prediction in predictions]
    measures = {f"hit@{k}": metrics.share([metrics.hit(rank, k) for rank in ranks], groups) for k in (1, 5, 10)}
    measures["mrr"] = metrics.mean([metrics.reciprocal_rank(rank) for rank in ranks], groups, seed)
    measures["ndcg@10"] = metrics.mean([metrics.ndcg(rank) for rank in ranks], groups, seed)
    measures |= _raw_measures(predictions, language, seed)
    measures["distinct_top1"] = metrics.distinct_top1(best)
    measures["top1_share"] = metrics.top1_share(best, groups)
    agreements = [prediction.agreement for prediction in predictions if prediction.agreement is not None]
    if agreements:
        measures["shuffle_agreement"] = metrics.mean(agreements, groups, seed)
    judged = [prediction for prediction in predictions if not prediction.case.left_out]
    if judged:
        measures["coherent@1"] = _coherent(judged)
    return measures


def break_down(predictions: Sequence[Prediction], language: str = "en") -> dict[str, dict[str, Cell]]:
    """coherent@1 of the predictions that can be judged, by table and cell; cells in the order of their numbers."""
    tables: dict[str, dict[str, Cell]] = {}
    for name, cell_of in case_tables.TABLES.items():
        cells: dict[str, list[Prediction]] = {}
        for prediction in predictions:
            if not prediction.case.left_out and (label := cell_of(prediction.case, language)):
                cells.setdefault(label, []).append(prediction)
        labels = sorted(cells, key=case_tables.cell_order)
        tables[name] = {label: Cell(len(cells[label]), _coherent(cells[label])) for label in labels}
    return tables


def _retrieved(cases: Sequence[Case], catalogue: Catalogue) -> Retrieved | None:
    """What was kept of a catalogue; None where all that was on offer was ranked."""
    if all(len(case.candidates) == len(catalogue.candidates(case.basket)) for case in cases):
        return None
    kept = [any(item.id == case.next.id for item in case.candidates) for case in cases]
    ranked = sum(len(case.candidates) for case in cases) / len(cases)
    return Retrieved(ranked, len(catalogue), metrics.share(kept, [case.group for case in cases]), kept.count(False))


def language_agreement(
    recommender: Recommender, cases: Sequence[Case], languages: tuple[str, str] = NAMED_IN
) -> Estimate:
    """The share of cases with the same best item in both languages.

    Raises:
        RequestError: if there is no case.
    """
    if not cases:
        raise RequestError("evaluation_no_rows")
    first, second = (
        [ranking.best.item.id for ranking in rank_all(recommender, [case.request(language) for case in cases])]
        for language in languages
    )
    return metrics.share([one == other for one, other in zip(first, second, strict=True)], [c.group for c in cases])


def _answer_all(
    answerer: Answerer, requests: Sequence[RankRequest], options: GenerationOptions, progress: Progress | None
) -> list[tuple[Ranking, RawOutput]]:
    answers: list[tuple[Ranking, RawOutput]] = []
    for start in range(0, len(requests), CHUNK):
        chunk = list(requests[start : start + CHUNK])
        answers += answerer.answer_many(chunk, options)
        if progress:
            progress(len(chunk))
    return answers


def _orders(case: Case, count: int, seed: int) -> list[list[Item]]:
    """Random orders of the candidates, the same for the same seed and basket whatever the other rows are."""
    rng = random.Random(f"{seed}|{' '.join(item.id for item in case.basket)}")
    return [rng.sample(case.candidates, len(case.candidates)) for _ in range(count)]


def _raw_measures(predictions: Sequence[Prediction], language: str, seed: int) -> dict[str, Estimate]:
    written = [(prediction.raw.text, prediction) for prediction in predictions if prediction.raw is not None]
    if not written:
        return {}
    groups = [prediction.case.group for _, prediction in written]
    names = [prediction.case.next.name(language) for _, prediction in written]
    scores = [metrics.rouge(text, name) for (text, _), name in zip(written, names, strict=True)]
    exact = [text.strip() == name for (text, _), name in zip(written, names, strict=True)]
    named = [prediction.names_candidate for _, prediction in written]
    return {
        **{kind: metrics.mean([score[kind] for score in scores], groups, seed) for kind in metrics.ROUGE},
        "raw_exact": metrics.share(exact, groups),
        "raw_is_candidate": metrics.share(named, groups),
    }


def _coherent(predictions: Sequence[Prediction]) -> Estimate:
    values = [prediction.best in prediction.case.fitting for prediction in predictions]
    return metrics.share(values, [prediction.case.group for prediction in predictions])
