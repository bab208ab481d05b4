"""Which checkpoint a run goes on from: the newest that is whole, its best one too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from recommender.training.checkpoints import forget_after, is_whole, last_checkpoint, seal


def checkpoint(folder: Path, step: int, best: int | None = None) -> Path:
    path = folder / f"checkpoint-{step}"
    path.mkdir()
    (path / "model.safetensors").write_bytes(b"weights")
    state = {"global_step": step, "best_model_checkpoint": best and f"/moved/since/checkpoint-{best}"}
    (path / "trainer_state.json").write_text(json.dumps(state), "utf-8")
    seal(path)
    return path


def test_the_newest_checkpoint_is_found_by_its_step(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path / "nowhere") == (None, 0)
    assert last_checkpoint(tmp_path) == (None, 0)
    for step in (20, 100):
        checkpoint(tmp_path, step)
    assert last_checkpoint(tmp_path) == (str(tmp_path / "checkpoint-100"), 100)


def without_seal(path: Path) -> None:
    (path / "whole.json").unlink()


def with_half_a_seal(path: Path) -> None:
    (path / "whole.json").write_text('{"model', "utf-8")


def without_weights(path: Path) -> None:
    (path / "model.safetensors").unlink()


def with_half_its_weights(path: Path) -> None:
    (path / "model.safetensors").write_bytes(b"wei")


def with_an_empty_state(path: Path) -> None:
    (path / "trainer_state.json").write_bytes(b"")


def with_nothing(path: Path) -> None:
    for file in path.iterdir():
        file.unlink()


@pytest.mark.parametrize(
    "spoil",
    [without_seal, with_half_a_seal, without_weights, with_half_its_weights, with_an_empty_state, with_nothing],
)
def test_an_incomplete_newest_checkpoint_falls_back_to_the_newest_whole_one(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    for step in (5, 20):
        checkpoint(tmp_path, step)
    spoil(checkpoint(tmp_path, 100))
    assert not is_whole(tmp_path / "checkpoint-100")
    assert last_checkpoint(tmp_path) == (str(tmp_path / "checkpoint-20"), 20)


def test_a_run_does_not_go_on_to_an_end_for_which_the_best_weights_are_gone(tmp_path: Path) -> None:
    checkpoint(tmp_path, 10)
    checkpoint(tmp_path, 20, best=10)
    assert last_checkpoint(tmp_path)[1] == 20
    without_weights(tmp_path / "checkpoint-10")
    assert last_checkpoint(tmp_path) == (None, 0)


def test_later_checkpoints_go_when_a_run_goes_on_before_them_and_nothing_else_does(tmp_path: Path) -> None:
    for step in (5, 20, 100):
        checkpoint(tmp_path, step)
    (tmp_path / "checkpoint-best").mkdir()
    forget_after(tmp_path, 20)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-20", "checkpoint-5", "checkpoint-best"]
