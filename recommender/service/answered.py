"""From what a route yields to the answer."""

from __future__ import annotations

from collections.abc import Mapping

from recommender.recommenders import confidence
from recommender.recommenders.ranking import RankRequest
from recommender.routes import Routed
from recommender.service.answer import Answer
from recommender.service.resolved import ResolvedRequest


def answered(case: ResolvedRequest, routed: Routed, milliseconds: Mapping[str, float]) -> Answer:
    """The answer that a route has come to."""
    asked = RankRequest(case.basket, case.candidates, case.request.language, viewed=case.viewed, cart=case.cart)
    probability = None
    if routed.ranking is not None and routed.recommendation is not None:
        probability = routed.ranking.best.probability
    return Answer(
        basket=case.basket,
        recommendation=routed.recommendation,
        probability=probability,
        ranking=routed.ranking,
        raw=routed.raw,
        match=routed.match,
        prompt=routed.prompt,
        language=case.request.language,
        asked=routed.asked,
        used=routed.used,
        reason=routed.reason,
        hops=routed.hops,
        model=case.model.name,
        device=case.model.device,
        dtype=case.model.dtype,
        milliseconds=milliseconds,
        considered=case.considered,
        confidence=confidence.judged(case.model, asked, routed.ranking) if routed.ranking else None,
        simulated=routed.simulated,
    )
