"""Relative position biases against the stock computation."""

import pytest
import torch
from transformers import T5Config
from transformers.models.t5.modeling_t5 import T5Attention

from recommender.t5.network.positions import KEPT, Positions, buckets


@pytest.mark.parametrize(("count", "max_distance"), [(32, 128), (16, 128), (8, 20)])
def test_buckets_are_the_stock_ones_at_every_distance(count: int, max_distance: int) -> None:
    back = torch.arange(600)
    expected = T5Attention._relative_position_bucket(-back, False, count, max_distance)
    assert torch.equal(buckets(back, count, max_distance), expected)


@pytest.mark.parametrize("length", [1, 7, 64, 65, KEPT + 3])
def test_both_ways_is_the_stock_bias_at_any_length(length: int) -> None:
    attention = T5Attention(T5Config(d_model=8, num_heads=2), has_relative_attention_bias=True)
    table = attention.relative_attention_bias.weight.detach()
    ours = Positions(table, 128, torch.float32).both_ways(length)
    assert torch.equal(ours, attention.compute_bias(length, length).detach()[0])


def test_backwards_is_the_stock_bias_of_the_last_position() -> None:
    config = T5Config(d_model=8, num_heads=2, is_decoder=True)
    attention = T5Attention(config, has_relative_attention_bias=True, layer_idx=0)
    ours = Positions(attention.relative_attention_bias.weight.detach(), 128, torch.float32).backwards(200)
    assert torch.equal(ours.flip(1), attention.compute_bias(200, 200).detach()[0, :, -1])


@pytest.mark.parametrize("room", [1, 6, 70])
def test_a_window_is_the_bias_to_each_place_and_hides_what_comes_later(room: int) -> None:
    positions = Positions(torch.randn(32, 2), 128, torch.float32)
    for place in range(room):
        window = positions.window(place, room)
        assert window.shape == (2, 1, room)
        assert torch.equal(window[:, 0, : place + 1], positions.backwards(place + 1).flip(1))
        assert (window[:, 0, place + 1 :] == -torch.inf).all()


def test_a_shorter_length_is_read_off_the_longer_one() -> None:
    positions = Positions(torch.randn(32, 2), 128, torch.float32)
    long = positions.both_ways(60)
    assert positions.both_ways(20).data_ptr() == long.data_ptr()


def test_lengths_past_the_kept_ones_are_not_kept() -> None:
    positions = Positions(torch.randn(32, 2), 128, torch.float32)
    kept = positions.both_ways(30)
    positions.both_ways(KEPT + 1)
    assert positions.both_ways(30).data_ptr() == kept.data_ptr()
