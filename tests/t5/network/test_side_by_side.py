"""Padded prompts that attend together: what they come to alone, but for rounding."""

import pytest
import torch

from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest
from recommender.shop.items import Item
from recommender.t5 import T5Recommender
from recommender.t5.network import forward as forward_module
from recommender.t5.network.forward import Forward
from recommender.t5.network.side_by_side import BUCKET, SideBySide, in_buckets
from recommender.t5.network.states import EncodedPrompt

LENGTHS = (3, 70, 8, BUCKET, 129, 9)
PROMPTS = [[*(5 + (place * 7 + length) % 300 for place in range(length - 1)), 1] for length in LENGTHS]
NAMES = [(5, 6, 8, 1), (7, 1), (5, 9, 1)]


@pytest.fixture
def lone(member: T5Recommender) -> Forward:
    network = member._engine.network
    assert isinstance(network, Forward)
    return network


def side_by_side(lone: Forward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lone, "_together", True)


def test_prompts_are_encoded_as_alone(lone: Forward, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = [lone.encode([prompt])[0] for prompt in PROMPTS]
    side_by_side(lone, monkeypatch)
    for prompt, one, other in zip(PROMPTS, lone.encode(PROMPTS), alone, strict=True):
        torch.testing.assert_close(
            one.memory[..., : len(prompt), :], other.memory[..., : len(prompt), :], rtol=1e-4, atol=1e-4
        )
        assert one.memory.shape[-2] % BUCKET == 0


def test_rows_are_decoded_as_alone_and_go_on_as_alone(lone: Forward, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = lone.prepare_tree(NAMES)
    rows = [0, 1, 1, 2, 3, 4, 5]  # two rows about one prompt
    alone = [lone.encode([PROMPTS[row]]) for row in rows]
    decoded = [lone.decode_tree(one, prepared) for one in alone]
    caches = [lone.cache_from_tree(one, qkv, [(0, [0])], 2) for one, (_, qkv) in zip(alone, decoded, strict=True)]
    side_by_side(lone, monkeypatch)
    encoded = lone.encode(PROMPTS)
    prompts = [encoded[row] for row in rows]
    logits, qkv = lone.decode_tree(prompts, prepared)
    torch.testing.assert_close(logits, torch.cat([found for found, _ in decoded]), rtol=1e-4, atol=1e-4)
    lines = [(row, [0]) for row in range(len(rows))]
    together = lone.cache_from_tree(prompts, qkv, lines, 2)
    assert isinstance(together.prompts, SideBySide) and len(together.prompts) == len(rows)
    assert together.prompts[1].memory is prompts[1].memory
    for token in (9, 4):
        found = lone.step([token] * len(rows), together)
        torch.testing.assert_close(found, torch.cat([lone.step([token], one) for one in caches]), rtol=1e-4, atol=1e-4)


def test_many_baskets_have_the_rankings_and_texts_that_they_have_alone(
    member: T5Recommender, lone: Forward, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [
        RankRequest(items[:number], items[number:], language) for number in (1, 2, 4) for language in ("en", "ar")
    ]
    options = GenerationOptions(max_new_tokens=5)
    alone = [member.answer_many([request], options)[0] for request in requests]
    side_by_side(lone, monkeypatch)
    jobs = [member._job(request, options)[1] for request in requests]
    with torch.inference_mode():
        places, prepared = member._engine._tree_cache.find(name for job in jobs for name in job.names)
        together = member._engine._compute(jobs, places, prepared)
    for request, result, (ranking, raw) in zip(requests, together, alone, strict=True):
        found = Ranking.from_scores(request.candidates, result.scores)
        for item in request.candidates:
            chances = [next(row.probability for row in one.scored if row.item == item) for one in (found, ranking)]
            assert chances[0] == pytest.approx(chances[1], abs=1e-4)
        assert member._raw(result).text == raw.text


def test_a_processor_attends_to_each_prompt_alone(lone: Forward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lone, "_together", False)

    def never(*_: object) -> None:
        raise AssertionError("padded on a processor")

    monkeypatch.setattr(forward_module, "in_buckets", never)
    monkeypatch.setattr(forward_module, "SideBySide", type("Never", (), {"__init__": never}))
    prompts = lone.encode(PROMPTS[:3])
    assert [prompt.memory.shape[-2] for prompt in prompts] == [8, 72, 8]
    lone.decode_tree(prompts, lone.prepare_tree(NAMES))


def test_buckets_hold_prompts_of_like_length(lone: Forward) -> None:
    row = in_buckets(PROMPTS, 0, lone.encoder_positions, torch.zeros(0))
    assert [(bucket.numbers, bucket.length) for bucket in row.buckets] == [([0, 2, 3, 5], 64), ([1], 128), ([4], 192)]
    assert row.lengths == [256, 128, 192] and len(row.tokens) == 576


def test_prompts_without_a_mask_attend_beside_those_with_one() -> None:
    memory = torch.ones(1, 2, 3, 8, 8)
    hidden = torch.zeros(1, 1, 8)
    hidden[..., 5:] = -torch.inf
    both = SideBySide([EncodedPrompt(memory, None), EncodedPrompt(memory, hidden)])
    assert both.mask.isinf().sum((1, 2)).tolist() == [0, 0, 0, 3, 3, 3]
