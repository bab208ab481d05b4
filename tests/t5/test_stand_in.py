"""The stand-in for a GPU's attention is as strict as a GPU, and what is computed in a GPU's way holds before it."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from recommender.recommenders.ranking import GenerationOptions
from recommender.t5 import T5Recommender
from recommender.t5.batching import Job, Name
from recommender.t5.engine import Engine
from recommender.t5.network import attention
from recommender.t5.network.attention import attend_fused
from recommender.t5.network.forward import Forward
from recommender.t5.network.positions import Positions
from recommender.t5.network.protocol import Network
from tests.t5.stand_in import check_layout, strange, strict_attention

END = 1
TEXT = "Soccer Ball"
no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU needs no stand-in")
tokens = st.integers(3, 500)
prompts = st.lists(tokens, min_size=0, max_size=90).map(lambda ids: (*ids, END))
names = st.lists(st.lists(tokens, min_size=1, max_size=9).map(lambda ids: (*ids, END)), max_size=9, unique=True)


@pytest.mark.parametrize(
    "fits",
    [
        lambda rows: rows,
        lambda rows: rows[:, 8:],
        lambda rows: rows[:, :, :24],
        lambda rows: rows[:1, :1, 8:9],
        lambda rows: rows[:, :1].expand(-1, 5, -1),
    ],
)
def test_what_a_gpu_reads_is_let_through(fits: Callable[[Tensor], Tensor]) -> None:
    check_layout("mask", fits(torch.zeros(2, 16, 64)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(
    "cut",
    [
        lambda rows: rows[..., 1:33],
        lambda rows: rows[..., 4:36],
        lambda rows: rows[..., ::2],
        lambda rows: rows.mT,
        lambda rows: rows.reshape(-1)[: 2 * 16 * 63].view(2, 16, 63),
        lambda rows: rows.reshape(-1)[:30].view(2, 15, 1),
    ],
)
def test_what_a_gpu_can_not_read_is_refused(cut: Callable[[Tensor], Tensor], dtype: torch.dtype) -> None:
    with pytest.raises(AssertionError, match="mask of shape"):
        check_layout("mask", cut(torch.zeros(2, 16, 64, dtype=dtype)))


@no_gpu
def test_every_test_of_a_gpus_way_has_the_stand_in() -> None:
    assert vars(attention)["scaled_dot_product_attention"] is strict_attention
    rows = torch.zeros(1, 2, 16)
    with pytest.raises(AssertionError, match="keys of shape"):
        attend_fused(rows, rows[..., 1:9], rows[..., :8], None)


def test_what_comes_back_has_the_right_numbers_and_strange_strides() -> None:
    found = torch.randn(1, 3, 5, 8)
    assert torch.equal(strange(found), found)
    for tensor in (strange(found)[0], strange(found[:, :, :1])[0]):
        with pytest.raises(RuntimeError, match="view"):
            tensor.view(-1)


@no_gpu
def test_a_window_that_is_no_copy_is_found_out(lent: dict[str, T5Recommender], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first text that left the name tree ended in `CUDA error: misaligned address`."""
    window = Positions.window

    def slides(self: Positions, place: int, room: int) -> Tensor:
        window(self, place, room)
        return self._sliding.narrow(2, self._sliding.shape[-1] // 2 - 1 - place, room)

    model = lent["relu, tied"]
    options = GenerationOptions(max_new_tokens=5, seed=1)
    assert model.generate(TEXT, options)
    monkeypatch.setattr(Positions, "window", slides)
    with pytest.raises(AssertionError, match="mask of shape"):
        model.generate(TEXT, GenerationOptions(max_new_tokens=5, seed=2))


@no_gpu
@pytest.mark.parametrize(("rows", "length"), [(1, 1), (1, 8), (2, 1), (3, 8)])
def test_what_attention_returns_may_have_any_strides(lent: dict[str, T5Recommender], rows: int, length: int) -> None:
    """cuDNN's result for one row of an mT5 in bf16 has others than a fresh tensor."""
    forward = lent["mT5"]._engine.network
    assert isinstance(forward, Forward)
    seen = torch.randn(rows * forward.shape.heads, length, forward.shape.d_kv)
    given = strange(seen[None])[0]
    assert not given.is_contiguous()
    assert torch.equal(forward._merge(given, rows), forward._merge(seen, rows))


@given(st.lists(st.tuples(prompts, names), min_size=1, max_size=4), st.integers(1, 40), st.sampled_from([0.0, 2.0]))
def test_prompts_names_and_texts_of_any_length_hold_before_the_stand_in(
    lent: dict[str, T5Recommender],
    recommenders: dict[str, T5Recommender],
    asked: list[tuple[Name, list[Name]]],
    most: int,
    temperature: float,
) -> None:
    options = GenerationOptions(temperature=temperature, max_new_tokens=most)
    jobs = [Job(prompt, tuple(names), options) for prompt, names in asked]
    found, expected = (run(one["mT5"]._engine.network, jobs) for one in (lent, recommenders))
    for ours, theirs in zip(found, expected, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-3, abs=1e-3)


def run(network: Network, jobs: list[Job]) -> list[list[float]]:
    return [list(result.scores) for result in Engine(network, threads=1, workers=1, kept_answers=0).run(jobs)]
