"""An answer with all that explains it, and the JSON that programs get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from recommender.instruments.neighbours.computing import Neighbours
from recommender.instruments.orders.computing import Orders
from recommender.instruments.others.computing import Others
from recommender.instruments.reasons.computing import LeaveOneOut
from recommender.service.answer import Answer
from recommender.service.request import Request
from recommender.shop.catalogue import Item


@dataclass(frozen=True)
class Explanation:
    """One answer and why it is what it is.

    Attributes:
        request: what was asked. `answer` has the route that is explained: `catalogue` for those by a machine.
        items: the basket, then the candidates, named as the model was asked.
        orders: of the candidates; `purchase_orders` of the basket.
        milliseconds: of each instrument, and `total`.
    """

    request: Request
    answer: Answer
    items: tuple[Item, ...]
    leave_one_out: LeaveOneOut
    orders: Orders
    purchase_orders: Orders
    neighbours: Neighbours
    others: Others
    milliseconds: Mapping[str, float]

    def to_json(self, top: int | None = None) -> dict[str, object]:
        """The document of `explain --json`, with the best `top` candidates of each list or all of them.

        Items are ids, whose names are under `items`; scores are probabilities.
        """
        why, near, answer = self.leave_one_out.to_json(), self.neighbours, self.answer
        best, probability = self.leave_one_out.recommendation, self.leave_one_out.probability
        beside = self.others.to_json(top)
        reasons = {**self.others.reasons, **({"neighbours": near.reason} if near.reason else {})}
        return {
            "recommendation": {"id": best.id, **best.by_language(), "probability": probability},
            "leave_one_out": why["influences"],
            "against": why["against"],
            "shuffles": self.orders.to_json(top),
            "purchase_shuffles": self.purchase_orders.to_json(top),
            "neighbours": [neighbour.to_json() for neighbour in near.found],
            "seen_in_training": None if near.reason else near.seen,
            **beside,
            "reasons": {name: reason.to_json() for name, reason in reasons.items()},
            "basket": [item.id for item in answer.basket],
            "items": {item.id: item.by_language() for item in self.items},
            "language": answer.language,
            "route": {"asked": self.request.asked, "explained": answer.used},
            "model": answer.model,
            "device": answer.device,
            "dtype": answer.dtype,
            "milliseconds": {name: round(spent, 3) for name, spent in self.milliseconds.items()},
        }
