"""What the figures of a model card are measured on: rows and generated baskets that no training has seen.

`exam` gathers it: the test rows, customers of the law from seeds of their own, the `outdoor` catalogue, shops of
unheard words (`unheard`), and cases that fill every cell of the break-down tables.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from recommender.corpus import law as synthetic
from recommender.corpus.law import Law, Purchase
from recommender.evaluation import cases
from recommender.evaluation.cases import Case
from recommender.shop import baskets
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import NAMED_IN, Item
from recommender.training.corpus.data import training_pool
from recommender.training.corpus.unheard import shop

SEED: Final = 900_000
"""Added to an exam's seed: training draws from the seeds of a run and of `data.POOL_SEED`."""
FULL: Final = 2000
SHUFFLES: Final = 10
TABLES: Final = ("basket_length", "candidates", "sports", "last_of_sport", "complete_sport")
MOST_BOUGHT: Final = 20
OFFERED: Final = range(5, 101)


@dataclass(frozen=True)
class Exam:
    """Everything that is asked, in each of the two languages.

    Attributes:
        fit: the training rows, which the baselines are fitted on.
        generated: customers of the law over `sports`, as they come.
        unseen: those whose basket no group that training may have met goes on from.
        told: baskets over `outdoor` in which every name carries its activity's word, in both languages.
        untold: those in which no name does.
        mixed: the others.
        unheard: baskets of shops of unheard words.
        guests: baskets of an unheard activity, some items of which stand among all of `sports`.
        spread: baskets of 1 to 20 items of known sports, filling every cell of `TABLES`.
    """

    test: tuple[Row, ...]
    fit: tuple[Row, ...]
    generated: tuple[Purchase, ...]
    unseen: tuple[Purchase, ...]
    told: tuple[Case, ...]
    mixed: tuple[Case, ...]
    untold: tuple[Case, ...]
    unheard: tuple[Case, ...]
    guests: tuple[Case, ...]
    spread: tuple[Case, ...]

    @property
    def requests(self) -> int:
        """How many questions the model is asked."""
        once = (self.generated, self.unseen, self.told, self.mixed, self.untold, self.unheard, self.guests, self.spread)
        return len(NAMED_IN) * (len(self.test) * (1 + SHUFFLES) + sum(map(len, once)))


