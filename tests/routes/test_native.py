"""The route with an Arabic prompt."""

from __future__ import annotations

import pytest

from recommender.errors import RequestError
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.matching import Match
from tests.routes.models import FakeModel, WithoutArabic, keys, take


def test_native_gives_the_model_the_arabic_prompt(basket: list[Item], sports: Catalogue) -> None:
    routed = take("native", basket, sports, FakeModel())
    assert routed.prompt.startswith("عناصر تم شراؤها: {قميص كرة القدم, ")
    assert routed.ranking is not None and routed.raw is not None
    assert routed.raw.text == routed.ranking.best.item.ar
    assert routed.match == Match(routed.ranking.best.item, "candidate", "exact")
    assert [(hop.from_, hop.to, hop.source) for hop in routed.hops] == [("ar", "ar", "model")]


def test_native_is_refused_by_the_tokenizer_whatever_the_model_says_of_itself(
    basket: list[Item], sports: Catalogue
) -> None:
    model = WithoutArabic(reads_arabic=True)
    with pytest.raises(RequestError) as caught:
        take("native", basket, sports, model)
    assert caught.value.key == "native_no_vocabulary"
    assert "<unk>" in caught.value.sentence("en") and "<unk>" in caught.value.sentence("ar")
    assert model.prompts == []


def test_native_is_refused_where_the_model_was_not_trained_for_it(basket: list[Item], sports: Catalogue) -> None:
    with pytest.raises(RequestError) as caught:
        take("native", basket, sports, FakeModel(reads_arabic=False))
    assert caught.value.key == "native_not_trained"


def test_single_unknown_words_are_shown_on_the_models_hop(basket: list[Item], sports: Catalogue) -> None:
    class AlmostArabic(FakeModel):
        def tokens(self, text: str) -> list[str]:
            return ["<unk>" if "بيسبول" in word else f"▁{word}" for word in text.split()]

    assert keys(take("native", basket, sports, AlmostArabic()), 0) == ["unknown_words"]
