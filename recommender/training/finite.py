"""A training stops at the first NaN or infinity, before any checkpoint is spoilt, and says where it happened.

One NaN in a gradient makes every weight NaN at the next step, and all checkpoints from there on are worthless; the
trainer itself would only leave such losses out of its log.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase, Seq2SeqTrainer, TrainerCallback

from recommender.errors import ModelError
from recommender.language.text import shown

_SHOWN: Final = 160
"""Characters of a row's prompt that are shown."""


def check_weights(model: torch.nn.Module, source: str) -> None:
    """Refuse weights that hold a NaN or an infinity.

    Raises:
        ModelError: naming `source`, where they come from.
    """
    for name, weight in model.named_parameters():
        if not bool(torch.isfinite(weight).all()):
            raise ModelError("train_weights_not_finite", source=source, name=name)


class FromFiniteWeights(TrainerCallback):
    """Looks at the weights and the optimizer's state before the first step, and at the loss of every evaluation."""

    def __init__(self, source: str) -> None:
        self.source = source

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Refuse a checkpoint that is to be gone on from.

        Raises:
            ModelError: naming it.
        """
        check_weights(kwargs["model"], self.source)
        optimizer = getattr(kwargs.get("optimizer"), "optimizer", kwargs.get("optimizer"))
        held = optimizer.state.values() if optimizer else ()
        tensors = [one for each in held for one in each.values() if isinstance(one, Tensor) and one.is_floating_point()]
        if not all(bool(torch.isfinite(one).all()) for one in tensors):
            raise ModelError("train_weights_not_finite", source=self.source, name="optimizer.pt")

    def on_evaluate(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Stop where the loss on the questions is no number.

        Raises:
            ModelError: naming the step.
        """
        loss = (kwargs.get("metrics") or {}).get("eval_loss", 0.0)
        if not torch.isfinite(torch.tensor(float(loss))):
            raise ModelError("train_not_finite", step=state.global_step, folder=args.output_dir)


class FiniteTrainer(Seq2SeqTrainer):
    """A trainer that stops at the first loss or gradient that is no finite number; nothing is saved after that."""

    def training_step(
        self, model: torch.nn.Module, inputs: dict[str, Any], num_items_in_batch: Tensor | int | None = None
    ) -> Tensor:
        """One forward and backward pass.

        Raises:
            ModelError: naming the step, and the first row whose own loss or gradient is no finite number.
        """
        loss: Tensor = super().training_step(model, inputs, num_items_in_batch)
        if not (bool(torch.isfinite(loss).all()) and _finite_gradients(model)):
            step = self.state.global_step + 1
            row = next(self._broken_rows(model, inputs), None)
            key = "train_not_finite" if row is None else "train_row_not_finite"
            raise ModelError(key, step=step, row=row, folder=self.args.output_dir)
        return loss

    def _broken_rows(self, model: torch.nn.Module, inputs: dict[str, Any]) -> Iterator[str]:
        """The rows of a batch that alone already make it fail, as texts."""
        # The mask of answers that lie side by side is one for all rows, so it isn't cut into rows.
        shared = {name: value for name, value in inputs.items() if name == "decoder_attention_mask"}
        for place in range(len(inputs["input_ids"])):
            row = {name: value[place : place + 1] for name, value in inputs.items() if name not in shared}
            model.zero_grad()
            loss = super().training_step(model, {**row, **shared})
            if not (bool(torch.isfinite(loss).all()) and _finite_gradients(model)):
                yield self._text(row)

    def _text(self, row: dict[str, Tensor]) -> str:
        tokenizer = self.processing_class
        assert isinstance(tokenizer, PreTrainedTokenizerBase)
        ids = [one for one in row["labels"][0].tolist() if one >= 0]
        ends = [place for place, one in enumerate(ids) if one == tokenizer.eos_token_id]
        prompt, answer = (
            str(tokenizer.decode(one, skip_special_tokens=True))
            for one in (row["input_ids"][0].tolist(), ids[: ends[0]] if ends else ids)
        )
        return f"{shown(prompt, _SHOWN)} → {answer}"


def _finite_gradients(model: torch.nn.Module) -> bool:
    found = [weight.grad for weight in model.parameters() if weight.grad is not None]
    return not found or bool(torch.isfinite(torch.nn.utils.get_total_norm(found)).all())
