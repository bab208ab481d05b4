"""The whole beside others on all items of a CSV of sales, the next purchase after a split in time, in one table.

    .venv/bin/python -m tests.benchmarks.whole sales.csv --keep FOLDER [--repeats] [--minutes 5] [--only NAME ...]

The whole is what `recommender shop` makes in so many minutes: methods that count and a network draw up a shortlist of
a hundred, the T5 ranks it, and a blend has the last word, whose weights the tenth of purchases before those that judge
has chosen. Others: implicit's ALS and BPR (requirements-bench.txt), item-kNN and EASE with ages and decay chosen as the
shop's, and SASRec with as much time as the whole. Settings are chosen by the NDCG@10 of the same tenth. What each says
is kept in FOLDER, so that one that is there isn't computed again and `--only` spreads the work over several commands;
intervals are over customers, and the last column is the whole less the other, customer by customer.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.evaluation import metrics
from recommender.evaluation.report.shop_report import ShopReport
from recommender.evaluation.shops import ranks
from recommender.recommenders.sales import methods
from recommender.recommenders.sales.numbered import Scores
from recommender.recommenders.sales.pasts import offered
from recommender.recommenders.sales.shop_blend import ShopBlend
from recommender.shop.sales.history import Question
from recommender.shop.sales.reading import read_sales
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.split import Split, split_by_time
from recommender.training.sequential import Plan
from recommender.training.shop import run as shop_run
from recommender.training.shop.asking import Asked
from recommender.training.shop.options import ShopOptions
from recommender.training.up_to_date import fit_up_to_date

WHOLE = "whole"
FACTORS = (64, 128)


@dataclass(frozen=True)
class Task:
    """Sales, the split that judges and the one before it that chooses."""

    sales: Sales
    judging: Split
    choosing: Split
    repeats: bool
    minutes: float

    @property
    def parts(self) -> tuple[Split, Split]:
        """What chooses, then what judges."""
        return self.choosing, self.judging

    def ranks(self, scores: Scores, questions: Sequence[Question]) -> NDArray[np.int64]:
        """The place of what was bought next among what is on offer."""
        offer = offered([one.history for one in questions], len(self.sales.catalogue), repeats=self.repeats)
        return ranks(scores, np.array([one.next for one in questions], np.int64), offer)

    def ndcg(self, scores: Scores, questions: Sequence[Question]) -> float:
        """The mean NDCG@10."""
        return float(np.mean([metrics.ndcg(int(rank)) for rank in self.ranks(scores, questions)]))


def task_of(path: str, repeats: bool, minutes: float) -> Task:
    """The splits that `recommender shop` makes."""
    sales = read_sales(path)
    judging = split_by_time(sales, shop_run.SHARE, repeats=repeats, most=shop_run.MOST_JUDGING)
    choosing = split_by_time(judging.before, shop_run.SHARE, repeats=repeats, most=shop_run.MOST_CHOOSING)
    return Task(sales, judging, choosing, repeats, minutes)


def bags(histories: Sequence[Any], items: int) -> csr_matrix:
    """What each history holds, counted."""
    pairs = [(row, item) for row, history in enumerate(histories) for item in history.bought]
    rows, columns = np.array(pairs, np.int64).reshape(-1, 2).T
    return csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), (len(histories), items))


def chosen(task: Task, settings: Sequence[Any], score: Callable[[Any, Split], Scores]) -> Scores:
    """What the setting that chooses best says of the questions that judge."""
    found = {one: task.ndcg(score(one, task.choosing), task.choosing.questions) for one in settings}
    best = max(found, key=lambda one: found[one])
    print(f"  chosen {best} of {found}", flush=True)
    return score(best, task.judging)


def als(task: Task) -> Scores:
    """Hu et al. 2008; customers are folded in by what their history holds."""
    from implicit.cpu.als import AlternatingLeastSquares

    def score(setting: tuple[int, float], split: Split) -> Scores:
        model = AlternatingLeastSquares(
            factors=setting[0], regularization=0.05, alpha=setting[1], iterations=15, random_state=0, num_threads=1
        )
        items = len(task.sales.catalogue)
        model.fit(bags(list(split.before.histories()), items), show_progress=False)
        asked = bags([one.history for one in split.questions], items)
        users = np.asarray(model.recalculate_user(np.arange(asked.shape[0]), asked))
        return np.asarray(users @ model.item_factors.T, np.float32)

    return chosen(task, list(itertools.product(FACTORS, (1.0, 10.0))), score)


def bpr(task: Task) -> Scores:
    """Rendle et al. 2009; a customer is the mean of what the history holds, which a new one can be too."""
    from implicit.cpu.bpr import BayesianPersonalizedRanking

    def score(factors: int, split: Split) -> Scores:
        model = BayesianPersonalizedRanking(factors=factors, iterations=100, random_state=0, num_threads=1)
        items = len(task.sales.catalogue)
        model.fit(bags(list(split.before.histories()), items), show_progress=False)
        asked = bags([one.history for one in split.questions], items)
        own = np.asarray(model.item_factors)  # the last factor is the item's bias
        users = np.asarray(asked @ own) / np.maximum(asked.sum(axis=1), 1)
        users[:, -1] = 1
        return np.asarray(users @ own.T, np.float32)

    return chosen(task, FACTORS, score)


def counted(name: str) -> Callable[[Task], Scores]:
    """One of the shop's methods alone, with the settings that choose best."""

    def score(task: Task) -> Scores:
        early, later = task.parts
        names = ("popularity", name)
        settings = methods.tune(early.before, early.questions, repeats=task.repeats, names=names)
        fitted = methods.fit(later.before, {name: settings[name]}, repeats=task.repeats)[name]
        return fitted.scores([one.history for one in later.questions])

    return score


