"""Items without a name in the language that the model is asked in, or the answer is given in."""

from __future__ import annotations

import pytest

from recommender.shop.catalogue import Catalogue
from tests.routes.models import Dictionary, FakeModel, WithoutArabic, take


@pytest.mark.parametrize("route", ["direct", "catalogue", "google"])
def test_a_typed_item_is_named_by_the_machine(sports: Catalogue, route: str) -> None:
    catalogue = sports.with_items(["طائرة ورقية"])
    basket = [item for item in catalogue if item.id != "basketball"]
    words = {item.ar: item.en for item in sports} | {"طائرة ورقية": "Kite"}
    routed = take(route, basket, catalogue, FakeModel(), Dictionary(**words))
    assert "Kite" in routed.prompt and "ورقية" not in routed.prompt
    assert any(hop.output == "Kite" and hop.source == "machine" for hop in routed.hops)


@pytest.mark.parametrize("route", ["direct", "catalogue"])
def test_a_typed_item_stands_as_typed_without_a_translator(sports: Catalogue, route: str) -> None:
    catalogue = sports.with_items(["طائرة ورقية"])
    routed = take(route, [catalogue.items[-1]], catalogue, WithoutArabic())
    assert "{طائرة ورقية}" in routed.prompt
    found = [problem.key for hop in routed.hops for problem in hop.problems]
    assert found == ["as_typed", "unknown_words"]


def test_a_recommended_item_without_an_arabic_name_gets_the_machines(sports: Catalogue) -> None:
    catalogue = sports.with_items(["Kite"])
    routed = take("catalogue", list(sports), catalogue, FakeModel(), Dictionary(Kite="طائرة ورقية"))
    assert routed.recommendation is not None and routed.ranking is not None
    assert (routed.recommendation.id, routed.recommendation.ar) == ("kite", "طائرة ورقية")
    assert routed.ranking.best.item == routed.recommendation
    assert (routed.hops[-1].source, routed.hops[-1].output) == ("machine", "طائرة ورقية")
    assert take("catalogue", list(sports), catalogue, FakeModel()).hops[-1].problems[0].key == "as_typed"
