"""Free text: greedy equals the stock `generate`, sampling follows its options and its seed."""

import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import T5ForConditionalGeneration

from recommender.recommenders.ranking import GenerationOptions, RankRequest, RawOutput
from recommender.shop.items import Item
from recommender.t5 import T5Recommender, load
from recommender.t5.batching import Job, Name
from recommender.t5.model import LONGEST_ALONE
from recommender.t5.scoring.writing import sample

PROMPTS = ("Soccer Ball", "ITEMS PURCHASED: {Tennis Ball} - RECOMMENDATION: ", "كرة القدم", "zzz zz z")


def stock_ids(model: T5ForConditionalGeneration, recommender: T5Recommender, text: str, most: int) -> list[int]:
    ids = torch.tensor([recommender._tokenizer.encode(text)])
    found = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=most, do_sample=False)  # type: ignore[misc]
    return found[0, 1:].tolist()


def drafted(
    recommender: T5Recommender, text: str, options: GenerationOptions | None = None, names: tuple[Name, ...] = ()
) -> list[int]:
    """The written token ids, the end of sequence included, with a tree of `names` beside."""
    job = Job(tuple(recommender._tokenizer.encode(text)), names, options or GenerationOptions(max_new_tokens=24))
    return list(recommender._engine.run([job])[0].tokens)


@pytest.mark.parametrize("text", PROMPTS)
def test_greedy_text_is_the_stock_one(
    member: T5Recommender, stock: Callable[[Path], T5ForConditionalGeneration], text: str
) -> None:
    expected = stock_ids(stock(member.folder), member, text, 24)
    assert member.generate(text, GenerationOptions(max_new_tokens=24)).text == member._tokenizer.decode(expected)


def test_text_that_follows_the_tree_and_leaves_it_is_the_same_as_without_a_tree(member: T5Recommender) -> None:
    """Names are made of the text's own beginning, so that the tree holds ever more of its way."""
    alone = drafted(member, PROMPTS[1])
    for length in range(len(alone)):
        assert drafted(member, PROMPTS[1], names=((*alone[:length], 1), (7, 1))) == alone


def test_each_token_has_the_models_own_probability(
    member: T5Recommender, stock: Callable[[Path], T5ForConditionalGeneration]
) -> None:
    options = GenerationOptions(temperature=2.0, top_k=5, top_p=0.9, seed=3, max_new_tokens=6)
    raw = member.generate(PROMPTS[0], options)
    ids = drafted(member, PROMPTS[0], options)
    source = torch.tensor([member._tokenizer.encode(PROMPTS[0])])
    with torch.no_grad():
        logits = stock(member.folder)(input_ids=source, decoder_input_ids=torch.tensor([[0, *ids[:-1]]])).logits[0]
    expected = logits.softmax(-1)[range(len(ids)), ids].tolist()
    assert [token.probability for token in raw.tokens] == pytest.approx(expected[: len(raw.tokens)], abs=1e-4)


def test_tokens_joined_are_the_text(member: T5Recommender) -> None:
    for text in PROMPTS:
        raw = member.generate(text)
        assert "".join(token.text for token in raw.tokens) == raw.text


def test_the_limit_ends_the_text(recommender: T5Recommender) -> None:
    assert all(len(recommender.generate(text, GenerationOptions(max_new_tokens=2)).tokens) <= 2 for text in PROMPTS)


LONG = "Qvindor Stainless Steel Vacuum Insulated Water Bottle with Handle (1.25 L)"


@pytest.mark.parametrize(
    ("basket", "offered"), [(["Tennis Ball"], ["Soccer Ball", LONG]), ([LONG], ["Soccer Ball", "Zq"]), (["Zq"], ["Qz"])]
)
def test_a_text_has_room_for_the_longest_name_in_its_prompt_and_one_token_more(
    recommender: T5Recommender, basket: list[str], offered: list[str]
) -> None:
    bought, on_offer = ([Item(id=name, en=name) for name in names] for names in (basket, offered))
    longest = max(len(recommender.tokens(name)) for name in (*basket, *offered))
    _, raw = recommender.answer(bought, on_offer)
    assert raw.cut and len(raw.tokens) == longest + 1, "a model of random weights ends nothing"
    assert recommender.answer_many([RankRequest(bought, on_offer)])[0][1] == raw
    freely = recommender.generate(recommender.prompt_for(bought, on_offer))
    assert freely.cut and freely.text.startswith(raw.text), "there it is the labels that may be longer"