def sasrec(task: Task) -> Scores:
    """Kang & McAuley 2018, with the whole's minutes, gone on with the tenth that chose."""
    early, later = task.parts
    plan = Plan(seconds=60 * task.minutes, epochs=30)
    found = fit_up_to_date("sasrec", early.before, early.questions, later.before, plan, repeats=task.repeats)
    print(f"  {len(found.epochs)} epochs", flush=True)
    return found.final.scores([one.history for one in later.questions])


def whole(task: Task, folder: Path) -> Scores:
    """What `recommender shop` makes, before it learns from what judges; the first rows where there was no more time."""
    told: list[Scores] = []
    run: Any = shop_run
    report_of = run.report_of

    def heard(sales: Sales, moment: int, shop: ShopBlend, judged: Asked, *, repeats: bool) -> ShopReport:
        histories = [one.history for one in judged.questions]
        scores = {**shop.told(histories), "t5": judged.scores}
        lengths = [len(one.bought) for one in histories]
        offer = judged.heard & offered(histories, len(sales.catalogue), repeats=repeats)
        blend = shop.blend.scores(scores, lengths, offer, shop.cold)
        # What the shortlist didn't hold comes after it, in the order in which the methods hold it for likely.
        rest = shop.scores(histories)
        told.append(np.where(offer, 1e6 + blend, rest).astype(np.float32))
        print(f"  shortlist {shop.first.to_json()}\n  blend {shop.blend.to_json()}", flush=True)
        report: ShopReport = report_of(sales, moment, shop, judged, repeats=repeats)
        return report

    run.report_of = heard
    try:
        options = ShopOptions(output=folder / "shop", minutes=task.minutes, repeats=task.repeats)
        shop_run.run_shop(task.sales, options)
    finally:
        run.report_of = report_of
    return told[0]


def show(task: Task, said: dict[str, Scores]) -> None:
    """NDCG@10 and recall@100 of all, on the questions that all were asked."""
    count = min(len(scores) for scores in said.values())
    questions = task.judging.questions[:count]
    customers = [one.customer for one in questions]
    placed = {name: task.ranks(scores[:count], questions) for name, scores in said.items()}
    gains = {name: [metrics.ndcg(int(rank)) for rank in own] for name, own in placed.items()}
    print(f"{count} questions, {len(task.sales.catalogue)} items, repeats {task.repeats}")
    for name in sorted(gains, key=lambda one: -float(np.mean(gains[one]))):
        own = metrics.mean(gains[name], customers)
        line = f"{name:10} NDCG@10 {own.value:.4f} [{own.low:.4f}, {own.high:.4f}]"
        line += f"  recall@100 {(placed[name] <= 100).mean():.4f}"
        if name != WHOLE and WHOLE in gains:
            less = metrics.paired_difference(gains[WHOLE], gains[name], customers)
            line += f"  whole less this {less.value:+.4f} [{less.low:+.4f}, {less.high:+.4f}]"
        print(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sales")
    parser.add_argument("--keep", type=Path, required=True, help="a folder for what each says")
    parser.add_argument("--repeats", action="store_true")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--only", nargs="+", help="of them, what isn't there yet")
    given = parser.parse_args()
    torch.set_num_threads(1)
    given.keep.mkdir(parents=True, exist_ok=True)
    task = task_of(given.sales, given.repeats, given.minutes)
    makers: dict[str, Callable[[Task], Scores]] = {
        "ALS": als,
        "BPR": bpr,
        "item-kNN": counted("item-knn"),
        "EASE": counted("ease"),
        "SASRec": sasrec,
        WHOLE: lambda task: whole(task, given.keep),
    }
    said: dict[str, Scores] = {}
    for name, make in makers.items():
        path = given.keep / f"{name}-{'repeats' if given.repeats else 'once'}.npy"
        if not path.exists() and name in (given.only or makers):
            begun, worked = time.perf_counter(), time.process_time()
            np.save(path, make(task))
            print(f"{name}: {time.perf_counter() - begun:.0f} s, {time.process_time() - worked:.0f} of a processor")
        if path.exists():
            said[name] = np.load(path)
    show(task, said)


if __name__ == "__main__":
    main()
