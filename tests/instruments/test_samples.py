"""What is written when the model is left free."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from recommender.errors import RequestError
from recommender.instruments.samples import MOST
from recommender.instruments.samples.computing import samples
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput
from recommender.shop.items import Item
from recommender.t5 import T5Recommender
from tests.fake_model import FakeModel
from tests.instruments.asking import catalogue_of

A, X, Y = catalogue_of("axy")


@dataclass
class Parrot:
    """Writes the texts it is given, in turn."""

    texts: Sequence[str]
    asked: list[Sequence[RankRequest]] = field(default_factory=list)

    def answer_many(self, requests: Sequence[RankRequest]) -> list[tuple[Ranking, RawOutput]]:
        self.asked.append(requests)
        ranking = Ranking.from_scores([X, Y], [0.0, 0.0])
        return [(ranking, RawOutput(self.texts[number % len(self.texts)])) for number in range(len(requests))]


def test_each_attempt_knows_what_was_viewed_and_what_lies_in_the_cart() -> None:
    asked: list[RankRequest] = []

    class Heard(FakeModel):
        def answer_many(self, requests: Any, options: Any = None) -> Any:
            asked.extend(requests)
            return super().answer_many(requests)

    one, two, three = (Item(name, name.title()) for name in ("cup", "pot", "tray"))
    samples(Heard(), [one], [two, three], n=2, viewed=[two], cart=[three])
    assert [(list(request.viewed), list(request.cart)) for request in asked] == [([two], [three])] * 2


def test_texts_are_counted_and_said_what_they_are() -> None:
    found = samples(Parrot(["X", "X", "A", "Bicycle", ""]), [A], [X, Y], n=10)
    assert found.texts[0] == ("X", 4, "candidate", "exact")
    assert {text: (count, status) for text, count, status, _ in found.texts[1:]} == {
        "A": (2, "owned"),
        "Bicycle": (2, "unknown"),
        "": (2, "unknown"),
    }
    assert (found.off_list, found.owned) == pytest.approx((0.4, 0.2))


def test_each_attempt_has_a_seed_of_its_own_and_all_are_one_batch() -> None:
    parrot = Parrot(["X"])
    samples(parrot, [A], [X, Y], n=7, options=GenerationOptions(temperature=2.0, seed=2**63 - 2, top_k=5))
    ((*batch,),) = parrot.asked
    assert len({one.options.seed for one in batch}) == 7
    assert {(one.options.temperature, one.options.top_k) for one in batch} == {(2.0, 5)}


def test_the_number_of_attempts_has_a_limit() -> None:
    for n in (0, MOST + 1, None):
        with pytest.raises(RequestError) as caught:
            samples(Parrot(["X"]), [A], [X, Y], n=n)  # type: ignore[arg-type]
        assert caught.value.key == "option_out_of_range"


def test_the_same_seed_gives_the_same_texts_and_another_one_others(model: T5Recommender, items: list[Item]) -> None:
    basket, candidates = items[:2], items[2:]
    hot = GenerationOptions(temperature=2.0, max_new_tokens=6)
    found = samples(model, basket, candidates, n=12, options=hot)
    assert found.n == 12 and sum(count for _, count, _, _ in found.texts) == 12 and len(found.texts) > 1
    assert found == samples(model, basket, candidates, n=12, options=hot)
    other = GenerationOptions(temperature=2.0, max_new_tokens=6, seed=1000)
    assert found.texts != samples(model, basket, candidates, n=12, options=other).texts


def test_many_texts_equal_those_written_one_by_one(model: T5Recommender, items: list[Item]) -> None:
    basket, candidates = items[:2], items[2:]
    hot = GenerationOptions(temperature=1.5, max_new_tokens=5)
    found = samples(model, basket, candidates, n=6, options=hot)
    alone = [
        model.answer(basket, candidates, "en", GenerationOptions(temperature=1.5, max_new_tokens=5, seed=seed))[1].text
        for seed in range(6)
    ]
    assert sorted(alone) == sorted(text for text, count, _, _ in found.texts for _ in range(count))


def test_at_temperature_zero_all_texts_are_one(model: T5Recommender, items: list[Item]) -> None:
    found = samples(model, items[:2], items[2:], n=5, options=GenerationOptions(max_new_tokens=4))
    assert [count for _, count, _, _ in found.texts] == [5]


def test_the_json_says_what_each_text_is() -> None:
    document: dict[str, Any] = samples(Parrot(["X", "Bicycle"]), [A], [X, Y], n=4).to_json()
    assert document["texts"][0] == {"text": "X", "count": 2, "status": "candidate", "how": "exact"}
    assert json.loads(json.dumps(document)) == document
