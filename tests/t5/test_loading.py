"""Names, devices and dtypes."""

from pathlib import Path
from types import MappingProxyType

import pytest
import torch

from recommender.errors import ModelError
from recommender.paths import COMPACT
from recommender.t5 import loading
from recommender.t5.loading import find, load, pick_device, pick_dtype
from tests.tiny import tiny_checkpoint


def test_compact_is_the_checkpoint_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert COMPACT.parts[-2:] == ("assets", "compact")
    monkeypatch.setattr(loading, "COMPACT", tmp_path / "compact")
    with pytest.raises(ModelError, match="make train"):
        load()
    tiny_checkpoint(tmp_path / "compact")
    assert load().name == "compact"


def test_a_folder_is_its_own_checkpoint(folders: dict[str, Path]) -> None:
    folder = folders["mT5"]
    assert find(str(folder)) == folder
    assert load(str(folder)).folder == folder


@pytest.mark.parametrize(
    "name", ["./no/such/folder", "/no/such/folder", "no such folder", "", "a/b/c", "~nobody/x", "../x"]
)
def test_what_is_neither_folder_nor_hub_id_is_a_sentence(name: str) -> None:
    with pytest.raises(ModelError, match="There is no checkpoint folder"):
        load(name)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="There is no checkpoint folder"):
        load(str(tmp_path / "file"))


def test_sentences_exist_in_arabic_too(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load(str(tmp_path))
    assert "غير مكتمل" in caught.value.sentence("ar")


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


def test_an_older_torch_that_names_no_features_gets_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert pick_dtype(torch.device("cpu")) == torch.float32


def test_a_gpu_works_in_bf16_if_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    for able, expected in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation, able=able: able)
        assert pick_dtype(torch.device("cuda")) == expected
