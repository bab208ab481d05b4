"""The same basket with one item not there, looked at, in the cart, and bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.errors import RequestError
from recommender.recommenders.many import rank_all
from recommender.recommenders.ranking import Ranking, RankRequest, Recommender
from recommender.shop.items import Item

STATES: Final = ("absent", "viewed", "cart", "bought")


@dataclass(frozen=True)
class Signals:
    """What one item changes.

    Attributes:
        item: the one in question.
        rankings: of what is on offer in each of `STATES`. Once it is bought, `item` is not on offer any more, but
            where goods are bought again.
    """

    item: Item
    rankings: Mapping[str, Ranking]

    def probability(self, state: str) -> float | None:
        """That of `item` in a state; None where it is not on offer."""
        return next((row.probability for row in self.rankings[state] if row.item.id == self.item.id), None)

    def place(self, state: str) -> int | None:
        """Where it stands in a state, from 1; None likewise."""
        return self.rankings[state].rank_of(self.item.id)


def signals(
    recommender: Recommender,
    basket: Sequence[Item],
    candidates: Sequence[Item],
    marked: Sequence[Item] = (),
    language: str = "en",
) -> Signals:
    """What the item in question changes: the last that is `marked` as looked at or in the cart, else the last bought.

    The other marked ones are left out: the question is about one thing.

    Raises:
        RequestError: if nothing else was bought, or nothing is on offer.
    """
    item = marked[-1] if marked else basket[-1]
    rest = [one for one in basket if one.id != item.id]
    if not rest:
        raise RequestError("why_signals_alone")
    with_it = list(candidates) if any(one.id == item.id for one in candidates) else [*candidates, item]
    # Where goods are bought again it stays on offer.
    again = not marked and len(with_it) == len(candidates)
    without_it = with_it if again else [one for one in with_it if one.id != item.id]
    asked = [
        RankRequest(rest, with_it, language),
        RankRequest(rest, with_it, language, viewed=(item,)),
        RankRequest(rest, with_it, language, cart=(item,)),
        RankRequest([*rest, item], without_it, language),
    ]
    return Signals(item, dict(zip(STATES, rank_all(recommender, asked), strict=True)))
