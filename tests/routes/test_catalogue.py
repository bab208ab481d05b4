"""The route by the reviewed table."""

from __future__ import annotations

import time

import pytest

from recommender import prompt
from recommender.routes import ask_model, registry
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.routes.models import FakeModel, take


def test_catalogue_gives_the_model_the_english_prompt_and_the_reader_the_arabic_name(
    basket: list[Item], sports: Catalogue
) -> None:
    model = FakeModel()
    english, arabic = take("direct", basket, sports, model), take("catalogue", basket, sports, model)
    assert model.prompts[0] == model.prompts[1]
    assert arabic.ranking == english.ranking
    assert (arabic.language, arabic.used) == ("ar", "catalogue")
    there, written, back = arabic.hops
    assert [hop.source for hop in arabic.hops] == ["table", "model", "table"]
    assert there.input.split("\n")[:3] == [item.ar for item in basket]
    assert there.output.split("\n")[:3] == [item.en for item in basket]
    assert len(there.input.split("\n")) == len(sports)
    assert written.input == english.prompt
    assert arabic.recommendation is not None
    assert (back.input, back.output) == (arabic.recommendation.en, arabic.recommendation.ar)


@pytest.mark.parametrize("name", ["sports", "wide"])
def test_catalogue_costs_no_more_than_writing_the_prompt_some_times(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # In the processor's time, the best of some, beside a yardstick: neither another machine nor a busy one matters.
    for module in (registry, ask_model):
        monkeypatch.setattr(module, "perf_counter", time.thread_time)
    catalogue = Catalogue.load(name)
    basket, rest = list(catalogue.items[:3]), catalogue.items[3:]

    def yardstick() -> float:
        begun = time.thread_time()
        for _ in range(10):
            prompt.build(basket, rest)
        return (time.thread_time() - begun) * 1000

    spent = min(take("catalogue", basket, catalogue, FakeModel()).translate_ms for _ in range(20))
    # 0.06 ms for the 35 items of `sports`, ten times what the prompt takes.
    assert spent < 6 * min(yardstick() for _ in range(20))
