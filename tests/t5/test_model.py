"""The recommender as its callers see it."""

import math
import threading
from pathlib import Path
from typing import Any

import pytest
import torch

from recommender import prompt
from recommender.errors import PromptTooLongError, RequestError
from recommender.recommenders.ranking import GenerationOptions, RankRequest
from recommender.shop.items import Item
from recommender.t5 import T5Recommender, load
from recommender.t5.batching import Job, batches
from tests.tiny import tiny_checkpoint


def requests_of(items: list[Item]) -> list[RankRequest]:
    """Baskets and candidates of every length, some shuffled, both languages."""
    requests = [RankRequest(items[:number], items[number:]) for number in range(len(items))]
    requests += [RankRequest(items[:1], items[:0:-1]), RankRequest(items[:2], items[2:], "ar")]
    return requests


def test_a_ranking_holds_every_candidate_with_probabilities_that_sum_to_one(
    member: T5Recommender, items: list[Item]
) -> None:
    ranking = member.rank(items[:2], items[2:])
    assert {row.item for row in ranking} == set(items[2:])
    assert math.fsum(row.probability for row in ranking) == pytest.approx(1.0)


def test_probabilities_are_the_names_own_renormalised(member: T5Recommender, items: list[Item]) -> None:
    text = member.prompt_for(items[:2], items[2:])
    scores = torch.tensor(member.score_names(text, [item.en for item in items[2:]])).double()
    expected = scores.log_softmax(0).tolist()
    ranking = member.rank(items[:2], items[2:])
    found = {row.item: row.log_probability for row in ranking}
    assert [found[item] for item in items[2:]] == pytest.approx(expected, abs=1e-4)


def test_the_answer_holds_the_ranking_and_the_free_text(member: T5Recommender, items: list[Item]) -> None:
    ranking, raw = member.answer(items[:2], items[2:])
    assert ranking == member.rank(items[:2], items[2:])
    assert raw.text == member.generate(member.prompt_for(items[:2], items[2:])).text


def test_many_are_answered_as_one_by_one(member: T5Recommender, items: list[Item]) -> None:
    requests = requests_of(items)
    together = member.answer_many(requests)
    for request, (ranking, raw) in zip(requests, together, strict=True):
        alone, alone_raw = member.answer(request.basket, request.candidates, request.language)
        expected = {row.item: row.log_probability for row in alone}
        assert [row.log_probability for row in ranking] == pytest.approx(
            [expected[row.item] for row in ranking], abs=1e-4
        )
        assert raw.text == alone_raw.text
    ranked = member.rank_many(requests)
    assert [ranking.best.item for ranking in ranked] == [ranking.best.item for ranking, _ in together]


def test_the_requests_of_that_test_do_share_batches(member: T5Recommender, items: list[Item]) -> None:
    jobs = [member._job(request, None)[1] for request in requests_of(items)]
    lengths = [{len(jobs[number].prompt) for number in batch} for batch in batches(jobs, 512)]
    assert any(len(found) > 1 for found in lengths), "prompts of different length"


