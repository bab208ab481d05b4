"""The directions of a table that lie beside a checkpoint, or don't."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from recommender.errors import ModelError
from recommender.t5.checkpoint import files, together
from tests.tiny import tiny_checkpoint


def test_what_was_written_is_read_in_single_precision(tmp_path: Path) -> None:
    directions = torch.randn(3, 8, dtype=torch.float64)
    together.write(tmp_path, directions[:, :])
    found = together.read(tmp_path, 8)
    assert found is not None and found.dtype == torch.float32
    assert torch.allclose(found, directions.float())


def test_a_checkpoint_need_not_have_them(tmp_path: Path) -> None:
    assert together.read(tmp_path, 8) is None


@pytest.mark.parametrize(
    ("tensors", "key"),
    [
        ({"other": torch.zeros(2, 8)}, "model_file_broken"),
        ({"together": torch.zeros(8)}, "model_file_broken"),
        ({"together": torch.zeros(2, 8, dtype=torch.long)}, "model_file_broken"),
        ({"together": torch.zeros(2, 7)}, "model_weights"),
        ({"together": torch.zeros(9, 8)}, "model_weights"),
        ({"together": torch.zeros(0, 8)}, "model_weights"),
        ({"together": torch.full((2, 8), torch.nan)}, "model_not_finite"),
    ],
)
def test_what_they_can_not_be_is_refused(tmp_path: Path, tensors: dict[str, torch.Tensor], key: str) -> None:
    save_file(tensors, tmp_path / together.FILE)
    with pytest.raises(ModelError) as refused:
        together.read(tmp_path, 8)
    assert refused.value.key == key
    assert refused.value.sentence("ar")


def test_a_file_of_another_kind_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / together.FILE).write_bytes(b"no tensors")
    with pytest.raises(ModelError, match=together.FILE):
        together.read(tmp_path, 8)


def test_a_file_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r".+"):
        together.write(tmp_path / "nowhere", torch.zeros(2, 8))


def test_they_are_a_part_of_the_checkpoint_where_they_are_there(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path / "model")
    assert together.FILE not in files.parts(folder)
    together.write(folder, torch.zeros(2, 16))
    assert together.FILE in files.parts(folder)
