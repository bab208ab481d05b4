"""Batches as tensors, the metrics of written answers, and where a run goes on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from transformers import EvalPrediction, PreTrainedTokenizerFast, Seq2SeqTrainer

from recommender import prompt
from recommender.training.checkpoints import is_whole
from recommender.training.corpus.data import Question
from recommender.training.initialise import compact_config, new_model
from recommender.training.trainer import (
    IGNORED,
    BatchStream,
    Clock,
    Questions,
    build_trainer,
    collate,
    curve,
    fitting_shares,
    keep,
    kept_log,
    seconds_of,
)
from tests.tiny import tiny_model, tiny_tokenizer

ASKED = [
    Question(kind, ("Soccer Ball",), ("Soccer Jersey", "Football"), name, frozenset({name}), "en")
    for kind, name in (("rows_en", "Soccer Jersey"), ("wide", "Football"))
]


def test_rows_of_all_parts_are_padded_to_one_batch() -> None:
    batch = collate([[([5, 6, 1], [[7, 1]])], [([5, 1], [[7, 8, 1]]), ([9, 1], [[1]])]])
    assert batch["input_ids"].tolist() == [[5, 6, 1], [5, 1, 0], [9, 1, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0], [1, 1, 0]]
    assert batch["labels"].tolist() == [[7, 1, IGNORED], [7, 8, 1], [1, IGNORED, IGNORED]]
    assert {tensor.dtype for tensor in batch.values()} == {torch.long}


def test_a_stream_of_batches_begins_where_it_is_told() -> None:
    stream = BatchStream(lambda number: [([number], [[1]])], start=5)
    assert [batch for batch, _ in zip(stream, range(2), strict=False)] == [[([5], [[1]])], [([6], [[1]])]]


def test_questions_are_the_prompts_of_serving(tokenizer: PreTrainedTokenizerFast) -> None:
    rows = Questions(ASKED, tokenizer)
    assert len(rows) == 2
    text = prompt.fill(("Soccer Ball",), ("Soccer Jersey", "Football"), "en")
    assert rows[1] == [(tokenizer(text).input_ids, [tokenizer("Football").input_ids])]


def test_shares_are_by_kind_and_their_mean_is_what_the_best_checkpoint_is_chosen_by(
    tokenizer: PreTrainedTokenizerFast,
) -> None:
    written = [tokenizer("Soccer Jersey").input_ids, tokenizer("Soccer Jersey").input_ids]
    padded = np.array([[*ids, IGNORED, IGNORED] for ids in written])
    shares = fitting_shares(ASKED, tokenizer)(EvalPrediction(predictions=padded, label_ids=padded))
    assert shares == {"rows_en": 1.0, "wide": 0.0, "on_offer": 1.0, "fitting": 0.5}


LONG = "Qvindor Stainless Steel Vacuum Insulated Water Bottle with Handle and Drinking Straw"


def trainer_of(folder: Path, questions: list[Question], **options: int) -> Seq2SeqTrainer:
    model, tokenizer = tiny_model(), PreTrainedTokenizerFast(tokenizer_object=tiny_tokenizer(), pad_token="<pad>")
    numbers: dict[str, Any] = {"steps": 1, "evaluate_every": 1, "seed": 0, "warmup": 0, "decay": 0, **options}
    row = (tokenizer(LONG).input_ids, [tokenizer("Football").input_ids])
    return build_trainer(
        model, tokenizer, lambda number: [row], questions, folder, learning_rate=1e-3, cpu=True, **numbers
    )


@pytest.mark.parametrize("names", [(LONG, "Football"), ("Football", LONG), ("Football", "Tennis Ball")])
def test_answers_are_not_judged_by_cut_texts_however_long_the_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str]
) -> None:
    """They were cut after 24 tokens, and none of them fitted."""
    target, other = names
    question = Question("rows_en", ("Soccer Ball",), (target, other), target, frozenset({target}), "en")
    trainer = trainer_of(tmp_path, [question, question])

    def generate(labels: torch.Tensor, max_length: int, **more: object) -> torch.Tensor:
        start = torch.zeros(len(labels), 1, dtype=torch.long)
        return torch.cat([start, labels.clamp(min=0)], 1)[:, :max_length]

    monkeypatch.setattr(trainer.model, "generate", generate)
    metrics = trainer.evaluate()
    assert (metrics["eval_fitting"], metrics["eval_on_offer"]) == (1.0, 1.0)
    tokenizer: Any = trainer.processing_class
    longest = max(len(tokenizer(name).input_ids) for name in names)
    assert vars(trainer.args)["generation_max_length"] == longest + 1


@pytest.mark.parametrize(
    ("shares", "losses", "best"),
    [
        ([0.0, 0.0, 0.0, 0.0], [4.0, 3.0, 2.0, 2.5], 3),
        ([0.5, 0.5, 0.25, 0.5], [4.0, 3.0, 1.0, 2.5], 4),
        ([0.25, 0.5, 0.25, 0.25], [1.0, 9.0, 1.0, 1.0], 2),
        ([0.5, 0.5, 0.5, 0.5], [float("nan"), 3.0, float("nan"), 4.0], 2),
        ([0.5, 0.5, 0.5, 0.5 + 1e-6], [1.0, 1.0, 1.0, 1e9], 4),
    ],
)
def test_of_checkpoints_that_fit_as_often_the_one_with_the_lower_loss_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shares: list[float], losses: list[float], best: int
) -> None:

    def evaluate(trainer: Seq2SeqTrainer, *given: object, **more: object) -> dict[str, float]:
        place = trainer.state.global_step - 1
        return {"eval_fitting": shares[place], "eval_loss": losses[place]}

    monkeypatch.setattr(Seq2SeqTrainer, "evaluate", evaluate)
    trainer = trainer_of(tmp_path, ASKED, steps=4)
    trainer.train()
    assert trainer.state.best_global_step == best


def test_what_is_not_on_offer_fits_nothing(tokenizer: PreTrainedTokenizerFast) -> None:
    ids = np.array([tokenizer("Soccer Ball").input_ids] * 2)
    shares = fitting_shares(ASKED, tokenizer)(EvalPrediction(predictions=ids, label_ids=ids))
    assert shares["on_offer"] == shares["fitting"] == 0.0


def test_a_curve_keeps_numbers_only() -> None:
    assert curve([{"step": 1, "loss": 2.5, "note": "x"}]) == [{"step": 1.0, "loss": 2.5}]


def test_answers_side_by_side_lose_what_they_lose_alone() -> None:
    model = new_model(compact_config(64), seed=1).eval()
    rows = [([5, 6, 1], [[7, 1], [8, 9, 1]]), ([5, 1], [[9, 9, 8, 1], [7, 1]])]
    together = model(**collate([rows])).loss
    alone = model(**collate([[(given, [answer]) for given, answers in rows for answer in answers]])).loss
    assert torch.allclose(together, alone, atol=1e-5)


def test_the_seconds_of_a_run_add_up_over_its_sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert seconds_of(tmp_path) == 0.0
    (tmp_path / "seconds.json").write_text("100.0", encoding="utf-8")
    now = 7.0
    monkeypatch.setattr("recommender.training.trainer.time.monotonic", lambda: now)
    clock = Clock(tmp_path)
    now = 12.0
    clock.on_save(None, None, None)
    assert seconds_of(tmp_path) == 105.0


def test_a_finished_run_is_kept_whole(tmp_path: Path) -> None:
    class Finished:
        state = SimpleNamespace(log_history=[{"step": 3, "loss": 1.5}])

        def save_model(self, folder: str) -> None:
            Path(folder).mkdir(exist_ok=True)
            (Path(folder) / "model.safetensors").write_text("weights", encoding="utf-8")

    for _ in range(2):
        keep(Finished(), tmp_path / "best")  # type: ignore[arg-type]
        assert is_whole(tmp_path / "best")
    assert kept_log(tmp_path / "best") == [{"step": 3.0, "loss": 1.5}]
    assert [path.name for path in tmp_path.iterdir()] == ["best"]
