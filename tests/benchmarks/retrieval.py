"""Retrieval on large catalogues: `python -m tests.benchmarks.retrieval [--sales FILE] [--items N]`.

Without sales: a catalogue of `--items` names, made of the knowledge base's goods in sizes, colours and brands, a tenth
of them twins; the index over it, one answer beside one over 35 items, asked in turn, and how many items that were never
sold a name finds. With `--sales`, a CSV of `customer,time,item`: the order of retrieval alone on the next purchase
after the split in time, beside item-kNN and EASE; and with `--new` how often an item is retrieved whose sales were all
taken out, as if it had been added today, together with a hundredth, a thirtieth or a tenth of all items.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Sequence
from itertools import islice, product
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray

from recommender.corpus.world import base as world
from recommender.evaluation import judging
from recommender.retrieval import folder
from recommender.retrieval.index import Exact
from recommender.retrieval.together import Together
from recommender.retrieval.towers import Rows, Towers
from recommender.service import Request, Service
from recommender.service.candidates import Candidates
from recommender.service.resolved import Found
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.history import Question
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.split import split_by_time
from recommender.t5 import load

COLOURS = ("Red", "Blue", "Green", "Black", "White", "Grey", "Yellow")
SIZES = ("Small", "Medium", "Large", "1 kg", "500 g", "Pack of 3")
BRANDS = ("Aldera", "Brinmo", "Caslow")
RANKED = 35
FOLDS = 10
TAKEN = 3
"""Tenths of the items that are taken out, one after the other."""
TELLING = 5
"""Items that were sold, the nearest in name to a new one, of which the basket or the hundred has to hold one."""
RIDGE = 200.0
"""EASE's, the best of 100, 300 and 1000 on an earlier split."""