def test_a_long_name_is_written_to_its_end(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """It was cut after 24 tokens, and then was the name of no item."""
    model = load(str(folders["relu, tied"]), "cpu", torch.float32, kept_answers=0)
    items = [Item(id=name, en=name) for name in ("Soccer Ball", LONG, "Tennis Ball")]
    ids = model._tokenizer.encode(LONG)
    assert len(ids) > 40
    monkeypatch.setattr("recommender.t5.scoring.writing.Draft._draw", lambda draft, logits: ids[len(draft.tokens)])
    _, raw = model.answer(items[:1], items[1:], options=GenerationOptions(temperature=1.0))
    assert (raw.text, raw.cut) == (LONG, False)
    _, raw = model.answer(items[:1], items[1:], options=GenerationOptions(temperature=1.0, max_new_tokens=24))
    assert raw.cut and LONG.startswith(raw.text) and raw.text != LONG


def test_a_prompt_without_a_list_measures_its_text_itself(recommender: T5Recommender) -> None:
    for text in ("Soccer Ball", "zq " * 100):
        raw = recommender.generate(text)
        assert len(raw.tokens) <= min(len(recommender.tokens(text.strip())) + 1, LONGEST_ALONE)
    assert len(recommender.generate("").tokens) <= 1


def test_the_same_seed_writes_the_same(recommender: T5Recommender) -> None:
    def outputs() -> list[RawOutput]:
        return [recommender.generate(PROMPTS[0], GenerationOptions(temperature=1.0, seed=seed)) for seed in range(5)]

    first = outputs()
    assert outputs() == first
    assert len({raw.text for raw in first}) > 1


def test_sampling_leaves_torchs_own_generator_alone(recommender: T5Recommender) -> None:
    before = torch.get_rng_state()
    recommender.generate(PROMPTS[0], GenerationOptions(temperature=1.0, seed=5))
    assert torch.equal(torch.get_rng_state(), before)


def test_greedy_ignores_top_k_top_p_and_the_seed(recommender: T5Recommender) -> None:
    assert recommender.generate(PROMPTS[0], GenerationOptions(top_k=3, top_p=0.2, seed=9)) == recommender.generate(
        PROMPTS[0]
    )


def test_rows_of_a_batch_write_what_they_write_alone(member: T5Recommender, items: list[Item]) -> None:
    options = GenerationOptions(temperature=1.5, seed=4, max_new_tokens=8)
    requests = [RankRequest(items[:number], items[number:]) for number in range(1, 6)]
    together = [raw.text for _, raw in member.answer_many(requests, options)]
    assert together == [
        member.answer(request.basket, request.candidates, options=options)[1].text for request in requests
    ]


def draw(logits: list[float], options: GenerationOptions, times: int = 400) -> Counter[int]:
    generator = torch.Generator().manual_seed(0)
    return Counter(sample(torch.tensor(logits), options, generator) for _ in range(times))


def test_samples_follow_the_tempered_probabilities() -> None:
    drawn = draw([0.0, 1.0], GenerationOptions(temperature=0.5), times=2000)
    assert drawn[1] / 2000 == pytest.approx(1 / (1 + math.exp(-2.0)), abs=0.03)


def test_top_k_leaves_the_k_best() -> None:
    assert set(draw([3.0, 1.0, 2.9, 2.8], GenerationOptions(temperature=5.0, top_k=2))) == {0, 2}


def test_top_p_leaves_the_fewest_best_that_hold_p_together() -> None:
    chances = torch.tensor([0.5, 0.3, 0.15, 0.05]).log().tolist()
    assert set(draw(chances, GenerationOptions(temperature=1.0, top_p=0.79))) == {0, 1}


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=9), st.floats(0.01, 5), st.integers(0, 12), st.floats(0.01, 1))
def test_the_best_token_always_stays_in(logits: list[float], temperature: float, top_k: int, top_p: float) -> None:
    options = GenerationOptions(temperature=temperature, top_k=top_k, top_p=top_p)
    assert 0 <= sample(torch.tensor(logits), options, torch.Generator().manual_seed(0)) < len(logits)
