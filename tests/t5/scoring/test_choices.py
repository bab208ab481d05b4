"""What stood to choice: equal to the stock model's distribution, and to what the names allow."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import T5ForConditionalGeneration

from recommender.errors import RequestError
from recommender.recommenders.ranking import GenerationOptions, RankRequest
from recommender.recommenders.spelling import Spelling, Step
from recommender.shop.items import Item
from recommender.t5 import T5Recommender
from recommender.t5.batching import Job
from recommender.t5.scoring.choices import Choices, choices

LIMIT = 6
END = 1
Stock = Callable[[Path], T5ForConditionalGeneration]


def asked(items: list[Item], **options: float) -> RankRequest:
    return RankRequest(items[:2], items[2:], "en", GenerationOptions(max_new_tokens=LIMIT, **options))  # type: ignore[arg-type]


def source(recommender: T5Recommender, request: RankRequest) -> torch.Tensor:
    text = recommender.prompt_for(request.basket, request.candidates)
    return torch.tensor([recommender._tokenizer.encode(text)])


def tokens_of(spelling: Spelling) -> list[int]:
    return [step.chosen.token for step in spelling.steps]


def told(step: Step) -> list[tuple[int, float]]:
    return [(choice.token, choice.probability) for choice in step.best]


def test_the_likeliest_tokens_of_each_place_are_the_stock_models(
    member: T5Recommender, stock: Stock, items: list[Item]
) -> None:
    request = asked(items)
    spelling = member.spell(request, count=4)
    ids = tokens_of(spelling)
    with torch.no_grad():
        logits = stock(member.folder)(
            input_ids=source(member, request), decoder_input_ids=torch.tensor([[0, *ids[:-1]]])
        ).logits[0]
    best = logits.softmax(-1).topk(4)
    assert len(ids) == LIMIT
    for step, tokens, chances in zip(spelling.steps, best.indices.tolist(), best.values.tolist(), strict=True):
        assert [token for token, _ in told(step)] == tokens
        assert [chance for _, chance in told(step)] == pytest.approx(chances, abs=1e-4)


@pytest.mark.parametrize("place", [0, 1, 3])
def test_from_a_forced_beginning_the_text_goes_on_as_the_stock_one(
    member: T5Recommender, stock: Stock, items: list[Item], place: int
) -> None:
    request = asked(items)
    own = member.spell(request)
    forced = [*tokens_of(own)[:place], own.steps[place].best[2].token]
    spelling = member.spell(request, forced)
    ids = torch.tensor([[0, *forced]])
    inputs = source(member, request)
    expected = (
        stock(member.folder)
        .generate(  # type: ignore[misc]
            input_ids=inputs,
            attention_mask=torch.ones_like(inputs),
            decoder_input_ids=ids,
            max_new_tokens=LIMIT - len(forced),
            do_sample=False,
        )[0, 1:]
        .tolist()
    )
    assert tokens_of(spelling) == expected
    assert spelling.steps[place].chosen.probability == pytest.approx(own.steps[place].best[2].probability, abs=1e-4)


def test_a_forced_beginning_may_follow_the_tree_or_leave_it_alone_or_in_a_batch(
    member: T5Recommender, items: list[Item]
) -> None:
    """A name's beginning is read off the tree, anything else is computed step by step."""
    names = tuple(tuple(member._tokenizer.encode(item.en)) for item in items[2:])
    prompt = tuple(source(member, asked(items))[0].tolist())
    begun = [names[1][:length] for length in range(len(names[1]))] + [(7, 9), (*names[0][:1], 7)]
    jobs = [Job(prompt, names, GenerationOptions(max_new_tokens=LIMIT), forced, 3) for forced in begun]
    together = member._engine.run(jobs)
    for job, result in zip(jobs, together, strict=True):
        (alone,) = member._engine.run([replace(job, names=())])
        assert result.tokens == alone.tokens and tuple(result.tokens[: len(job.forced)]) == job.forced[:LIMIT]
        assert result.probabilities == pytest.approx(alone.probabilities, abs=1e-5)
        assert [one.n_allowed for one in alone.choices] == [0] * len(alone.tokens)


