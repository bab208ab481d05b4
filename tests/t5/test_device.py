"""Which device computes, in which numbers, and what becomes of its errors."""

from types import MappingProxyType

import pytest
import torch

from recommender.errors import DeviceError, ModelError
from recommender.t5.device import cpu_multiplies_bf16, device_guard, pick_device, pick_dtype


def test_the_gpu_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert pick_device() == torch.device("cuda")
    assert pick_device("cpu") == torch.device("cpu")
    assert pick_device("cuda:1") == torch.device("cuda:1")
    with pytest.raises(ModelError, match="no GPU “cuda:2”"):
        pick_device("cuda:2")


def test_a_gpu_that_is_missing_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert pick_device() == torch.device("cpu")
    with pytest.raises(ModelError, match="no GPU “cuda”"):
        pick_device("cuda")


@pytest.mark.parametrize("device", ["gpu", "tpu", "cuda:", "cuda:x", "cpu:0:1", ""])
def test_an_unknown_device_is_a_sentence(device: str) -> None:
    with pytest.raises(ModelError, match="is not known"):
        pick_device(device)


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ({"avx512_bf16": True}, torch.bfloat16),
        ({"amx_bf16": True}, torch.bfloat16),
        ({"avx512_f": True, "avx512_bf16": False}, torch.float32),
        ({}, torch.float32),
    ],
)
def test_the_dtype_follows_the_processors_features(
    monkeypatch: pytest.MonkeyPatch, features: dict[str, bool], expected: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: MappingProxyType(features), raising=False)
    assert pick_dtype(torch.device("cpu")) == expected
    assert cpu_multiplies_bf16() is (expected == torch.bfloat16)  # what training asks


def test_an_older_torch_that_names_no_features_gets_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert pick_dtype(torch.device("cpu")) == torch.float32


def test_a_gpu_works_in_bf16_if_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    for able, expected in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation, able=able: able)
        assert pick_dtype(torch.device("cuda")) == expected


def test_a_processors_errors_are_nobodys_trouble() -> None:
    with pytest.raises(RuntimeError, match="shape"), device_guard(torch.device("cpu")):
        raise RuntimeError("shape mismatch")
    with pytest.raises(DeviceError), device_guard(torch.device("cuda")):
        raise RuntimeError("CUDA error: misaligned address")
    with pytest.raises(torch.OutOfMemoryError), device_guard(torch.device("cuda")):
        raise torch.OutOfMemoryError("CUDA out of memory")
