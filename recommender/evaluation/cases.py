"""One question put to a recommender, what would be coherent there, and the tables it is counted in."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from recommender.evaluation import metrics
from recommender.language.text import match_key
from recommender.recommenders.ranking import RankRequest
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.shop.collectors import is_collector
from recommender.shop.items import Item

LOOK_ALIKE: Final = "look-alike"
LEFT_OUT: Final = ("look_alike", "no_sport", "nothing_left")
WORDS: Final = ("collector", "yes", "no", "all", "some", "none")


class HasPurchase(Protocol):
    """A generated basket and the next purchase, as ids."""

    @property
    def basket(self) -> Sequence[str]:
        """Ids in order of purchase."""
        ...

    @property
    def next(self) -> str:
        """Id of what was bought next."""
        ...


@dataclass(frozen=True)
class Case:
    """A basket, what is on offer and what was bought next.

    Attributes:
        group: what a bootstrap keeps together; equal for rows of the same items.
        kind: the kind of row, as in `baskets.csv`; anything else for baskets from elsewhere.
    """

    group: Hashable
    kind: str
    basket: tuple[Item, ...]
    candidates: tuple[Item, ...]
    next: Item

    def request(self, language: str) -> RankRequest:
        """The case as a recommender is asked it, candidates in catalogue order."""
        return RankRequest(self.basket, self.candidates, language)

    @functools.cached_property
    def fitting(self) -> frozenset[str]:
        """Ids of the coherent candidates, as `metrics.fitting` defines them."""
        return frozenset(item.id for item in metrics.fitting(self.basket, self.candidates))

    @functools.cached_property
    def left_out(self) -> str | None:
        """Why coherence can't be judged, one of `LEFT_OUT`; None if it can.

        A look-alike row asks for the same kind of thing in another sport; no item of the basket may have a known sport;
        nothing coherent may be left to buy.
        """
        if self.kind == LOOK_ALIKE:
            return "look_alike"
        if not any(item.sport for item in self.basket):
            return "no_sport"
        return None if self.fitting else "nothing_left"


Choose = Callable[[Sequence[Item]], Sequence[Item]]
"""The candidates after a basket, where that is not all that is on offer: what a retrieval has kept."""


def from_rows(rows: Iterable[Row], catalogue: Catalogue, choose: Choose | None = None) -> list[Case]:
    """One case per row, on offer what `catalogue` holds less the basket, or what `choose` makes of that.

    The next item may then be no candidate: no ranking has it at any place.
    """
    return [_case(row, catalogue, row.group, row.kind, choose) for row in rows]


def from_purchases(purchases: Iterable[HasPurchase], catalogue: Catalogue) -> list[Case]:
    """One case per generated purchase, each a group of its own: they are drawn independently, equal ones included."""
    return [_case(one, catalogue, object(), "generated") for one in purchases]


def _case(
    purchase: HasPurchase, catalogue: Catalogue, group: Hashable, kind: str, choose: Choose | None = None
) -> Case:
    basket = tuple(catalogue[item_id] for item_id in purchase.basket)
    candidates = tuple(choose(basket) if choose else catalogue.candidates(basket))
    return Case(group, kind, basket, candidates, catalogue[purchase.next])


def basket_length(case: Case, language: str) -> str:
    """How many items the basket has."""
    return _bin(len(case.basket), (1, 2, 3, 5, 10, 20))


def candidate_count(case: Case, language: str) -> str:
    """How many candidates are on offer."""
    return _bin(len(case.candidates), (4, 10, 20, 35, 60, 100))


def sport_count(case: Case, language: str) -> str:
    """How many known sports the basket holds; `collector` where coherence asks for the role instead."""
    return "collector" if is_collector(case.basket) else _bin(len(_sports(case.basket)), (1, 2, 3))


def last_of_sport(case: Case, language: str) -> str | None:
    """Whether some sport of the basket has exactly one item left; None for a collector, whose sports play no part."""
    return _any_sport_has(1, case)


def complete_sport(case: Case, language: str) -> str | None:
    """Whether the basket owns all that was on offer of one of its sports; None for a collector."""
    return _any_sport_has(0, case)


def names_tell(case: Case, language: str) -> str | None:
    """Whether `all`, `some` or `none` of the basket's names carry their activity's word; None without a known sport."""
    known = (*case.basket, *case.candidates)
    told = [name_tells(item, known, language) for item in case.basket if item.sport]
    if not told:
        return None
    return "all" if all(told) else "some" if any(told) else "none"


TABLES: Final[dict[str, Callable[[Case, str], str | None]]] = {
    "basket_length": basket_length,
    "candidates": candidate_count,
    "sports": sport_count,
    "last_of_sport": last_of_sport,
    "complete_sport": complete_sport,
    "names_tell": names_tell,
}
"""What coherent@1 is broken down by: the cell of a case in a language, None where the question does not arise."""


def name_tells(item: Item, known: Iterable[Item], language: str) -> bool:
    """Whether an item's name carries its activity's word.

    It does if it shares a word with at least half of the other names of its sport in `known`; a sport's only item never
    does. Only from such names can a model know a sport that it has never seen.
    """
    words = set(match_key(item.name(language)).split())
    others = [other for other in known if other.sport == item.sport and other.id != item.id]
    shared = sum(bool(words & set(match_key(other.name(language)).split())) for other in others)
    return bool(others) and 2 * shared >= len(others)


def cell_order(label: str) -> tuple[int, int]:
    """Key that sorts a table's cells: numbers by the first of their bin, then words in the order of `WORDS`."""
    first = re.match(r"\d+", label)
    return (0, int(first[0])) if first else (1, WORDS.index(label))


def _bin(count: int, ends: Sequence[int]) -> str:
    """The bin of `count`, each bin named by its first and last number: `0`, `3`, `4-5`, `21+`."""
    if not count:
        return "0"
    place = bisect.bisect_left(ends, count)
    first = ends[place - 1] + 1 if place else 1
    if place == len(ends):
        return f"{first}+"
    return f"{first}" if first == ends[place] else f"{first}-{ends[place]}"


def _sports(items: Iterable[Item]) -> set[str]:
    return {item.sport for item in items} - {""}


def _any_sport_has(left: int, case: Case) -> str | None:
    sports = _sports(case.basket)
    if not sports or is_collector(case.basket):
        return None
    counts = [sum(item.sport == sport for item in case.candidates) for sport in sports]
    return "yes" if left in counts else "no"
