"""Many texts for one prompt: options by request, and one encoding for all of them."""

import pytest

from recommender.recommenders.ranking import GenerationOptions, RankRequest
from recommender.shop.items import Item
from recommender.t5 import T5Recommender
from recommender.t5.batching import Job, batches
from recommender.t5.engine import Engine

HOT = [GenerationOptions(temperature=2.0, seed=seed, max_new_tokens=6) for seed in range(8)]


def test_a_requests_own_options_stand_before_those_of_the_batch(member: T5Recommender, items: list[Item]) -> None:
    requests = [RankRequest(items[:2], items[2:], "en", one) for one in HOT]
    together = member.answer_many([*requests, RankRequest(items[:2], items[2:])])
    alone = [member.answer(items[:2], items[2:], "en", one)[1].text for one in HOT]
    assert [raw.text for _, raw in together] == [*alone, member.answer(items[:2], items[2:])[1].text]
    assert len(set(alone)) > 1


def test_texts_for_one_prompt_share_its_encoding(
    recommender: T5Recommender, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    forward = recommender._engine.network
    engine = Engine(forward, threads=1, workers=2, kept_answers=0)
    encoded: list[int] = []
    encode = forward.encode
    monkeypatch.setattr(forward, "encode", lambda prompts: encoded.append(len(prompts)) or encode(prompts))
    jobs = [recommender._job(RankRequest(items[:2], items[2:]), one)[1] for one in HOT]
    results = engine.run(jobs)
    assert encoded in ([1, 1], [1])
    assert [list(result.tokens) for result in results] == [list(engine.run([job])[0].tokens) for job in jobs]


def test_a_shared_prompt_counts_once_among_the_tokens_of_a_batch() -> None:
    jobs = [Job((5,) * 30, ((2, 1),), one) for one in HOT]
    assert list(batches(jobs, 10, most_tokens=40)) == [list(range(8))]
    assert [len(batch) for batch in batches(jobs, 10, most_tokens=40, most_rows=5)] == [5, 3]
