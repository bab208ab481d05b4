"""What a request comes to, and the JSON that programs get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from recommender.messages import Message
from recommender.recommenders.confidence import Confidence
from recommender.recommenders.ranking import Ranking, RawOutput
from recommender.routes import Hop
from recommender.service.candidates import Considered
from recommender.shop.items import Item
from recommender.shop.matching import Match


@dataclass(frozen=True)
class Answer:
    """One answer, whole.

    Attributes:
        basket: what was bought, in order of purchase.
        recommendation: None only on `google-article`, whose path may end in nothing.
        probability: of the recommendation among the candidates; None on `google-article`.
        ranking: None on `google-article`, which only writes.
        raw: what the model wrote, and `match` what that is; None where the path broke off before.
        confidence: how much the ranking knows; None where there is no ranking.
        considered: what was ranked, of how many on offer; probabilities are among those.
        milliseconds: `encode`, `rank`, `generate`, `translate` and `total`; in a batch its even share.
        simulated: whether a translation on the way was made up, and must be shown as that.
    """

    basket: tuple[Item, ...]
    recommendation: Item | None
    probability: float | None
    ranking: Ranking | None
    raw: RawOutput | None
    match: Match | None
    prompt: str
    language: str
    asked: str
    used: str
    reason: Message | None
    hops: tuple[Hop, ...]
    model: str
    device: str
    dtype: str
    milliseconds: Mapping[str, float]
    considered: Considered
    confidence: Confidence | None = None
    simulated: bool = False

    @property
    def doubt(self) -> str | None:
        """The key of the sentence that says how little the answer knows; None where it is clear, or nothing ranks."""
        if self.confidence == "guess" and self.ranking is not None and len(self.ranking) == 1:
            return "confidence_only"
        learned = "_sales" if self.parts else ""
        return f"confidence_{self.confidence}{learned}" if self.confidence in ("weak", "guess") else None

    @property
    def parts(self) -> tuple[tuple[str, float], ...]:
        """Which parts of a blend speak for the best, with their shares; empty where one recommender alone ranks."""
        return self.ranking.parts if self.ranking else ()

    def to_json(self, top: int | None = None) -> dict[str, object]:
        """The document of `recommend --json`, with the best `top` candidates or all of them."""
        best = self.recommendation
        rows = self.ranking.scored[:top] if self.ranking else ()
        return {
            "recommendation": {**_names(best), "probability": self.probability} if best else None,
            "ranking": [
                {**_names(row.item), "probability": row.probability, "log_probability": row.log_probability}
                for row in rows
            ],
            "raw_output": self._raw_output(),
            "prompt": self.prompt,
            "language": self.language,
            "route": {
                "asked": self.asked,
                "used": self.used,
                "reason": self.reason.to_json() if self.reason else None,
            },
            "hops": [hop.to_json() for hop in self.hops],
            "confidence": self.confidence,
            **({"parts": [{"name": name, "share": share} for name, share in self.parts]} if self.parts else {}),
            "considered": self.considered.to_json(),
            "model": self.model,
            "device": self.device,
            "dtype": self.dtype,
            "milliseconds": {stage: round(spent, 3) for stage, spent in self.milliseconds.items()},
        }

    def _raw_output(self) -> dict[str, object] | None:
        if self.raw is None or self.match is None:
            return None
        return {
            "text": self.raw.text,
            "item": self.match.item.id if self.match.item else None,
            "status": self.match.status,
            "how": self.match.how,
            "tokens": [{"text": token.text, "probability": token.probability} for token in self.raw.tokens],
        }


def _names(item: Item) -> dict[str, str]:
    return {"id": item.id, **item.by_language()}
