"""A training whose numbers break down stops at once, keeps what was there, and says where it happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from recommender.errors import ModelError
from recommender.language import LANGUAGES
from recommender.training import TrainOptions, run
from recommender.training.checkpoints import seal
from recommender.training.finite import FiniteTrainer
from tests.training.test_run import contents, tuned

BAD = "Basketball Hoop"


def broken(options: TrainOptions) -> ModelError:
    with pytest.raises(ModelError) as caught:
        run(options)
    for language in LANGUAGES:
        assert "\n" not in caught.value.sentence(language)
    return caught.value


def spoil(weights: Path, value: float = float("nan")) -> None:
    state = load_file(weights)
    state["shared.weight"][7, 3] = value
    save_file(state, weights, {"format": "pt"})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_damaged_base_is_named_before_the_first_step(tmp_path: Path, value: float) -> None:
    options = tuned(tmp_path)
    spoil(Path(str(options.base)) / "model.safetensors", value)
    error = broken(options)
    assert error.key == "train_weights_not_finite" and str(options.base) in error.sentence()
    assert not options.output.exists() and not options.work.exists()


def test_a_damaged_checkpoint_is_named_when_it_is_gone_on_from(tmp_path: Path) -> None:
    options = tuned(tmp_path)
    run(options)
    checkpoint = options.work / "checkpoint-1"
    spoil(checkpoint / "model.safetensors")
    seal(checkpoint)
    before = contents(tmp_path)
    error = broken(replace(options, resume=True))
    assert (error.key, error.fields["source"]) == ("train_weights_not_finite", str(checkpoint))
    assert contents(tmp_path) == before


@pytest.fixture
def at_the_bad_row(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What happens to the loss of a batch in which `BAD` is the answer, once `begin` steps are done."""
    asked: dict[str, Any] = {"begin": 0, "how": "loss", "steps": 0}
    compute = FiniteTrainer.compute_loss

    class Spoilt(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, loss: torch.Tensor) -> torch.Tensor:
            return loss.clone()

        @staticmethod
        def backward(context: Any, gradient: torch.Tensor) -> torch.Tensor:
            return gradient * float("inf")

    def compute_loss(self: Any, model: Any, inputs: dict[str, Any], *more: Any, **options: Any) -> Any:
        loss = compute(self, model, inputs, *more, **options)
        ends = self.processing_class(BAD).input_ids
        rows = [[one for one in row if one >= 0] for row in inputs["labels"].tolist()]
        if not model.training or ends not in rows or self.state.global_step < asked["begin"]:
            return loss
        return loss * float("nan") if asked["how"] == "loss" else Spoilt.apply(loss)  # type: ignore[operator, no-untyped-call]

    monkeypatch.setattr(FiniteTrainer, "compute_loss", compute_loss)
    yield asked


@pytest.mark.parametrize("how", ["loss", "gradient"])
def test_the_first_row_without_a_finite_loss_or_gradient_stops_the_run_and_is_named(
    tmp_path: Path, at_the_bad_row: dict[str, Any], how: str
) -> None:
    at_the_bad_row["begin"] = 10**9
    options = tuned(tmp_path)
    run(options)
    at_the_bad_row.update(begin=2, how=how)
    before = contents(options.output)
    error = broken(replace(options, epochs=4))
    assert (error.key, error.fields["step"]) == ("train_row_not_finite", 3)
    assert str(error.fields["row"]).endswith(f"→ {BAD}") and "Basketball Jersey" in str(error.fields["row"])
    assert contents(options.output) == before
    assert sorted(path.name for path in options.work.glob("checkpoint-*")) == ["checkpoint-1", "checkpoint-2"]
    at_the_bad_row["begin"] = 10**9
    assert run(replace(options, epochs=4, resume=True)) == options.output


def test_where_no_single_row_is_to_blame_the_step_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compute = FiniteTrainer.compute_loss

    def compute_loss(self: Any, model: Any, inputs: dict[str, Any], *more: Any, **options: Any) -> Any:
        loss = compute(self, model, inputs, *more, **options)
        return loss * float("inf") if model.training and len(inputs["labels"]) > 1 else loss  # type: ignore[operator]

    monkeypatch.setattr(FiniteTrainer, "compute_loss", compute_loss)
    error = broken(tuned(tmp_path))
    assert (error.key, error.fields["step"]) == ("train_not_finite", 1)


def test_a_loss_on_the_questions_that_is_no_number_stops_the_run_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    predict = FiniteTrainer.prediction_step

    def without_a_loss(self: Any, *asked: Any, **more: Any) -> Any:
        loss, written, labels = predict(self, *asked, **more)
        return loss * float("nan"), written, labels  # type: ignore[operator]

    monkeypatch.setattr(FiniteTrainer, "prediction_step", without_a_loss)
    options = tuned(tmp_path)
    assert broken(options).key == "train_not_finite"
    assert not options.output.exists() and not list(options.work.glob("checkpoint-*"))