def test_a_forced_end_is_the_end(recommender: T5Recommender, items: list[Item]) -> None:
    spelling = recommender.spell(asked(items), [recommender._tokenizer.encode("Ball")[0], END])
    assert len(spelling.steps) == 2 and spelling.steps[-1].chosen.ends and not spelling.raw.cut
    assert spelling.steps[-1].chosen.text == ""


def test_what_is_forced_does_not_go_past_the_limit(recommender: T5Recommender, items: list[Item]) -> None:
    assert tokens_of(recommender.spell(asked(items), [5] * 20)) == [5] * LIMIT


def test_what_the_names_allow_is_all_of_it_and_nothing_else(recommender: T5Recommender, items: list[Item]) -> None:
    name = recommender._tokenizer.encode(items[3].en)
    names = [recommender._tokenizer.encode(item.en) for item in items[2:]]
    request = replace(asked(items), options=GenerationOptions(max_new_tokens=len(name)))
    spelling = recommender.spell(request, name, count=50)
    for place, step in enumerate(spelling.steps):
        expected = {ids[place] for ids in names if ids[:place] == name[:place] and len(ids) > place}
        assert {choice.token for choice in step.allowed} == expected and step.n_allowed == len(expected)
        assert step.allowed_share == pytest.approx(math.fsum(choice.probability for choice in step.allowed))
        assert all(choice.allowed == (choice.token in expected) for choice in (*step.best, step.chosen))
    assert spelling.steps[-1].chosen.ends


def test_the_ranking_is_made_of_what_the_names_allow(recommender: T5Recommender, items: list[Item]) -> None:
    for item in items[2:]:
        name = recommender._tokenizer.encode(item.en)
        request = replace(asked(items), options=GenerationOptions(max_new_tokens=len(name)))
        chances = [step.chosen.probability for step in recommender.spell(request, name).steps]
        (score,) = recommender.score_names(recommender.prompt_for(items[:2], items[2:]), [item.en])
        assert math.fsum(map(math.log, chances)) == pytest.approx(score, abs=1e-4)


def test_it_is_the_answers_own_text_and_the_pieces_are_its(member: T5Recommender, items: list[Item]) -> None:
    for options in ({}, {"temperature": 2.0, "seed": 3}):
        request = asked(items, **options)
        spelling = member.spell(request)
        assert spelling.raw == member.answer_many([request])[0][1]
        assert [step.chosen.probability for step in spelling.steps][: len(spelling.raw.tokens)] == [
            token.probability for token in spelling.raw.tokens
        ]


def test_a_request_without_options_is_written_greedily(recommender: T5Recommender, items: list[Item]) -> None:
    request = RankRequest(items[:2], items[2:])
    assert recommender.spell(request).raw == recommender.answer(items[:2], items[2:])[1]


@pytest.mark.parametrize("token", [-1, 10**6])
def test_what_is_no_token_is_refused(recommender: T5Recommender, items: list[Item], token: int) -> None:
    with pytest.raises(RequestError) as caught:
        recommender.spell(asked(items), [token])
    assert caught.value.key == "option_out_of_range"


def test_equals_stand_by_their_number_and_a_text_that_left_the_names_is_allowed_nothing() -> None:
    even, odd = torch.zeros(4), torch.tensor([0.0, 1.0, 0.0, 0.0]).log()
    first, second = choices([2, 0], [even, odd], [(3, END), (2, 3, END)], 3)
    assert first.allowed == ((2, 0.25), (3, 0.25)) and first.n_allowed == 2 and first.allowed_share == 0.5
    assert first.leading == {2, 3} and len(first.best) == 3
    assert second == Choices(((1, 1.0), *second.best[1:]), ((3, 0.0),), 1, 0.0, frozenset({3}))
    assert [one.n_allowed for one in choices([0, 0], [even, even], [(3, END)], 2)] == [1, 0]
