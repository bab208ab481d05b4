"""Beside the others: the same basket by recommenders without a language model, and a blend with them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from recommender.instruments.checks import check_share
from recommender.messages import Message
from recommender.recommenders import confidence, registry
from recommender.recommenders.blend import BLENDED, MODEL, mix
from recommender.recommenders.co_purchase import CoPurchase
from recommender.recommenders.confidence import Confidence, Thresholds
from recommender.recommenders.entry import Material
from recommender.recommenders.many import rank_all
from recommender.recommenders.ranking import Ranking, RankRequest, Recommender
from recommender.shop.items import Item


@dataclass(frozen=True)
class Others:
    """Rankings of the same candidates by each recommender, and the blend of the T5 with co-purchase.

    Attributes:
        columns: by name, the model's first, then those that the registry sets beside an answer; None where a
            recommender has no training rows to go by, and `reasons` then has the reason by the same name.
        blend: p ~ p(t5) ^ (1 - weight) * p(item-knn) ^ weight; the T5 alone where there is no co-purchase.
        weight: of co-purchase in `blend`, 0 to 1. `default_weight` is the one tuned on validation rows where `tuned`,
            else a constant.
        blind: ids of the candidates that no training row holds; co-purchase knows nothing of them.
        popularity_only: whether nothing in the basket was ever bought with a candidate, so that item-knn ranks by
            popularity alone.
        parts: of a shop's own model, whose blend is learned, the shares of its parts in this answer; None elsewhere.
        confidence: how much the columns know, as far as that is known: of the model by its calibration. Of the others
            nobody has measured what their figures are worth; but one that says what it would say of a customer of whom
            nothing is known is guessing.
    """

    columns: Mapping[str, Ranking | None]
    blend: Ranking
    weight: float
    default_weight: float
    blind: frozenset[str]
    tuned: bool = False
    reasons: Mapping[str, Message] = field(default_factory=dict)
    popularity_only: bool = False
    parts: Mapping[str, float] | None = None
    confidence: Mapping[str, Confidence] = field(default_factory=dict)

    @property
    def mixes(self) -> bool:
        """Whether a weight says how much co-purchase counts in the blend."""
        return self.parts is None and self.columns.get(BLENDED) is not None

    def to_json(self, top: int | None = None) -> dict[str, object]:
        """`{"others", "blend", "blind", "popularity_only", "reasons"}`, the best `top` of each ranking or all of it.

        A ranking is a list of `{"id", "score"}`; scores are probabilities. `weight_from` is `asked`, `validation`
        (tuned), or `default` (a constant). A blend that is learned has `parts` in their place.
        """
        if self.parts is not None:
            return {
                "others": {name: _rows(ranking, top) for name, ranking in self.columns.items()},
                "blend": {"weight": None, "parts": dict(self.parts), "ranking": _rows(self.blend, top)},
                "blind": sorted(self.blind),
                "popularity_only": False,
                "reasons": {},
            }
        default = "validation" if self.tuned else "default"
        return {
            "others": {name: _rows(ranking, top) for name, ranking in self.columns.items()},
            "blend": {
                "weight": self.weight,
                "weight_from": default if self.weight == self.default_weight else "asked",
                "default_weight": self.default_weight,
                "ranking": _rows(self.blend, top),
            },
            "blind": sorted(self.blind),
            "popularity_only": self.popularity_only,
            "reasons": {name: reason.to_json() for name, reason in self.reasons.items()},
        }


@dataclass(frozen=True)
class Fitted:
    """The recommenders that need training rows, by name; without any, why there are none."""

    recommenders: Mapping[str, Recommender] = field(default_factory=dict)
    reason: Message | None = None

    @property
    def co_purchase(self) -> CoPurchase | None:
        """What the blend and the questions of who bought what are about."""
        found = self.recommenders.get(BLENDED)
        return found if isinstance(found, CoPurchase) else None


def beside(
    recommender: Recommender | Ranking,
    fitted: Fitted,
    basket: Sequence[Item],
    candidates: Sequence[Item],
    language: str = "en",
    *,
    weight: float | None = None,
    default_weight: float = 0.5,
    tuned: bool = False,
    viewed: Sequence[Item] = (),
    cart: Sequence[Item] = (),
    thresholds: Thresholds = confidence.DEFAULT,
) -> Others:
    """The others' rankings beside the T5's, which may be given as it is; `weight` None is the default one.

    What was `viewed` and what lies in the `cart` is told to the T5 alone: the others go by purchases.

    Raises:
        RequestError: if there is no candidate, or the weight is out of range.
    """
    used = default_weight if weight is None else check_share("weight", weight)
    asked = [RankRequest(basket, candidates, language, viewed=viewed, cart=cart)]
    own = recommender if isinstance(recommender, Ranking) else rank_all(recommender, asked)[0]
    knn = fitted.co_purchase
    columns: dict[str, Ranking | None] = {MODEL: own}
    sure: dict[str, Confidence] = {MODEL: confidence.of(own, thresholds)}
    for name, entry in registry.beside_an_answer().items():
        other = fitted.recommenders.get(name) if entry.needs == "rows" else entry.make(Material())
        columns[name] = ranking = other.rank(basket, candidates, language) if other else None
        if other and ranking and _same(ranking, other.rank((), candidates, language)):
            sure[name] = "guess"
    together = columns[BLENDED]
    counts = knn.popularity.counts if knn else {}
    missing = {name: fitted.reason for name, column in columns.items() if column is None and fitted.reason}
    return Others(
        columns=columns,
        blend=mix([own, together], (1 - used, used)) if together else own,
        weight=used,
        default_weight=default_weight,
        blind=frozenset(item.id for item in candidates if item.id not in counts),
        tuned=tuned,
        reasons=missing,
        confidence=sure,
        popularity_only=bool(knn and not any(knn.similarity(one.id, two.id) for one in basket for two in candidates)),
    )


class Blended(Protocol):
    """A shop's own model: it ranks as its parts do together, and can tell what each says."""

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """The blend's ranking, with its parts."""
        ...

    def each(self, request: RankRequest) -> Mapping[str, Ranking]:
        """The ranking of each part by name, the model's under `MODEL` first."""
        ...

    def never_sold(self, items: Sequence[Item]) -> frozenset[str]:
        """The ids of those that no purchase was of."""
        ...


def within(shop: Blended, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Others:
    """The parts of a shop's own model beside each other, and its blend.

    Raises:
        RequestError: if there is no candidate.
    """
    blend = shop.rank(basket, candidates, language)
    return Others(
        columns=shop.each(RankRequest(basket, candidates, language)),
        blend=blend,
        weight=0.0,
        default_weight=0.0,
        blind=shop.never_sold(candidates),
        parts=dict(blend.parts),
    )


def _same(one: Ranking, other: Ranking) -> bool:
    """Whether two rankings of the same candidates give each the same probability."""
    chances = {row.item.id: row.probability for row in other}
    return all(math.isclose(row.probability, chances[row.item.id], rel_tol=1e-9) for row in one)


def _rows(ranking: Ranking | None, top: int | None) -> list[dict[str, object]]:
    return [{"id": row.item.id, "score": row.probability} for row in (ranking.scored[:top] if ranking else ())]
