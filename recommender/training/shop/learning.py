"""One step of a shop's T5, and what its steps are made of."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional
from transformers import T5ForConditionalGeneration

from recommender.training.shop.batches import Batch


@dataclass(frozen=True)
class Recipe:
    """How a training goes.

    Attributes:
        rate: of the layers' weights, the full one.
        rows_rate: how many times that the rows of names get, whose numbers are some 50 times as large.
        rows: prompts of a batch.
        short: candidates of a prompt at first, the answer among them.
        whole_from: the share of the time after which prompts offer all that is on offer.
        most: candidates of a prompt at most, ever: what the model's prompt holds.
        taught: how much of an answer's probability is the teacher's, where there is one.
        spelling: the share of batches in which some items are written in words, as new items are.
        spelt: the share of items that are, there.
        shuffled: the share of batches in which candidates aren't in the catalogue's order.
        rest: what the tokens after an answer's first one count.
    """

    rate: float = 1e-3
    rows_rate: float = 10.0
    rows: int = 32
    short: int = 16
    whole_from: float = 0.4
    most: int = 400
    taught: float = 0.8
    spelling: float = 0.3
    spelt: float = 0.2
    shuffled: float = 0.2
    rest: float = 0.3


class Learner:
    """Moves a model's weights, batch by batch."""

    def __init__(self, model: T5ForConditionalGeneration, recipe: Recipe) -> None:
        self.model = model.train()
        self._recipe = recipe
        shared = model.shared.weight
        layers = [weight for weight in model.parameters() if weight is not shared]
        self._weights = [*layers, shared]
        self._optimizer = torch.optim.AdamW(
            [{"params": layers, "times": 1.0}, {"params": [shared], "times": recipe.rows_rate}],
            lr=recipe.rate,
            betas=(0.9, 0.98),
            weight_decay=0.0,
            fused=True,
        )

    def step(self, batch: Batch, rate: float) -> float:
        """Learn from a batch at `rate`, a part of the full one; the loss.

        Where the gradient is no number the weights stay as they are.
        """
        for group in self._optimizer.param_groups:
            group["lr"] = self._recipe.rate * rate * group["times"]
        loss = loss_of(self.model, batch, self._recipe.rest)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self._weights, 1.0)
        if bool(torch.isfinite(norm)):
            self._optimizer.step()
        self._optimizer.zero_grad()
        return loss.item()


def loss_of(model: T5ForConditionalGeneration, batch: Batch, rest: float) -> Tensor:
    """Cross-entropy of the answers' first token, and `rest` times that of the tokens after it."""
    logits = model(input_ids=batch.ids, attention_mask=batch.mask, decoder_input_ids=batch.written).logits
    chances = logits[:, 0].masked_fill(~batch.counted, -torch.inf).log_softmax(-1)
    first = -(batch.first * chances.masked_fill(~batch.counted, 0.0)).sum(-1).mean()
    later = functional.cross_entropy(logits[:, 1:].flatten(0, 1), batch.rest.flatten(), ignore_index=-100)
    loss: Tensor = first + rest * later
    return loss
