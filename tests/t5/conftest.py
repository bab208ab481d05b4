"""Three members of the family on disk, and what the stock model says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import MT5ForConditionalGeneration, T5ForConditionalGeneration

from recommender.shop.items import Item
from recommender.t5 import T5Recommender, loading
from recommender.t5.checkpoint.shape import Shape
from recommender.t5.loading import load
from recommender.t5.network import attention, products
from recommender.t5.network.forward import Forward
from recommender.t5.network.weights import Weights, lay_out
from tests.t5.recorder import Recorder
from tests.t5.stand_in import as_on_a_device, strict_attention
from tests.tiny import tiny_checkpoint

FAMILY: dict[str, dict[str, Any]] = {
    "relu, tied": {},
    "gated, untied": {"feed_forward_proj": "gated-gelu", "tied": False, "seed": 1},
    "mT5": {"family": "mt5", "seed": 2, "num_decoder_layers": 2},
}
NAMES = ("Soccer Jersey", "Basketball", "Basketball Hoop", "Tennis Ball", "Soccer Cleats", "Zxq Ball", "حذاء كرة السلة")


@pytest.fixture(scope="session", autouse=True)
def a_device_that_is_as_strict_as_a_gpu() -> Iterator[None]:
    """Whatever a test has computed in a GPU's way is checked as a GPU would; a real one needs no stand-in."""
    with pytest.MonkeyPatch.context() as patch:
        if not torch.cuda.is_available():
            patch.setattr(attention, "scaled_dot_product_attention", strict_attention)
        yield


@pytest.fixture
def items() -> list[Item]:
    return [Item(id=f"item-{number}", en=name) for number, name in enumerate(NAMES)]


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("family")
    return {name: tiny_checkpoint(root / str(number), **config) for number, (name, config) in enumerate(FAMILY.items())}


@pytest.fixture(scope="session")
def recommenders(folders: dict[str, Path]) -> dict[str, T5Recommender]:
    return {name: load(str(folder), device="cpu", dtype=torch.float32) for name, folder in folders.items()}


@pytest.fixture(scope="session")
def lent(folders: dict[str, Path]) -> dict[str, T5Recommender]:
    """The family computed as on a GPU, as far as a processor can."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "can_pack", lambda dtype: False)
        found = {name: load(str(folder), "cpu", torch.float32) for name, folder in folders.items()}
    for one in found.values():
        as_on_a_device(one._engine.network)
    return found


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch, recorder: Recorder) -> Recorder:
    """A GPU that is a CPU; what it captures goes to `recorder`."""
    lent: list[bool] = []

    def laid_out(shape: Shape, state: dict[str, torch.Tensor], dtype: torch.dtype, place: torch.device) -> Weights:
        lent.append(place.type == "cuda")
        return lay_out(shape, state, dtype, torch.device("cpu"))

    def forward(shape: Shape, weights: Weights) -> Forward:
        made = Forward(shape, weights)
        return as_on_a_device(made) if lent[-1] else made

    monkeypatch.setattr(products, "can_pack", lambda dtype: False)
    monkeypatch.setattr(loading, "pick_device", lambda device: torch.device(device or "cuda"))
    monkeypatch.setattr(loading, "lay_out", laid_out)
    monkeypatch.setattr(loading, "Forward", forward)
    monkeypatch.setattr(loading, "CudaCapture", lambda device: recorder)
    monkeypatch.setattr(loading, "pick_dtype", lambda place: torch.float32)
    return recorder


@pytest.fixture
def recommender(recommenders: dict[str, T5Recommender]) -> T5Recommender:
    return recommenders["relu, tied"]


@pytest.fixture(params=[*FAMILY, *(f"{name}, as on a GPU" for name in FAMILY)])
def member(
    request: pytest.FixtureRequest, recommenders: dict[str, T5Recommender], lent: dict[str, T5Recommender]
) -> T5Recommender:
    name, _, on_a_gpu = request.param.partition(", as on")
    found: T5Recommender = (lent if on_a_gpu else recommenders)[name]
    return found


@pytest.fixture(scope="session")
def stock() -> Callable[[Path], T5ForConditionalGeneration]:
    """The stock model of a checkpoint folder, loaded the stock way."""
    loaded: dict[Path, T5ForConditionalGeneration] = {}

    def get(folder: Path) -> T5ForConditionalGeneration:
        if folder not in loaded:
            mt5 = '"mt5"' in (folder / "config.json").read_text(encoding="utf-8")
            kind = MT5ForConditionalGeneration if mt5 else T5ForConditionalGeneration
            loaded[folder] = kind.from_pretrained(folder).eval()  # type: ignore[no-untyped-call]
        return loaded[folder]

    return get
