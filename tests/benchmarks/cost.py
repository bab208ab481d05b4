"""What answers cost as they grow: `python -m tests.benchmarks.cost [--model NAME] [--most N]`.

First against the number of candidates, beside stock transformers; then against the number of baskets, one at a time and
all at once, ranking and raw output each. Baskets are distinct, and nothing is kept from one to the next.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence

from tests.benchmarks.shared import THREADS, about, in_turn, table

import torch  # isort: skip

from recommender.recommenders.ranking import RankRequest
from recommender.shop.catalogue import Catalogue
from recommender.t5 import T5Recommender, load
from tests.benchmarks.models import of_shop
from tests.benchmarks.peers import Stock

CANDIDATES = (10, 20, 35, 50, 70, 100)
QUESTIONS, WARM_UP = 20, 3
ALONE = 300
"""Baskets that are asked one at a time, at most."""


def questions(candidates: int, count: int) -> list[RankRequest]:
    """Baskets of three items of one shop that has so many others."""
    rng = random.Random(candidates)
    shop = rng.sample(list(Catalogue.load("wide")), candidates + 3)
    baskets = {tuple(rng.sample(shop, 3)): None for _ in range(4 * count)}
    return [RankRequest(basket, [item for item in shop if item not in basket]) for basket in list(baskets)[:count]]


def against_candidates(ours: T5Recommender) -> None:
    stock = Stock(ours.folder, ours.dtype)
    rows = []
    for candidates in CANDIDATES:
        asked = questions(candidates, QUESTIONS + WARM_UP)
        workers = {"ours": lambda one: ours.answer(one.basket, one.candidates), "stock": stock.answer}
        times = in_turn(workers, asked[WARM_UP:], asked[:WARM_UP])
        mine, theirs = times["ours"].middle[0], times["stock"].middle[0]
        tokens = len(ours.tokens(ours.prompt_for(asked[0].basket, asked[0].candidates))) + 1
        rows.append((candidates, tokens, f"{mine:.1f}", f"{theirs:.1f}", f"{theirs / mine:.1f}"))
    table(("candidates", "tokens", "ours, ms", "stock transformers, ms", "times ours"), rows)


def against_baskets(ours: T5Recommender, most: int) -> None:
    asked = of_shop(most + 32)
    ours.answer_many(asked[most:])
    rows = []
    for count in (10**power for power in range(9) if 10**power <= most):
        alone = count / min(count, ALONE) * seconds(ours, asked[: min(count, ALONE)], at_once=False)
        together = seconds(ours, asked[:count], at_once=True)
        rows.append((count, f"{alone:.2f}", f"{together:.2f}", f"{count / together:.0f}", f"{alone / together:.2f}"))
    table(("baskets", "one at a time, s", "all at once, s", "a second", "times quicker"), rows)


def seconds(ours: T5Recommender, asked: Sequence[RankRequest], at_once: bool) -> float:
    begun = time.perf_counter()
    if at_once:
        ours.answer_many(asked)
    else:
        for one in asked:
            ours.answer(one.basket, one.candidates)
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="compact", help="compact or a folder")
    parser.add_argument("--most", type=int, default=10_000, help="baskets at most")
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    print(about())
    ours = load(arguments.model, "cpu", kept_answers=0)
    print(f"{arguments.model}, {ours.dtype}, {ours.threads} of {THREADS} thread(s)\n")
    against_candidates(ours)
    against_baskets(ours, arguments.most)


if __name__ == "__main__":
    main()
