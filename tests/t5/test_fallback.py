"""A device that breaks is left for good: one sentence says so, and the processor answers as it always does."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from recommender.errors import DeviceError, ModelError
from recommender.recommenders.ranking import GenerationOptions, Ranking
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.t5 import T5Recommender, load, loading
from recommender.t5.gpu.capture import Replay
from recommender.t5.network import attention
from tests.t5.recorder import Recorder

GPU = torch.device("cuda")
OPTIONS = GenerationOptions(max_new_tokens=4)


class Breaking:
    """Fused attention that works so many times; from then on nothing that is computed in a GPU's way does."""

    def __init__(self, patch: pytest.MonkeyPatch, after: int) -> None:
        self.left = after
        self.failures = 0
        self._real: Callable[..., Tensor] = attention.scaled_dot_product_attention  # type: ignore[attr-defined]
        patch.setattr(attention, "scaled_dot_product_attention", self)

    def __call__(self, *given: Tensor, **more: Any) -> Tensor:
        self.left -= 1
        if self.left < 0:
            self.failures += 1
            raise RuntimeError("CUDA error: misaligned address\nCUDA kernel errors might be reported later")
        return self._real(*given, **more)


@pytest.fixture
def shop(folders: dict[str, Path], tmp_path: Path) -> tuple[Path, list[Item]]:
    items = [Item(id=str(number), en=f"Ball {number}", ar=f"كرة {number}") for number in range(9)]
    folder = Path(shutil.copytree(folders["mT5"], tmp_path / "model"))
    Catalogue("own", items).save(folder / "catalogue.csv")
    return folder, items


def ask(model: T5Recommender, items: list[Item], number: int = 0) -> tuple[Ranking, str]:
    basket, candidates = items[number : number + 2], [*items[:number], *items[number + 2 :]]
    ranking, raw = model.answer(basket, candidates, options=OPTIONS)
    return ranking, raw.text


def assert_by_the_processor(model: T5Recommender, shop: tuple[Path, list[Item]]) -> None:
    folder, items = shop
    plain = load(str(folder), "cpu", torch.float32)
    for number in range(3):
        (found, text), (expected, plain_text) = ask(model, items, number), ask(plain, items, number)
        assert text == plain_text
        chances = {row.item.id: row.probability for row in expected}
        # Not to the last digit: it depends on which names have been in a tree together before.
        assert {row.item.id: row.probability for row in found} == pytest.approx(chances, rel=1e-4)
    assert (model.device, plain.trouble) == ("cpu", None)


@pytest.mark.parametrize("graphs", [True, False])
@pytest.mark.parametrize("after", [0, 1, 2, 5, 9, 40])
def test_wherever_a_device_breaks_every_answer_comes_and_one_sentence_says_so(
    shop: tuple[Path, list[Item]],
    gpu: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    after: int,
    graphs: bool,
) -> None:
    breaking = Breaking(monkeypatch, after)
    with caplog.at_level(logging.INFO):
        model = load(str(shop[0]), graphs=graphs)
        while not model.trouble:
            ask(model, shop[1], breaking.left % 7)
    assert breaking.failures == 1, "a broken device was asked again"
    assert isinstance(model.trouble, DeviceError) and model.trouble.fields == {"device": "cuda"}
    (said,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert said.startswith(str(model.trouble)) and "misaligned address" in said and "\n" not in said
    assert "misaligned" not in model.trouble.sentence() + model.trouble.sentence("ar")
    assert "«cuda»" in model.trouble.sentence("ar")
    assert_by_the_processor(model, shop)


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_a_capture_that_fails_is_a_device_that_failed(
    shop: tuple[Path, list[Item]], gpu: Recorder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    captures = []

    def capture(function: Callable[[], None]) -> Replay:
        captures.append(function)
        if len(captures) > number:
            raise torch.OutOfMemoryError("CUDA out of memory while capturing")
        return gpu(function)

    capture.taken = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(loading, "CudaCapture", lambda device: capture)
    model = load(str(shop[0]))
    assert model.trouble and len(captures) == number + 1
    assert_by_the_processor(model, shop)


def test_a_device_that_can_not_take_the_weights_is_said_at_the_start(
    shop: tuple[Path, list[Item]], gpu: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay = loading.lay_out  # type: ignore[attr-defined]

    def broken(*given: Any) -> Any:
        if given[-1].type == "cuda":
            raise RuntimeError("CUDA error: device is busy or unavailable")
        return lay(*given)

    monkeypatch.setattr(loading, "lay_out", broken)
    model = load(str(shop[0]))
    assert model.trouble
    assert_by_the_processor(model, shop)


def test_a_device_that_works_is_no_trouble(shop: tuple[Path, list[Item]], gpu: Recorder) -> None:
    model = load(str(shop[0]))
    ask(model, shop[1])
    assert (model.trouble, model.device, model.dtype) == (None, "cuda", "float32")


def test_too_little_memory_on_a_device_is_said_and_breaks_nothing(
    shop: tuple[Path, list[Item]], gpu: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load(str(shop[0]), graphs=False, kept_answers=0)
    full = True
    plain: Callable[..., Tensor] = attention.scaled_dot_product_attention  # type: ignore[attr-defined]

    def attend(*given: Tensor, **more: Any) -> Tensor:
        if full:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return plain(*given, **more)

    monkeypatch.setattr(attention, "scaled_dot_product_attention", attend)
    with pytest.raises(ModelError, match="not enough memory"):
        ask(model, shop[1])
    full = False
    assert ask(model, shop[1]) and (model.trouble, model.device) == (None, "cuda")


def test_where_the_processor_can_not_take_over_the_reason_is_said_and_the_next_question_tries_again(
    shop: tuple[Path, list[Item]], gpu: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load(str(shop[0]), graphs=False)
    weights = shop[0] / "model.safetensors"
    away = weights.rename(weights.with_suffix(".away"))
    Breaking(monkeypatch, 0)
    with pytest.raises(ModelError):
        ask(model, shop[1])
    assert model.trouble
    away.rename(weights)
    assert_by_the_processor(model, shop)
