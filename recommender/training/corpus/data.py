"""What the compact model may learn from, and what it is judged on as it learns."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from recommender.corpus.law import Law
from recommender.corpus.pool import POOL_SEED, POOL_SIZE, judging_groups, training_pool
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import NAMED_IN, Item
from recommender.training.corpus.invented import inventory, nouns_of

__all__ = ["POOL_SEED", "POOL_SIZE", "Question", "judging_groups", "training_pool", "validation_questions"]


@dataclass(frozen=True)
class Question:
    """A prompt's parts with the names that fit: what a written answer is checked against while training goes on."""

    kind: str
    basket: tuple[str, ...]
    candidates: tuple[str, ...]
    target: str
    fitting: frozenset[str]
    language: str


def _question(kind: str, items: Sequence[Item], bought: tuple[Sequence[str], str], language: str) -> Question:
    basket, following = bought
    names = {item.id: item.name(language) for item in items}
    return Question(
        kind,
        tuple(names[item_id] for item_id in basket),
        tuple(names[item.id] for item in items if item.id not in basket),
        names[following],
        frozenset(names[item_id] for item_id in Law(items).fitting(basket)),
        language,
    )


def validation_questions(rows: Sequence[Row], seed: int, generated: int = 200) -> list[Question]:
    """The validation rows in both languages, then `generated` held-out lists each of wide and invented items."""
    sports, wide = list(Catalogue.load("sports")), list(Catalogue.load("wide"))
    questions = [
        _question(f"rows_{language}", sports, (row.basket, row.next), language)
        for language in NAMED_IN
        for row in rows
        if row.split == "validation" and row.kind != "look-alike"
    ]
    rng = random.Random(f"validation/{seed}")
    nouns = nouns_of([*sports, *wide])
    words = {language: sorted({word for item in wide for word in item.name(language).split()}) for language in NAMED_IN}
    activities = list(dict.fromkeys(item.sport for item in wide))
    for place in range(2 * generated):
        language = NAMED_IN[place % len(NAMED_IN)]
        if place < generated:
            chosen = set(rng.sample(activities, 4))
            items, kind = [item for item in wide if item.sport in chosen], "wide"
        else:
            items = inventory(language, 5, 30, nouns, words[language], rng, spelt=1.0)
            kind = f"invented_{language}"
        law = Law(items)
        basket = law.sample_basket(rng, longest=6)
        questions.append(_question(kind, items, (basket, law.sample_next(basket, rng)), language))
    return questions
