"""How good a shop's T5 is on questions, asked in batches while it is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import T5ForConditionalGeneration

from recommender.shop.sales.history import Question
from recommender.training.shop.examples import offered, some_of, told
from recommender.training.shop.prompts import Writer

Places = NDArray[np.int64]
Chances = NDArray[np.float64]
ROWS: Final = 64
CUT: Final = 10


@dataclass(frozen=True)
class Figures:
    """The share of questions whose answer came first, and the mean gain of its place among the first ten.

    `loss` is the mean of the answer's negative log-likelihood among the candidates, in nats.
    """

    hit: float
    ndcg: float
    questions: int
    loss: float = 0.0


class Judge:
    """Asks a small model the same questions again and again.

    Names that are one token compare by that token alone: the model then nearly always ends.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        writer: Writer,
        places: Tensor,
        *,
        repeats: bool,
        most: int | None = None,
        seed: int = 0,
    ) -> None:
        """With `most`, so many candidates at most, the answer among them, drawn once."""
        self._questions = questions
        items = len(writer.names)
        rng = np.random.default_rng(seed)
        self._lists = [
            some_of(offered(question.history, items, repeats=repeats), question.next, most or items, rng)
            for question in questions
        ]
        table = places.numpy()
        self._firsts = table[[writer.name(item)[0] for item in range(items)]]
        self._prompts = []
        for question, on_offer in zip(questions, self._lists, strict=True):
            bought, viewed, cart = told(question.history, repeats=repeats)
            self._prompts.append(table[writer.prompt(bought, on_offer, viewed, cart)])

    def __len__(self) -> int:
        return len(self._questions)

    def answers(self, model: T5ForConditionalGeneration, most: int | None = None) -> tuple[Places, Chances]:
        """Of the first `most` questions' answers the place among the candidates, 1 the best, and the log-likelihood."""
        found, chances = [], []
        model.eval()
        count = len(self._questions) if most is None else min(most, len(self._questions))
        with torch.inference_mode():
            for begin in range(0, count, ROWS):
                numbers = range(begin, min(begin + ROWS, count))
                logits = self._logits(model, [self._prompts[number] for number in numbers])
                for number, row in zip(numbers, logits, strict=True):
                    scores = row[self._firsts]
                    own, others = scores[self._questions[number].next], scores[self._lists[number]]
                    found.append(1 + int((others > own).sum()))
                    chances.append(float(own - np.logaddexp.reduce(others)))
        model.train()
        return np.array(found, np.int64), np.array(chances, np.float64)

    def figures(self, model: T5ForConditionalGeneration, most: int | None = None) -> Figures:
        """Figures over the first `most` questions, 0 where there are none."""
        return figures(*self.answers(model, most))

    def _logits(self, model: T5ForConditionalGeneration, prompts: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
        ids = np.zeros((len(prompts), max(map(len, prompts))), np.int64)
        mask = np.zeros_like(ids)
        for row, prompt in enumerate(prompts):
            ids[row, : len(prompt)], mask[row, : len(prompt)] = prompt, 1
        start = torch.zeros(len(prompts), 1, dtype=torch.long)
        answered = model(
            input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask), decoder_input_ids=start
        )
        found: NDArray[np.float32] = answered.logits[:, 0].numpy()
        return found


def figures(ranks: Places, chances: Chances) -> Figures:
    """Figures of places, 1 the best, and log-likelihoods."""
    if not len(ranks):
        return Figures(0.0, 0.0, 0)
    gains = np.where(ranks <= CUT, 1 / np.log2(ranks + 1), 0.0)
    return Figures(float((ranks == 1).mean()), float(gains.mean()), len(ranks), -float(chances.mean()))
