"""The forward: every way of computing it is the same model."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import T5ForConditionalGeneration

from recommender.ranking import GenerationOptions
from recommender.t5 import T5Recommender, load, products
from recommender.t5.checkpoint import read_config, read_weights
from recommender.t5.forward import Cache, Forward, attend_fused
from recommender.t5.shape import Shape
from recommender.t5.weights import lay_out

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
        expected = model.decoder.block[0].layer[1].EncDecAttention.k(hidden).view(1, len(ids), 3, 4).transpose(1, 2)
    torch.testing.assert_close(forward.encode([ids]).memory[0, 0], expected, rtol=1e-4, atol=1e-5)


def test_a_row_of_a_padded_batch_is_decoded_as_alone(forward: Forward) -> None:
    prompts = [[5, 1], [5, 9, 300, 7, 1], [8, 8, 1]]
    planted = forward.plant([(5, 6, 1), (5, 1), (7, 7, 7, 1)])
    together, _ = forward.decode_tree(forward.encode(prompts), planted)
    for row, prompt in enumerate(prompts):
        alone, _ = forward.decode_tree(forward.encode([prompt]), planted)
        torch.testing.assert_close(together[row : row + 1], alone, rtol=1e-4, atol=1e-4)


def test_steps_along_a_path_find_what_the_tree_found(forward: Forward) -> None:
    encoded = forward.encode([[5, 9, 1]])
    name = (5, 6, 8, 1)
    logits, cache = forward.decode_tree(encoded, forward.plant([name, (5, 1)]))
    going = cache.follow([(0, [0])], room=3)
    for node, token in enumerate(name[:-1], 1):
        found = forward.step([token], encoded, going)
        torch.testing.assert_close(found, logits[:, node], rtol=1e-4, atol=1e-4)


def test_rows_that_leave_the_tree_at_different_depths_go_on_together(forward: Forward) -> None:
    encoded = forward.encode([[5, 9, 1], [5, 1], [8, 1]])
    planted = forward.plant([(5, 6, 8, 1), (7, 1)])
    _, cache = forward.decode_tree(encoded, planted)
    lines = [(2, planted.tree.line(3)), (0, planted.tree.line(0))]
    found = forward.step([9, 4], encoded.rows([2, 0]), cache.follow(lines, room=1))
    for number, (row, line) in enumerate(lines):
        alone = forward.step([[9, 4][number]], encoded.rows([row]), cache.follow([(row, line)], room=1))
        torch.testing.assert_close(found[number : number + 1], alone, rtol=1e-4, atol=1e-4)


def test_a_cache_without_late_rows_has_no_mask() -> None:
    cache = Cache(torch.zeros(1, 2, 2, 1, 3, 4))
    assert cache.follow([(0, [0, 1]), (1, [0, 2])], room=1).mask is None
    assert cache.follow([(0, [0]), (1, [0, 2])], room=1).mask is not None


@pytest.mark.parametrize("way", ["fused attention", "plain products"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_runs_on_other_devices_computes_the_same(
    member: T5Recommender, monkeypatch: pytest.MonkeyPatch, way: str, dtype: torch.dtype
) -> None:
    if way == "plain products":
        monkeypatch.setattr(products, "can_pack", lambda dtype: False)
    other = load(str(member.folder), "cpu", dtype)
    if way == "fused attention":
        forward = other._forward
        monkeypatch.setattr(forward, "_attend", attend_fused)
        for positions in (forward._around, forward._before):
            monkeypatch.setattr(positions, "_dtype", dtype)
        monkeypatch.setattr(forward, "_bias_dtype", dtype)
    close = 1e-4 if dtype == torch.float32 else 0.5
    assert other.score_names(TEXT, NAMES) == pytest.approx(member.score_names(TEXT, NAMES), abs=close, rel=close / 10)
    options = GenerationOptions(max_new_tokens=4)
    if dtype == torch.float32:
        assert other.generate(TEXT, options).text == member.generate(TEXT, options).text