def names(count: int) -> list[Item]:
    """A catalogue of `count` items, every tenth the twin of another."""
    goods = [good.en for good in world.load().goods]
    plain = list(goods)
    dressed = (
        f"{brand} {colour} {name} {size}" for brand, colour, size, name in product(BRANDS, COLOURS, SIZES, goods)
    )
    distinct = list(islice([*plain, *islice(dressed, count)], count - count // 10))
    step = max(1, len(distinct) // max(1, count // 10))
    every = [*distinct, *distinct[::step][: count // 10]]
    return [Item(f"n{number}", name) for number, name in enumerate(every)]


def large(count: int) -> None:
    """The index and one answer, over `count` items."""
    model, catalogue = load("compact", "cpu"), Catalogue("large", names(count))
    where = Path(tempfile.mkdtemp()) / "large.index"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, worked = perf_counter(), process_time()
    folder.save(where, catalogue, model, "model")
    built, built_alone, peak = (
        perf_counter() - begun,
        process_time() - worked,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    )
    begun, worked = perf_counter(), process_time()
    towers = folder.open_towers(where, catalogue, model, "model")
    opened, opened_alone = perf_counter() - begun, process_time() - worked
    size = sum(path.stat().st_size for path in where.iterdir()) / 1e6
    print(f"{len(catalogue)} items: built in {built:.1f} s ({built_alone:.1f} of a processor)")
    print(f"{(peak - before) / 1e3:.0f} MB more at most, {size:.0f} MB kept")
    print(f"opened in {opened:.2f} s ({opened_alone:.2f} of a processor)")
    # Names as long as those of the large one: what they cost the model is no matter of retrieval.
    small = Catalogue("small", catalogue.items[:: len(catalogue) // (RANKED + 2)][: RANKED + 2])
    service = Service(Settings(), load=lambda name, device: model)
    service.candidates = Candidates(nearest=RANKED)
    service.candidates.retriever = lambda *_: towers  # type: ignore[method-assign]
    spent: dict[str, list[float]] = {"small": [], "large": [], "retrieval": []}
    for turn in range(60):
        for kind, shop in (("small", small), ("large", catalogue)):
            basket = tuple(shop.items[(turn * 7919 + step) % len(shop)] for step in (0, 1))
            request = Request([item.en for item in basket])
            begun = perf_counter()
            answer = service.answer(request, Found(shop, basket))
            spent[kind].append(perf_counter() - begun)
            assert answer.considered.to_json()["ranked"] == RANKED
        begun = perf_counter()
        towers.nearest(basket, RANKED)
        spent["retrieval"].append(perf_counter() - begun)
    middle = {kind: median(times[5:]) * 1000 for kind, times in spent.items()}
    print(f"one answer, {RANKED} ranked: {middle['large']:.1f} ms of {count}, {middle['small']:.1f} ms of {RANKED}, "
          f"{middle['large'] / middle['small']:.2f} x; retrieval alone {middle['retrieval']:.1f} ms")  # fmt: skip


def unseen() -> None:
    """How many goods of a need are among the 100 nearest to another of its goods, of those that a name can tell."""
    model = load("compact", "cpu")
    base = world.load()
    goods = Catalogue("goods", [good.item() for good in base.goods])
    vectors = model.item_vectors(goods.items)
    towers = Towers.of(goods, model)
    told = found = every = whole = 0
    for need in base.of_split("test").needs:
        members = [member.good.id for member in need.members]
        for bought in members[:2]:
            basket = [goods[bought]]
            best = {item.id for item in towers.nearest(basket, 100)}
            for other in members:
                if other == bought:
                    continue
                # A name can tell it where most of what lies nearest to it is of this need, or it lies near another one.
                near = np.argsort(-(vectors @ vectors[goods.place(other)]))[1:6]
                is_told = bool({goods.items[place].id for place in near} & set(members))
                every, whole = every + 1, whole + (other in best)
                told, found = told + is_told, found + (is_told and other in best)
    told_of = f"{found / told:.3f} of the {told} told"
    print(f"test needs, {len(goods)} goods: {whole / every:.3f} of {every} retrieved among 100, {told_of}")
    told = found = 0
    items = {item.id: item for stock in judging.stocks().values() for item in stock}
    shops = Catalogue("judging", [*goods.items, *(Item(f"j-{one.id}", one.en, one.ar) for one in items.values())])
    towers = Towers.of(shops, model)
    for judged in judging.of_kind(judging.load(), "baskets"):
        best = {
            item.id for item in towers.nearest([Item(f"j-{item.id}", item.en, item.ar) for item in judged.basket], 100)
        }
        told += 1
        found += any(f"j-{one}" in best for one in judged.accepted)
    print(
        f"judging shops among {len(shops)} items: an accepted one is retrieved for {found / told:.3f} of {told} baskets"
    )


def sales_of(path: str, repeats: bool) -> Sales:
    """The purchases of a CSV of `customer,time,item`."""
    import pandas as pd

    table = pd.read_csv(path)
    words = list(dict.fromkeys(table.item))
    place = {word: number for number, word in enumerate(words)}
    items = [Item(f"s{number}", word.replace(",", " ").strip()) for number, word in enumerate(words)]
    customers = np.unique(table.customer.to_numpy(), return_inverse=True)[1].astype(np.int32)
    times = pd.to_datetime(table.time).astype("datetime64[s]").astype("int64").to_numpy()
    order = np.lexsort((np.arange(len(table)), times, customers))
    numbers = table.item.map(place).to_numpy().astype(np.int32)
    ones = np.ones(len(table), np.float32)
    parts = customers[order], numbers[order], (3 * ones).astype(np.int8), times[order], ones
    return Sales(Catalogue("sales", items, repeats=repeats), *parts)


def of_sales(path: str) -> None:
    """Recall and NDCG of retrieval's order beside item-kNN's and EASE's."""
    model = load("compact", "cpu")
    for repeats in (False, True):
        sales = sales_of(path, repeats)
        catalogue, items = sales.catalogue, sales.catalogue.items
        split = split_by_time(sales, 0.1, repeats=repeats)
        questions = split.questions
        bought = np.zeros((int(split.before.customers.max()) + 1, len(items)), np.float32)
        bought[split.before.customers, split.before.items] = 1
        asked = np.zeros((len(questions), len(items)), np.float32)
        for row, question in enumerate(questions):
            asked[row, list(question.history.bought)] = 1
        found = {
            "item-kNN": _ranks(asked @ _knn(bought), questions, repeats),
            "EASE": _ranks(asked @ _ease(bought), questions, repeats),
        }
        towers = Towers.of(catalogue, model, Together.learn(split.before))
        found["retrieval"] = np.array([_rank(towers, question) for question in questions])
        print(f"\n{len(questions)} questions, {len(items)} items, repeats {repeats}")
        best = max((found[name] < 100).mean() for name in ("item-kNN", "EASE"))
        for name, ranks in found.items():
            ndcg = np.where(ranks < 10, 1 / np.log2(ranks + 2), 0).mean()
            recall = " ".join(f"{(ranks < most).mean():.4f}" for most in (10, 35, 60, 100))
            print(
                f"{name:10} recall@10, 35, 60, 100: {recall}; {(ranks < 100).mean() / best:.2f} x; NDCG@10 {ndcg:.4f}"
            )


def new_items(path: str) -> None:
    """How often an item without any sales is among a hundred, of all and of those that a name can tell.

    A name can tell an item where one of the `TELLING` sold items nearest in name to it is in the basket, or among the
    hundred that are retrieved. Of the items that are taken out, so many are on offer at once as said.
    """
    model = load("compact", "cpu")
    sales = sales_of(path, repeats=False)
    split = split_by_time(sales, 0.1, repeats=False)
    items = sales.catalogue.items
    vectors = model.item_vectors(items)
    draw = np.random.default_rng(0)
    order = draw.permutation(np.unique(split.before.items))
    found: dict[int, list[tuple[bool, bool]]] = {}
    for fold in range(TAKEN):
        held = np.zeros(len(items), np.bool_)
        held[order[fold::FOLDS]] = True
        kept = ~held[split.before.items]
        before = split.before
        together = Together.learn(
            Sales(
                sales.catalogue, before.customers[kept], before.items[kept], before.events[kept], before.times[kept],
                before.quantities[kept],
            )
        )  # fmt: skip
        asked = [one for one in split.questions if held[one.next]]
        for share in (100, 30, 10):
            # So many of the new ones are on offer; the others are not there.
            for question in asked:
                others = draw.permutation(np.flatnonzero(held & (np.arange(len(items)) != question.next)))
                gone = others[max(len(items) // share - 1, 0) :]
                places = np.arange(len(items))
                places[gone] = -1
                towers = Towers(sales.catalogue, Rows(places, vectors, Exact(vectors), together), model)
                history = [item for item in question.history.bought if not held[item]]
                best = {
                    sales.catalogue.place(item.id) for item in towers.nearest([items[item] for item in history], 100)
                }
                near = np.argsort(-np.where(together.sold > 0, vectors @ vectors[question.next], -np.inf))[:TELLING]
                told = bool(set(near.tolist()) & (best | set(history)))
                found.setdefault(share, []).append((question.next in best, told))
    for share, rows in found.items():
        got, told = np.array(rows).T
        print(f"{len(items) // share} new of {len(items)} items: {got.mean():.3f} of {len(got)} are among 100, "
              f"{got[told].mean():.3f} of the {told.sum()} that a name can tell")  # fmt: skip


def _rank(towers: Towers, question: Question) -> int:
    found = towers.nearest([towers.catalogue.items[item] for item in question.history.bought], 100)
    return next((place for place, item in enumerate(found) if item.id == f"s{question.next}"), 10**6)


def _ranks(scores: NDArray[np.float32], questions: Sequence[Question], repeats: bool) -> NDArray[np.int64]:
    ranks = []
    for row, question in zip(scores, questions, strict=True):
        if not repeats:
            row[list(question.history.bought)] = -np.inf
        ranks.append(int((row > row[question.next]).sum()))
    return np.array(ranks)


def _knn(bought: NDArray[np.float32]) -> NDArray[np.float32]:
    together: NDArray[np.float32] = bought.T @ bought
    sold = np.sqrt(np.maximum(np.diag(together), 1))
    near: NDArray[np.float32] = (together / sold[:, None] / sold).astype(np.float32)
    np.fill_diagonal(near, 0)
    return near


def _ease(bought: NDArray[np.float32]) -> NDArray[np.float32]:
    gram = (bought.T @ bought).astype(np.float64)
    gram[np.diag_indices(len(gram))] += RIDGE
    inverse = np.linalg.inv(gram)
    weights: NDArray[np.float32] = (-inverse / np.diag(inverse)).astype(np.float32)
    np.fill_diagonal(weights, 0)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", help="a CSV of customer, time and item")
    parser.add_argument("--new", action="store_true", help="of the sales: items that nobody has bought yet")
    parser.add_argument("--items", type=int, default=100_000)
    args = parser.parse_args()
    if args.sales and args.new:
        new_items(args.sales)
    elif args.sales:
        of_sales(args.sales)
    else:
        large(args.items)
        unseen()


if __name__ == "__main__":
    main()
