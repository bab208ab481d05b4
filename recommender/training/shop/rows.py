"""`train --minutes`: a file of histories with their next item, trained on as a shop's sales are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommender.shop.baskets import Row, of_split
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.history import History, Question
from recommender.shop.sales.sales import Sales
from recommender.t5.loading import find
from recommender.training.finetune import TrainingRows
from recommender.training.options import TrainOptions
from recommender.training.pretrain import Pretrained
from recommender.training.shop.fit import fit_t5


def sales_of(rows: Sequence[Row], catalogue: Catalogue) -> Sales:
    """Each row as a customer who bought one item after the other; times are places in the row."""
    places = {item.id: place for place, item in enumerate(catalogue)}
    bought = [(*row.basket, row.next) for row in rows]
    lengths = [len(one) for one in bought]
    total = sum(lengths)
    return Sales(
        catalogue,
        np.repeat(np.arange(len(rows), dtype=np.int32), lengths),
        np.array([places[item] for one in bought for item in one], np.int32),
        np.full(total, PURCHASE, np.int8),
        np.array([place for length in lengths for place in range(length)], np.int64),
        np.ones(total, np.float32),
    )


def questions_of(rows: Sequence[Row], catalogue: Catalogue) -> list[Question]:
    """What was bought next after each row's basket."""
    places = {item.id: place for place, item in enumerate(catalogue)}
    return [
        Question(number, History.of_basket(tuple(places[item] for item in row.basket)), places[row.next])
        for number, row in enumerate(rows)
    ]


def finetune_for(material: TrainingRows, options: TrainOptions) -> Pretrained:
    """Fine-tune `options.base` on `material` for `options.minutes`.

    Raises:
        ModelError: if the base can't be used.
        ValueError: without minutes.
    """
    if options.minutes is None:
        raise ValueError("no minutes")
    made = fit_t5(
        sales_of(of_split(material.rows, "train"), material.catalogue),
        questions_of(of_split(material.rows, "validation"), material.catalogue),
        find(options.base or "compact"),
        options.minutes,
        languages=material.languages,
        repeats=material.catalogue.repeats,
        seed=options.seed,
        progress=lambda _: None,
        cancelled=lambda: False,
    )
    log = [{_LOGGED.get(name, name): value for name, value in row.items()} for row in made.history]
    return Pretrained(made.model, made.tokenizer, log, made.seconds)


_LOGGED = {"hit": "eval_hit@1", "ndcg": "eval_ndcg@10"}
