"""The route for English."""

from __future__ import annotations

from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.matching import Match
from tests.routes.models import FakeModel, take


def test_direct_is_one_hop_in_english(basket: list[Item], sports: Catalogue) -> None:
    routed = take("direct", basket, sports, FakeModel())
    assert (routed.language, routed.asked, routed.used, routed.reason) == ("en", "direct", "direct", None)
    (hop,) = routed.hops
    assert (hop.from_, hop.to, hop.source, hop.input, hop.problems) == ("en", "en", "model", routed.prompt, ())
    assert routed.ranking is not None and routed.raw is not None
    assert routed.recommendation is routed.ranking.best.item
    assert routed.match == Match(routed.recommendation, "candidate", "exact")
    assert not routed.simulated
