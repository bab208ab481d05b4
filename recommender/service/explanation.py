"""An answer with all that explains it, and the JSON that programs get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recommender.instruments import registry
from recommender.service.answer import Answer
from recommender.service.request import Request
from recommender.shop.items import Item


@dataclass(frozen=True)
class Explanation:
    """One answer and why it is what it is.

    Attributes:
        request: what was asked. `answer` has the route that is explained: `catalogue` for those by a machine.
        items: the basket, then the candidates, named as the model was asked.
        found: what each instrument has found, by the names of its `work`; also to be had as `explanation[name]`.
        milliseconds: of each of them, and `total`.
    """

    request: Request
    answer: Answer
    items: tuple[Item, ...]
    found: Mapping[str, Any]
    milliseconds: Mapping[str, float]

    def __getitem__(self, name: str) -> Any:
        return self.found[name]

    @property
    def best(self) -> Item:
        """What is recommended, named as the model was asked."""
        best = self.answer.recommendation
        assert best is not None
        return next(item for item in self.items if item.id == best.id)

    def to_json(self, top: int | None = None) -> dict[str, object]:
        """The document of `explain --json`, with the best `top` candidates of each list or all of them.

        Items are ids, whose names are under `items`; scores are probabilities.
        """
        best, answer = self.best, self.answer
        parts: dict[str, object] = {}
        reasons: dict[str, object] = {}
        for _, part in registry.explained():
            document = part.to_json(self.found, top)
            reasons = {**document.pop("reasons", {}), **reasons}
            parts |= document
        return {
            "recommendation": {"id": best.id, **best.by_language(), "probability": answer.probability},
            **parts,
            "reasons": reasons,
            "basket": [item.id for item in answer.basket],
            "items": {item.id: item.by_language() for item in self.items},
            "language": answer.language,
            "route": {"asked": self.request.asked, "explained": answer.used},
            "considered": answer.considered.to_json(),
            "model": answer.model,
            "device": answer.device,
            "dtype": answer.dtype,
            "milliseconds": {name: round(spent, 3) for name, spent in self.milliseconds.items()},
        }
