"""Every method that learns from a shop's sales, and the blend of them, on the best sellers of a CSV of sales.

    taskset -c 1 .venv/bin/python -m tests.benchmarks.shop_methods sales.csv --items 35 100 300

The CSV has the columns customer, time, item. The last tenth of the purchases judges, the tenth before it chooses
settings, epochs and weights; after that what is counted is counted anew with that tenth. `last item` is the usual
Markov chain, and the networks of `plain` know no age of a purchase.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import torch

from recommender.evaluation.metrics import Estimate
from recommender.evaluation.shops import measured
from recommender.recommenders.sales import methods, stacked, transitions
from recommender.recommenders.sales.numbered import Scorer, Scores
from recommender.recommenders.sales.pasts import offered
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.history import Question
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.split import split_by_time
from recommender.training.sequential import Plan
from recommender.training.sequential_networks import Kind
from recommender.training.up_to_date import fit_up_to_date

NETWORKS: tuple[Kind, ...] = ("gru4rec", "sasrec")


def sales_from(table: pd.DataFrame, name: str) -> Sales:
    names = sorted(table["item"].unique())
    places = {name: place for place, name in enumerate(names)}
    table = table.sort_values(["customer", "time"], kind="stable")
    return Sales(
        Catalogue(name, [Item(f"i{place}", one) for one, place in places.items()]),
        np.unique(table["customer"], return_inverse=True)[1].astype(np.int32),
        table["item"].map(places).to_numpy(np.int32),
        np.full(len(table), PURCHASE, np.int8),
        table["time"].astype("datetime64[s]").astype(np.int64).to_numpy(np.int64),
        np.ones(len(table), np.float32),
    )


def best_sellers(path: str, count: int) -> Sales:
    table = pd.read_csv(path, parse_dates=["time"])
    names = table["item"].value_counts(sort=True).index
    return sales_from(table[table["item"].isin(names[: count or len(names)])], f"{count or 'all'} best sellers")


def imitation(seed: int = 0, models: int = 35, customers: int = 9000) -> Sales:
    """A shop of short histories: one to four purchases by the last one, the others and the customer's taste."""
    draw = np.random.default_rng(seed)
    tastes = draw.normal(0, 1.2, (4, models))
    after = np.where(draw.random((models, models)) < 0.12, 2.5, 0.0)
    beside = np.where(draw.random((models, models)) < 0.15, 1.2, 0.0)
    lines = []
    for customer in range(customers):
        taste, begun = tastes[draw.integers(4)], draw.random() * 900
        basket: list[int] = []
        for place in range(1 + int(draw.choice(4, p=(0.3, 0.35, 0.2, 0.15)))):
            utility = taste + draw.gumbel(size=models)
            if basket:
                utility += after[basket[-1]] + beside[basket].sum(axis=0)
                utility[basket] = -np.inf
            basket.append(int(utility.argmax()))
            day = begun + place * draw.exponential(20)
            lines.append((customer, pd.Timestamp("2024-01-01") + pd.Timedelta(days=day), f"Model {basket[-1]:02}"))
    return sales_from(pd.DataFrame(lines, columns=["customer", "time", "item"]), "imitation of a shop of bicycles")


@dataclass
class Measured:
    """Scores of each method on the validation and on the test questions, and the seconds that it took."""

    chosen: dict[str, Scores] = field(default_factory=dict)
    judged: dict[str, Scores] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, begun: float, validating: Scorer, judging: Scorer, questions: Questions) -> None:
        self.chosen[name] = validating.scores([one.history for one in questions.validation])
        self.judged[name] = judging.scores([one.history for one in questions.test])
        self.seconds[name] = time.perf_counter() - begun


@dataclass
class Questions:
    validation: tuple[Question, ...]
    test: tuple[Question, ...]


def compare(sales: Sales, *, repeats: bool, seconds: float, plain: bool) -> None:
    items = len(sales.catalogue.items)
    later = split_by_time(sales, 0.1, repeats=repeats)
    early = split_by_time(later.before, 0.1, repeats=repeats)
    questions = Questions(early.questions, later.questions)
    print(
        f"\n{sales.catalogue.name}, repeats {repeats}: {len(early.before)} events train, {len(early.questions)} "
        f"questions choose, {len(later.questions)} judge",
        flush=True,
    )
    found = Measured()
    settings: dict[str, dict[str, Any]] = {}
    begun = time.perf_counter()
    markov = [transitions.fit(part, repeats=repeats) for part in (early.before, later.before)]
    found.add("last item", begun, markov[0], markov[1], questions)
    for name in methods.METHODS:
        begun = time.perf_counter()
        names = ("popularity", name) if items > methods.LARGE else (name,)
        settings |= methods.tune(early.before, early.questions, repeats=repeats, names=names)
        one = {name: settings[name]}
        fitted = [methods.fit(part, one, repeats=repeats)[name] for part in (early.before, later.before)]
        found.add(name, begun, fitted[0], fitted[1], questions)
    half_life = settings["transitions"]["half_life"]
    for kind in NETWORKS:
        for label, life in ((kind, half_life), (f"{kind}, plain", math.inf))[: 1 + plain]:
            begun = time.perf_counter()
            plan = Plan(seconds=seconds, half_life=life)
            trained = fit_up_to_date(kind, early.before, early.questions, later.before, plan, repeats=repeats)
            found.add(label, begun, trained.judged, trained.final, questions)
            print(f"  {label}: {len(trained.epochs)} epochs, late: {trained.late}", flush=True)
    begun = time.perf_counter()
    asked = {name: own for name, own in found.chosen.items() if name != "last item" and "plain" not in name}
    wanted = np.array([one.next for one in early.questions], np.int64)
    offers = [offered([q.history for q in part], items, repeats=repeats) for part in (early.questions, later.questions)]
    lengths = [[len(q.history.bought) for q in part] for part in (early.questions, later.questions)]
    blend = stacked.fit(asked, wanted, offers[0], lengths[0])
    found.judged["blend"] = blend.scores(found.judged, lengths[1], offers[1])
    found.seconds["blend"] = time.perf_counter() - begun
    print("  settings", json.dumps(settings))
    print("  blend", json.dumps(blend.to_json()))
    show(measured(later.questions, found.judged, offers[1]), found.seconds)


def show(table: dict[str, dict[str, dict[str, Estimate]]], seconds: dict[str, float]) -> None:
    for name, groups in table.items():
        cells = []
        for group, own in groups.items():
            hit, gain = own["hit@1"], own["ndcg@10"]
            cells.append(f"{group} {hit.value:.3f} / {gain.value:.4f}")
        print(f"  {name:16s} {seconds[name]:6.1f} s   " + "   ".join(cells), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sales", nargs="?", help="without it, a shop made by chance, of short histories")
    parser.add_argument("--items", type=int, nargs="+", default=[35, 100, 300], help="best sellers; 0 is all")
    parser.add_argument("--repeats", choices=("no", "yes", "both"), default="both")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each network")
    parser.add_argument("--plain", action="store_true", help="networks without age, too")
    given = parser.parse_args()
    torch.set_num_threads(1)
    for count in given.items if given.sales else ():
        sales = best_sellers(given.sales, count)
        for repeats in {"no": (False,), "yes": (True,), "both": (False, True)}[given.repeats]:
            compare(sales, repeats=repeats, seconds=given.seconds, plain=given.plain)
    if not given.sales:
        compare(imitation(), repeats=False, seconds=given.seconds, plain=given.plain)


if __name__ == "__main__":
    main()
