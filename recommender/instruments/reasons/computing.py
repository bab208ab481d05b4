"""Why this item: what each bought item adds to it, by asking again without that item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recommender.errors import RequestError
from recommender.recommenders.many import rank_all
from recommender.recommenders.ranking import Ranking, RankRequest, Recommender, Scored
from recommender.shop.items import Item


@dataclass(frozen=True)
class Influence:
    """What one bought item adds to the recommended one; below 0 it speaks against it.

    Attributes:
        nats: log p(recommended | whole basket) - log p(recommended | basket without the item).
        probability_change: the same difference of the probabilities themselves, from -1 to 1.
        contrast: the same difference of log p(recommended) - log p(against), in nats: above 0 the item speaks for the
            recommended one rather than the other. None where none was named.
    """

    item: Item
    nats: float
    probability_change: float
    contrast: float | None = None

    def to_json(self) -> dict[str, object]:
        """`{"id", "nats", "probability_change"}`, and `contrast` where there is one."""
        shown = {"id": self.item.id, "nats": self.nats, "probability_change": self.probability_change}
        return shown if self.contrast is None else {**shown, "contrast": self.contrast}


@dataclass(frozen=True)
class LeaveOneOut:
    """What each bought item adds to one candidate, in order of purchase.

    Attributes:
        probability: of the recommended item, given the whole basket; `log_probability` in nats.
        against: the candidate that it is held against ("why A rather than B"), with its `against_probability`.
    """

    recommendation: Item
    probability: float
    log_probability: float
    against: Item | None
    influences: tuple[Influence, ...]
    against_probability: float | None = None

    @property
    def from_nothing(self) -> bool:
        """Whether the basket holds one item, so that it is compared with an empty list, which no customer has."""
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
) -> LeaveOneOut:
    """What each item of `basket` adds to `of`, by default the best candidate; asked in one batch.

    An item that is left out is not on offer instead: the candidates stay the same, so probabilities can be compared.
    Without the only item of a basket the prompt's list is empty: `{}`.

    Raises:
        RequestError: if there is no candidate, or `of` or `against` is none, or they are one item.
    """
    baskets = [list(basket), *([*basket[:place], *basket[place + 1 :]] for place in range(len(basket)))]
    whole, *reduced = rank_all(recommender, [RankRequest(reduced, candidates, language) for reduced in baskets])
    wanted = _offered(whole, of, language) if of else whole.best
    other = _offered(whole, against, language) if against else None
    if other and other.item.id == wanted.item.id:
        raise RequestError("explain_same_item", name=wanted.item.name(language))
    influences = [
        _influence(item, wanted, other, {row.item.id: row for row in ranking})
        for item, ranking in zip(basket, reduced, strict=True)
    ]
    return LeaveOneOut(
        recommendation=wanted.item,
        probability=wanted.probability,
        log_probability=wanted.log_probability,
        against=other.item if other else None,
        influences=tuple(influences),
        against_probability=other.probability if other else None,
    )


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
