"""A family of models is one entry: a toy family registered here loads and answers, and nothing else asks its name."""

import json
from pathlib import Path

import pytest
import torch

from recommender.errors import ModelError
from recommender.t5 import load
from recommender.t5.checkpoint import families
from recommender.t5.checkpoint.families import Family, register
from tests.tiny import tiny_checkpoint

NAMES = ["Tennis Ball", "Basketball", "Basketball Hoop"]


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A T5 that calls itself by another name, and leaves out its activation."""
    monkeypatch.setattr(families, "_FAMILIES", dict(families._FAMILIES))
    folder = tiny_checkpoint(tmp_path / "toy")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    left = {key: value for key, value in config.items() if key not in ("feed_forward_proj", "dense_act_fn")}
    (folder / "config.json").write_text(json.dumps({**left, "model_type": "toy5"}), encoding="utf-8")
    return folder


def test_a_family_that_nobody_registered_is_refused(toy: Path) -> None:
    with pytest.raises(ModelError, match="toy5"):
        load(str(toy), "cpu")


@pytest.mark.parametrize("feed_forward", ["relu", "silu"])
def test_a_registered_family_answers_with_what_it_takes_for_granted(
    toy: Path, tmp_path: Path, feed_forward: str
) -> None:
    register(Family("toy5", feed_forward, scales_output=True))
    same = tiny_checkpoint(tmp_path / "t5")
    found, expected = (load(str(folder), "cpu", torch.float32).score_names("a", NAMES) for folder in (toy, same))
    assert (found == expected) is (feed_forward == "relu")
