"""Why this item: what each bought item adds to it, by asking again without that item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from recommender.errors import RequestError
from recommender.recommenders.many import rank_all
from recommender.recommenders.ranking import Ranking, RankRequest, Recommender, Scored
from recommender.shop.items import Item

Mark = Literal["bought", "cart", "viewed"]


@dataclass(frozen=True)
class Influence:
    """What one item that was bought (or viewed, or put in the cart) adds to the recommended one.

    Below 0 it speaks against it.

    Attributes:
        nats: log p(recommended | whole basket) - log p(recommended | basket without the item).
        probability_change: the same difference of the probabilities themselves, from -1 to 1.
        contrast: the same difference of log p(recommended) - log p(against), in nats: above 0 the item speaks for the
            recommended one rather than the other. None where none was named.
        mark: whether the item was bought, lies in the cart or was only looked at.
    """

    item: Item
    nats: float
    probability_change: float
    contrast: float | None = None
    mark: Mark = "bought"

    def to_json(self) -> dict[str, object]:
        """`{"id", "nats", "probability_change"}`; `contrast` where there is one, `mark` where it was not bought."""
        shown: dict[str, object] = {
            "id": self.item.id,
            "nats": self.nats,
            "probability_change": self.probability_change,
        }
        if self.contrast is not None:
            shown["contrast"] = self.contrast
        return shown if self.mark == "bought" else {**shown, "mark": self.mark}


@dataclass(frozen=True)
class LeaveOneOut:
    """What each bought item adds to one candidate, in order of purchase; then what lies in the cart, what was viewed.

    Attributes:
        recommendation: the candidate that is explained, at `place` of the ranking, 1 the best.
        probability: of it, given the whole basket; `log_probability` in nats.
        against: the candidate that it is held against ("why A rather than B"), with its `against_probability`, at
            `against_place` of the ranking.
    """

    recommendation: Item
    probability: float
    log_probability: float
    against: Item | None
    influences: tuple[Influence, ...]
    against_probability: float | None = None
    place: int = 1
    against_place: int = 0

    @property
    def from_nothing(self) -> bool:
        """Whether there is one item to go by, so that it is compared with empty lists, which no customer has."""
        return len(self.influences) == 1

    def to_json(self) -> dict[str, object]:
        """`{"recommendation", "against", "influences"}`, both items with their probability."""
        return {
            "recommendation": {"id": self.recommendation.id, "probability": self.probability},
            "against": {"id": self.against.id, "probability": self.against_probability} if self.against else None,
            "influences": [influence.to_json() for influence in self.influences],
        }


def leave_one_out(
    recommender: Recommender,
    basket: Sequence[Item],
    candidates: Sequence[Item],
    language: str = "en",
    *,
    of: Item | None = None,
    against: Item | None = None,
    viewed: Sequence[Item] = (),
    cart: Sequence[Item] = (),
) -> LeaveOneOut:
    """What each item of `basket`, `cart` and `viewed` adds to `of`, by default the best candidate; asked in one batch.

    An item that is left out is not on offer instead: the candidates stay the same, so probabilities can be compared.
    Without the only item of a basket the prompt's list is empty: `{}`.

    Raises:
        RequestError: if there is no candidate, or `of` or `against` is none, or they are one item.
    """
    asked = RankRequest(basket, candidates, language, viewed=viewed, cart=cart)
    lists: tuple[tuple[Mark, Sequence[Item]], ...] = (("bought", basket), ("cart", cart), ("viewed", viewed))
    told = [(mark, place, item) for mark, items in lists for place, item in enumerate(items)]
    whole, *reduced = rank_all(recommender, [asked, *(_without(asked, mark, place) for mark, place, _ in told)])
    wanted = _offered(whole, of, language) if of else whole.best
    other = _offered(whole, against, language) if against else None
    if other and other.item.id == wanted.item.id:
        raise RequestError("explain_same_item", name=wanted.item.name(language))
    influences = [
        replace(_influence(item, wanted, other, {row.item.id: row for row in ranking}), mark=mark)
        for (mark, _, item), ranking in zip(told, reduced, strict=True)
    ]
    return LeaveOneOut(
        recommendation=wanted.item,
        probability=wanted.probability,
        log_probability=wanted.log_probability,
        against=other.item if other else None,
        influences=tuple(influences),
        against_probability=other.probability if other else None,
        place=whole.rank_of(wanted.item.id) or 1,
        against_place=(whole.rank_of(other.item.id) or 0) if other else 0,
    )


def _without(asked: RankRequest, mark: Mark, place: int) -> RankRequest:
    """The request without the item at `place` of what was bought, lies in the cart or was viewed."""
    if mark == "cart":
        return replace(asked, cart=_dropped(asked.cart, place))
    if mark == "viewed":
        return replace(asked, viewed=_dropped(asked.viewed, place))
    return replace(asked, basket=_dropped(asked.basket, place))


def _dropped(items: Sequence[Item], place: int) -> list[Item]:
    return [*items[:place], *items[place + 1 :]]


def _offered(ranking: Ranking, item: Item, language: str) -> Scored:
    found = next((row for row in ranking if row.item.id == item.id), None)
    if found is None:
        raise RequestError("explain_not_on_offer", name=item.name(language))
    return found


def _influence(item: Item, wanted: Scored, other: Scored | None, without: Mapping[str, Scored]) -> Influence:
    left = without[wanted.item.id]
    nats = wanted.log_probability - left.log_probability
    contrast = None
    if other is not None:
        contrast = nats - (other.log_probability - without[other.item.id].log_probability)
    return Influence(item, nats, wanted.probability - left.probability, contrast)
