"""Scores on the tree are the stock model's item-by-item losses."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import T5ForConditionalGeneration

from recommender import prompt
from recommender.t5 import T5Recommender
from recommender.t5.scoring.scores import normalizers
from tests.t5.conftest import NAMES

PROMPT = prompt.fill(NAMES[:1], NAMES[1:])


def by_item(model: T5ForConditionalGeneration, recommender: T5Recommender, text: str, names: list[str]) -> list[float]:
    """The plain way: encoder and decoder anew for each name; nats."""
    ids = torch.tensor([recommender._tokenizer.encode(text)])
    scores = []
    for name in names:
        labels = torch.tensor([recommender._tokenizer.encode(name)])
        with torch.no_grad():
            scores.append(-float(model(input_ids=ids, labels=labels).loss) * labels.shape[1])
    return scores


def test_tree_scores_equal_item_by_item_losses(
    member: T5Recommender, stock: Callable[[Path], T5ForConditionalGeneration]
) -> None:
    expected = by_item(stock(member.folder), member, PROMPT, list(NAMES))
    assert member.score_names(PROMPT, NAMES) == pytest.approx(expected, abs=1e-4)


@given(st.lists(st.text("ab Ball", max_size=6), min_size=1, max_size=5), st.text(max_size=20))
@settings(max_examples=15)
def test_tree_scores_equal_item_by_item_losses_for_any_names_and_prompt(
    recommenders: dict[str, T5Recommender],
    stock: Callable[[Path], T5ForConditionalGeneration],
    names: list[str],
    text: str,
) -> None:
    member = recommenders["gated, untied"]
    expected = by_item(stock(member.folder), member, text, names)
    assert member.score_names(text, names) == pytest.approx(expected, abs=1e-4)


def test_a_name_alone_scores_as_among_others(member: T5Recommender) -> None:
    together = member.score_names(PROMPT, NAMES)
    assert [member.score_names(PROMPT, [name])[0] for name in NAMES] == pytest.approx(together, abs=1e-4)


def test_the_order_of_names_changes_no_score(recommender: T5Recommender) -> None:
    forwards = recommender.score_names(PROMPT, NAMES)
    assert recommender.score_names(PROMPT, NAMES[::-1])[::-1] == pytest.approx(forwards, abs=1e-4)


def test_the_same_name_twice_has_the_same_score(recommender: T5Recommender) -> None:
    first, second = recommender.score_names(PROMPT, ["Basketball", "Basketball"])
    assert first == second


def test_the_empty_name_scores_the_end_of_sequence(
    recommender: T5Recommender, stock: Callable[[Path], T5ForConditionalGeneration]
) -> None:
    expected = by_item(stock(recommender.folder), recommender, PROMPT, [""])
    assert recommender.score_names(PROMPT, [""]) == pytest.approx(expected, abs=1e-4)


def test_probabilities_of_all_one_token_names_and_longer_sum_to_one(recommender: T5Recommender) -> None:
    scores = recommender.score_names(PROMPT, NAMES)
    assert sum(torch.tensor(scores).exp()) < 1.0


def test_no_names_have_no_scores(recommender: T5Recommender) -> None:
    assert recommender.score_names(PROMPT, []) == []


@given(st.integers(1, 4), st.integers(1, 3), st.integers(2, 40), st.integers(0, 9))
def test_normalizers_are_logsumexp(rows: int, nodes: int, vocabulary: int, seed: int) -> None:
    logits = torch.randn(rows, nodes, vocabulary, generator=torch.Generator().manual_seed(seed)) * 20
    torch.testing.assert_close(normalizers(logits), logits.logsumexp(-1), rtol=1e-5, atol=1e-4)


def test_normalizers_of_a_large_vocabulary_come_in_pieces() -> None:
    logits = torch.randn(7, 300_000, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(normalizers(logits), logits.logsumexp(-1), rtol=1e-5, atol=1e-4)
