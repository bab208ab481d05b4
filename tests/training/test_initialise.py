"""The first weights."""

from __future__ import annotations

import torch
from transformers import T5Config, T5ForConditionalGeneration

from recommender.training.initialise import compact_config, new_model


def small() -> T5Config:
    config = compact_config(300)
    config.d_model, config.d_kv, config.d_ff, config.num_layers = 32, 4, 32, 2
    return config


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    first, second, third = (new_model(small(), seed).state_dict() for seed in (1, 1, 2))
    torch.testing.assert_close(first, second)
    assert any(not torch.equal(first[name], third[name]) for name in first)


def test_a_stock_t5_takes_the_weights_and_gives_the_same_answer() -> None:
    model = new_model(small(), 0).eval()
    stock = T5ForConditionalGeneration(small()).eval()
    stock.load_state_dict(model.state_dict())
    ids, labels = torch.tensor([[5, 6, 7, 1]]), torch.tensor([[6, 1]])
    losses = [one(input_ids=ids, labels=labels).loss for one in (model, stock)]
    assert torch.isfinite(losses[0])
    torch.testing.assert_close(*losses)


def test_the_shipped_shape_has_at_most_eight_million_parameters() -> None:
    with torch.device("meta"):
        model = T5ForConditionalGeneration(compact_config(3000))
    assert model.num_parameters() <= 8_000_000


def test_the_vocabulary_is_rounded_up_to_whole_blocks() -> None:
    assert [compact_config(count).vocab_size for count in (1, 64, 65)] == [64, 64, 128]


def test_head_0_of_the_encoder_begins_by_looking_one_token_back() -> None:
    attention = new_model(small(), 0).encoder.block[0].layer[0].SelfAttention  # type: ignore[index]
    bias = attention.compute_bias(6, 6)[0, 0]
    assert [int(row.argmax()) for row in bias[1:]] == [0, 1, 2, 3, 4]
