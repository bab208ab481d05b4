"""The forward: every way of computing it is the same model."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import T5ForConditionalGeneration

from recommender.recommenders.ranking import GenerationOptions
from recommender.t5 import T5Recommender, load
from recommender.t5.checkpoint.files import read_config, read_weights
from recommender.t5.checkpoint.shape import Shape
from recommender.t5.network import products
from recommender.t5.network.attention import attend_fused
from recommender.t5.network.forward import Forward
from recommender.t5.network.weights import lay_out

TEXT, NAMES = "ITEMS PURCHASED: {Soccer Ball}", ["Tennis Ball", "Basketball", "Basketball Hoop"]


@pytest.fixture
def forward(folders: dict[str, Path]) -> Forward:
    folder = folders["gated, untied"]
    shape = Shape.from_config(read_config(folder))
    return Forward(shape, lay_out(shape, read_weights(folder), torch.float32, torch.device("cpu")))


def test_the_encoder_and_its_projections_are_the_stock_ones(
    forward: Forward, folders: dict[str, Path], stock: Callable[[Path], T5ForConditionalGeneration]
) -> None:
    model = stock(folders["gated, untied"])
    ids = [5, 9, 300, 7, 1]
    with torch.no_grad():
        hidden = model.encoder(input_ids=torch.tensor([ids])).last_hidden_state
        expected = model.decoder.block[0].layer[1].EncDecAttention.k(hidden).view(1, len(ids), 3, 8).transpose(1, 2)  # type: ignore[index]
    torch.testing.assert_close(forward.encode([ids])[0].layers[0][0][:, : len(ids)], expected[0], rtol=1e-4, atol=1e-5)


def test_a_row_of_a_batch_is_decoded_as_alone(forward: Forward) -> None:
    prompts = [[5, 1], [5, 9, 300, 7, 1], [8, 8, 1]]
    prepared = forward.prepare_tree([(5, 6, 1), (5, 1), (7, 7, 7, 1)])
    together, _ = forward.decode_tree(forward.encode(prompts), prepared)
    for row, prompt in enumerate(prompts):
        alone, _ = forward.decode_tree(forward.encode([prompt]), prepared)
        torch.testing.assert_close(together[row : row + 1], alone, rtol=1e-4, atol=1e-4)


def test_steps_along_a_path_find_what_the_tree_found(forward: Forward) -> None:
    encoded = forward.encode([[5, 9, 1]])
    name = (5, 6, 8, 1)
    logits, qkv = forward.decode_tree(encoded, forward.prepare_tree([name, (5, 1)]))
    cache = forward.cache_from_tree(encoded, qkv, [(0, [0])], room=3)
    for node, token in enumerate(name[:-1], 1):
        found = forward.step([token], cache)
        torch.testing.assert_close(found, logits[:, node], rtol=1e-4, atol=1e-4)


def test_rows_that_leave_the_tree_at_different_depths_go_on_together(forward: Forward) -> None:
    encoded = forward.encode([[5, 9, 1], [5, 1], [8, 1]])
    prepared = forward.prepare_tree([(5, 6, 8, 1), (7, 1)])
    _, qkv = forward.decode_tree(encoded, prepared)
    lines = [(2, prepared.tree.line(3)), (0, prepared.tree.line(0))]
    together = forward.cache_from_tree(encoded, qkv, lines, room=2)
    apart = [forward.cache_from_tree(encoded, qkv, [line], room=2) for line in lines]
    for tokens in ([9, 4], [7, 8]):
        found = forward.step(tokens, together)
        alone = [forward.step([token], cache) for token, cache in zip(tokens, apart, strict=True)]
        torch.testing.assert_close(found, torch.cat(alone), rtol=1e-4, atol=1e-4)


def test_rows_of_one_length_need_no_mask(forward: Forward) -> None:
    encoded = forward.encode([[5, 9, 1], [5, 1]])
    _, qkv = forward.decode_tree(encoded, forward.prepare_tree([(5, 6, 1), (7, 1)]))
    assert forward.cache_from_tree(encoded, qkv, [(0, [0, 1]), (1, [0, 2])], room=1).mask is None
    assert forward.cache_from_tree(encoded, qkv, [(0, [0]), (1, [0, 2])], room=1).mask is not None


def test_a_first_product_too_large_to_look_up_is_computed(
    forward: Forward, folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.t5.network.forward.LARGEST_TABLE", 0)
    plain = Forward(forward.shape, forward.weights)
    assert plain._first is None
    looked_up, computed = (one.encode([[5, 9, 300, 1]])[0].memory for one in (forward, plain))
    torch.testing.assert_close(looked_up, computed, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("way", ["fused attention", "plain products"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_runs_on_other_devices_computes_the_same(
    member: T5Recommender, monkeypatch: pytest.MonkeyPatch, way: str, dtype: torch.dtype
) -> None:
    if way == "plain products":
        monkeypatch.setattr(products, "can_pack", lambda dtype: False)
    other = load(str(member.folder), "cpu", dtype)
    if way == "fused attention":
        forward = other._engine.network
        assert isinstance(forward, Forward)
        monkeypatch.setattr(forward, "_attend", attend_fused)
        monkeypatch.setattr(forward, "_step_dtype", dtype)
        monkeypatch.setattr(forward.decoder_positions, "_dtype", dtype)
    close = 1e-4 if dtype == torch.float32 else 0.5
    assert other.score_names(TEXT, NAMES) == pytest.approx(member.score_names(TEXT, NAMES), abs=close, rel=close / 10)
    options = GenerationOptions(max_new_tokens=4)
    if dtype == torch.float32:
        assert other.generate(TEXT, options).text == member.generate(TEXT, options).text