@lru_cache(maxsize=2)
def exam(size: int = FULL, seed: int = 0) -> Exam:
    """The exam of a seed with `size` generated customers; the other parts grow with it, up to 300 baskets each.

    The test rows are always all of them.
    """
    sports = Catalogue.load("sports")
    rows = baskets.load(baskets.PATH, sports)
    some = min(300, max(1, size // 2))
    few = max(1, some // 3)
    outdoor = outdoor_cases(SEED + seed, {"told": some, "mixed": few, "untold": few})
    return Exam(
        test=tuple(baskets.of_split(rows, "test")),
        fit=tuple(baskets.of_split(rows, "train")),
        generated=tuple(synthetic.sample(list(sports), SEED + seed, size)),
        unseen=tuple(unseen_purchases(list(sports), rows, SEED + seed, max(1, size // 2))),
        told=tuple(outdoor["told"]),
        mixed=tuple(outdoor["mixed"]),
        untold=tuple(outdoor["untold"]),
        unheard=tuple(unheard_cases(SEED + seed, some)),
        guests=tuple(guest_cases(SEED + seed, some)),
        spread=tuple(spread_cases(SEED + seed, few)),
    )


def unseen_purchases(items: Sequence[Item], rows: Sequence[Row], seed: int, count: int) -> list[Purchase]:
    """Purchases whose basket, with any one item more, is no group that training may have met.

    Those are the baskets of the pool with any one item more, and the groups of `rows`. The basket alone decides, so
    what is bought next still follows the law: to reject by the whole group would reject the likely purchases, which
    training holds, and leave the unlikely ones.
    """
    pool = {frozenset(purchase.basket) for purchase in training_pool()}
    known = {basket | {item.id} for basket in pool for item in items if item.id not in basket}
    known |= {row.items for row in rows}
    law, rng = Law(items), random.Random(f"{seed}/unseen")
    found: list[Purchase] = []
    while len(found) < count:
        basket = law.sample_basket(rng)
        bought = frozenset(basket)
        if not any(bought | {item.id} in known for item in items if item.id not in bought):
            found.append(Purchase(tuple(basket), law.sample_next(basket, rng)))
    return found


def outdoor_cases(seed: int, wanted: Mapping[str, int]) -> dict[str, list[Case]]:
    """Baskets over `outdoor`, as many of `told`, `mixed` and `untold` as are `wanted`; see `Exam`."""
    outdoor = Catalogue.load("outdoor")
    parts: dict[str, list[Case]] = {name: [] for name in wanted}
    law, rng = Law(list(outdoor)), random.Random(f"{seed}/outdoor")
    while any(len(parts[name]) < count for name, count in wanted.items()):
        case = _case(law, outdoor, law.sample_basket(rng), rng)
        if not case.left_out:
            part = _telling(case)
            if len(parts[part]) < wanted[part]:
                parts[part].append(case)
    return parts


def _telling(case: Case) -> str:
    """Whether a case is `told` (something that fits has to be so too), `untold` or `mixed`."""
    known = (*case.basket, *case.candidates)
    fitting = [item for item in case.candidates if item.id in case.fitting]
    cells = {cases.names_tell(case, language) for language in NAMED_IN}
    if cells == {"none"}:
        return "untold"
    answerable = all(any(cases.name_tells(item, known, language) for item in fitting) for language in NAMED_IN)
    return "told" if cells == {"all"} and answerable else "mixed"


def unheard_cases(seed: int, count: int) -> list[Case]:
    """`count` baskets, each of a shop of its own."""
    rng = random.Random(f"{seed}/unheard")
    found: list[Case] = []
    while len(found) < count:
        catalogue = shop(rng)
        law = Law(list(catalogue))
        case = _case(law, catalogue, law.sample_basket(rng), rng)
        if not case.left_out:
            found.append(case)
    return found


def guest_cases(seed: int, count: int) -> list[Case]:
    """`count` baskets of an activity that `sports` does not have, two to four items of which stand beside all of it.

    As when somebody types what the shop lacks: one name or more is bought, what fits is the rest of them.
    """
    rng, sports = random.Random(f"{seed}/guests"), list(Catalogue.load("sports"))
    found: list[Case] = []
    while len(found) < count:
        by_activity = shop(rng).sports()
        activity = rng.choice(list(by_activity))
        catalogue = Catalogue("guests", [*sports, *by_activity[activity][: rng.randint(2, 4)]])
        law = Law(list(catalogue))
        case = _case(law, catalogue, law.buy(activity, rng), rng)
        if not case.left_out:
            found.append(case)
    return found


def spread_cases(seed: int, quota: int) -> list[Case]:
    """Baskets over parts of `sports` and `wide` until each cell of each of `TABLES` that can be met has `quota` cases.

    A case is kept if it is still wanted in a cell of some table, so that common cells get more than the rare ones.
    """
    rng = random.Random(f"{seed}/spread")
    counts: dict[str, Counter[str]] = {name: Counter() for name in TABLES}
    kept: list[Case] = []
    for case in _spread(rng, 400 * quota):
        cells = [(name, cell) for name in TABLES if (cell := cases.TABLES[name](case, "en"))]
        if any(counts[name][cell] < quota for name, cell in cells):
            kept.append(case)
            for name, cell in cells:
                counts[name][cell] += 1
    return kept


def _spread(rng: random.Random, attempts: int) -> Iterator[Case]:
    by_sport = {**Catalogue.load("sports").sports(), **Catalogue.load("wide").sports()}
    for _ in range(attempts):
        per_sport = rng.choice((3, 4, 5, 6, 8))
        size = round(8 * 15 ** rng.random())
        names = rng.sample(list(by_sport), max(2, min(len(by_sport), round(size / per_sport))))
        parts = [rng.sample(by_sport[name], min(len(by_sport[name]), per_sport)) for name in names]
        catalogue = Catalogue("spread", [item for part in parts for item in part])
        law = Law(list(catalogue))
        buy: Callable[[Law, random.Random], list[str]] = rng.choice((Law.sample_basket, _buy))
        case = _case(law, catalogue, buy(law, rng), rng)
        if not case.left_out and len(case.basket) <= MOST_BOUGHT and len(case.candidates) in OFFERED:
            yield case


def _buy(law: Law, rng: random.Random) -> list[str]:
    """Any number of items of one to three sports, in any order, one of them at least left over."""
    chosen = rng.sample(list(law.sports), min(len(law.sports), rng.randint(1, 3)))
    ids = [item.id for sport in chosen for item in law.sports[sport]]
    return rng.sample(ids, rng.randint(1, max(1, min(MOST_BOUGHT, len(ids) - 1))))


def _case(law: Law, catalogue: Catalogue, basket: Sequence[str], rng: random.Random) -> Case:
    return cases.from_purchases([Purchase(tuple(basket), law.sample_next(basket, rng))], catalogue)[0]