def test_the_same_question_is_computed_once(
    member: T5Recommender, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = member.answer_many([RankRequest(items[:3], items[3:])] * 3)
    monkeypatch.setattr(member._engine, "_compute", None)
    assert member.answer_many([RankRequest(items[:3], items[3:])] * 2) == first[:2]
    answered = member.answer_timed(items[:3], items[3:])
    assert (answered.milliseconds["rank"], answered.milliseconds["generate"]) == (0.0, 0.0)


@pytest.mark.parametrize(
    "change",
    [
        {"basket": slice(2, 0, -1)},
        {"candidates": slice(None, 2, -1)},
        {"language": "ar"},
        {"options": GenerationOptions(max_new_tokens=3)},
        {"options": GenerationOptions(temperature=1.0, seed=1)},
        {"options": GenerationOptions(temperature=1.0, seed=2)},
    ],
)
def test_whatever_the_answer_depends_on_is_computed_anew(
    folders: dict[str, Path], items: list[Item], monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    recommender = load(str(folders["mT5"]), "cpu", torch.float32)
    computed: list[Job] = []
    compute = recommender._engine._compute
    monkeypatch.setattr(
        recommender._engine, "_compute", lambda jobs, *tree: computed.extend(jobs) or compute(jobs, *tree)
    )
    asked: dict[str, Any] = {
        "basket": slice(1, 3),
        "candidates": slice(3, None),
        "language": "en",
        "options": GenerationOptions(),
    }
    for one in (asked, {**asked, **change}):
        recommender.answer(items[one["basket"]], items[one["candidates"]], one["language"], one["options"])
    assert len(computed) == 2


def test_no_answers_are_kept_where_none_are_to_be(folders: dict[str, Path], items: list[Item]) -> None:
    recommender = load(str(folders["mT5"]), "cpu", torch.float32, kept_answers=0)
    assert recommender.answer(items[:2], items[2:]) == recommender.answer(items[:2], items[2:])
    assert len(recommender._engine._kept) == 0


def test_shuffled_candidates_get_the_scores_of_their_own_prompt(member: T5Recommender, items: list[Item]) -> None:
    shuffled = [items[number] for number in (4, 2, 6, 3, 5)]
    text = member.prompt_for(items[:2], shuffled)
    scores = member.score_names(text, [item.en for item in shuffled])
    best = max(zip(scores, shuffled, strict=True), key=lambda pair: pair[0])[1]
    assert member.rank(items[:2], shuffled).best.item == best


def test_two_candidates_of_one_name_share_its_score(recommender: T5Recommender, items: list[Item]) -> None:
    twin = Item(id="twin", en=items[1].en)
    found = {row.item.id: row.probability for row in recommender.rank(items[:1], [*items[1:], twin])}
    assert found["twin"] == found[items[1].id]


def test_nothing_left_is_a_sentence(recommender: T5Recommender, items: list[Item]) -> None:
    with pytest.raises(RequestError, match="Nothing is left"):
        recommender.rank(items, [])


def test_no_requests_have_no_answers(recommender: T5Recommender) -> None:
    assert recommender.rank_many([]) == []
    assert recommender.answer_many([]) == []


def test_a_prompt_past_the_limit_is_refused_with_its_figures(recommender: T5Recommender, items: list[Item]) -> None:
    many = [Item(id=str(number), en=f"Tennis Ball zzzz {number}") for number in range(100)]
    with pytest.raises(PromptTooLongError) as caught:
        recommender.rank(items[:2], many)
    tokens = len(recommender.tokens(recommender.prompt_for(items[:2], many))) + 1
    assert caught.value.fields == {"tokens": tokens, "limit": 512, "items": 102}
    with pytest.raises(PromptTooLongError):
        recommender.check(RankRequest(items[:2], many))


def test_a_text_or_name_past_the_limit_is_refused(recommender: T5Recommender) -> None:
    with pytest.raises(PromptTooLongError, match="513 tokens long and the model's limit is 512"):
        recommender.generate("Ball " * 511 + "Ball")
    with pytest.raises(PromptTooLongError):
        recommender.score_names("Ball", ["z" * 10_000])


def test_a_hundred_candidates_and_thirty_bought_items_fit(recommender: T5Recommender) -> None:
    items = [Item(id=str(number), en=f"Tennis Ball{'' if number else ' Shoes'}") for number in range(130)]
    assert len(recommender.rank(items[:30], items[30:])) == 100


def test_an_answer_says_where_its_time_went(recommender: T5Recommender, items: list[Item]) -> None:
    answered = recommender.answer_timed(items[:1], items[1:])
    assert set(answered.milliseconds) == {"encode", "rank", "generate"}
    assert all(spent >= 0 for spent in answered.milliseconds.values())
    assert answered.prompt == recommender.prompt_for(items[:1], items[1:])


def test_threads_share_a_recommender(recommender: T5Recommender, items: list[Item]) -> None:
    requests = requests_of(items) * 3
    found: list[object] = [None] * len(requests)

    def work(number: int) -> None:
        request = requests[number]
        found[number] = recommender.answer(request.basket, request.candidates, request.language)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for request, answer in zip(requests, found, strict=True):
        assert answer == recommender.answer(request.basket, request.candidates, request.language)


def test_the_same_input_has_the_same_answer(recommender: T5Recommender, items: list[Item]) -> None:
    options = GenerationOptions(temperature=1.0, seed=11)
    first = recommender.answer(items[:2], items[2:], options=options)
    assert recommender.answer(items[:2], items[2:], options=options) == first


def test_gradients_stay_on_outside(recommender: T5Recommender, items: list[Item]) -> None:
    recommender.rank(items[:1], items[1:])
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()


def test_bf16_keeps_to_the_scores_of_fp32(
    member: T5Recommender, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    low = load(str(member.folder), device="cpu", dtype=torch.bfloat16)
    assert low.dtype == "bfloat16"
    text = member.prompt_for(items[:1], items[1:])
    names = [item.en for item in items[1:]]
    assert low.score_names(text, names) == pytest.approx(member.score_names(text, names), rel=0.05, abs=0.3)


def test_names_of_one_request_in_another_language_are_scored_in_it(recommender: T5Recommender) -> None:
    items = [Item(id="a", en="Tennis Ball", ar="كرة التنس"), Item(id="b", en="Basketball", ar="كرة السلة")]
    text = recommender.prompt_for([], items, "ar")
    assert "كرة التنس" in text
    scores = torch.tensor(recommender.score_names(text, ["كرة التنس", "كرة السلة"])).softmax(0)
    found = {row.item.id: row.probability for row in recommender.rank([], items, "ar")}
    assert [found["a"], found["b"]] == pytest.approx(scores.tolist(), abs=1e-5)


def test_arabic_is_read_if_the_checkpoint_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    english = tiny_checkpoint(tmp_path_factory.mktemp("en"), notes={"max_tokens": 64, "languages": ["en"]})
    silent = tiny_checkpoint(tmp_path_factory.mktemp("silent"), notes={})
    letters = tiny_checkpoint(tmp_path_factory.mktemp("letters"), notes={}, words=["Ball"], byte_fallback=False)
    assert [load(str(folder), "cpu").reads("ar") for folder in (english, silent, letters)] == [False, True, False]
    assert [load(str(folder), "cpu").max_tokens for folder in (english, silent)] == [64, 2048]


def test_what_was_viewed_and_put_in_the_cart_stands_in_the_prompt(member: T5Recommender, items: list[Item]) -> None:
    request = RankRequest(items[:1], items[2:], viewed=items[1:2], cart=items[3:4])
    answered = member.answer_many_timed([request])[0]
    assert answered.prompt == prompt.build(items[:1], items[2:], "en", items[1:2], items[3:4])
    scores = torch.tensor(member.score_names(answered.prompt, [item.en for item in items[2:]])).double()
    found = {row.item: row.log_probability for row in answered.ranking}
    assert [found[item] for item in items[2:]] == pytest.approx(scores.log_softmax(0).tolist(), abs=1e-4)
