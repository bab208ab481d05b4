"""Batches for a shop's T5: prompts, and how likely each item is the answer.

The first token of an answer says which name it is, so one prompt teaches the probabilities of all candidates at once:
a mixture of what was bought next and of what a teacher, a method that learns in seconds, holds likely. The tokens that
follow the first one are those of the item that was bought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from recommender.recommenders.sales.numbered import Scorer
from recommender.shop.sales.history import Question
from recommender.training.shop.examples import Examples, offered, shuffled, some_of, told
from recommender.training.shop.prompts import NONE, Writer
from recommender.training.shop.wording import Wording

POOL: Final = 16
"""Batches whose examples are drawn together and sorted by length."""


@dataclass(frozen=True)
class Batch:
    """Prompts and their answers, in the numbering of the small table.

    Attributes:
        ids: prompts, padded, shape (rows, longest).
        mask: 1 where `ids` has a token, the same shape.
        first: how likely each row of the table is the answer's first token, shape (rows, table).
        written: what the decoder has written before each token of the answer, shape (rows, longest answer).
        counted: whether each row of the table is one that the first token is told apart from, shape (table,).
        rest: the answer's tokens after the first, the end included; -100 elsewhere, shape (rows, longest answer - 1).
    """

    ids: Tensor
    mask: Tensor
    first: Tensor
    counted: Tensor
    written: Tensor
    rest: Tensor


@dataclass(frozen=True)
class Taste:
    """How examples are made into rows.

    Attributes:
        offered: candidates on offer, the answer among them; 0 for all.
        shuffled: the share of batches in which their order is not the catalogue's.
        spelling: the share of batches in which some items are written in words.
        spelt: the share of items that are, there.
        taught: how much of an answer's probability is the teacher's.
    """

    offered: int = 0
    shuffled: float = 0.2
    spelling: float = 0.3
    spelt: float = 0.2
    taught: float = 0.5


class Batches:
    """An endless supply of batches, which depends on the seed alone."""

    def __init__(
        self,
        examples: Examples,
        writers: Sequence[Writer],
        wording: Wording,
        places: Tensor,
        *,
        repeats: bool,
        rows: int,
        seed: int,
        teacher: Scorer | None = None,
        weights: np.ndarray | None = None,
    ) -> None:
        """`places` is the small table's row of each id; `weights` are the examples', None for equal ones."""
        self._examples = examples
        self._writers = writers
        self._wording = wording
        self._places = places.numpy()
        self._size = int(places.max()) + 1
        # A row that no prompt offers would only learn that it is never the answer.
        self._counted = torch.ones(self._size, dtype=torch.bool)
        self._counted[places[len(places) - len(wording.rows) :]] = False
        for writer in writers:
            unsold = [pieces.alone[0] for pieces, sold in zip(writer.pieces, examples.sold, strict=True) if not sold]
            self._counted[places[unsold]] = False
        self._repeats = repeats
        self._rows = rows
        self._teacher = teacher
        self._weights = weights
        self._rng = np.random.default_rng(seed)
        self._waiting: list[int] = []
        self._ready: list[list[Question]] = []

    def next(self, taste: Taste) -> Batch:
        """The next batch."""
        if not self._ready:
            self._fill()
        return self.of(self._ready.pop(), taste)

    def _fill(self) -> None:
        wanted = POOL * self._rows
        while len(self._waiting) < wanted:
            self._waiting += shuffled(len(self._examples), self._weights, self._rng)
        drawn = [self._examples[number] for number in self._waiting[:wanted]]
        del self._waiting[:wanted]
        drawn.sort(key=lambda question: len(question.history.events))
        groups = [drawn[begin : begin + self._rows] for begin in range(0, wanted, self._rows)]
        self._ready = [groups[number] for number in self._rng.permutation(len(groups))]

    def of(self, questions: Sequence[Question], taste: Taste) -> Batch:
        """A batch of these questions."""
        writer = self._writers[int(self._rng.integers(len(self._writers)))]
        items = len(writer.names)
        spelt = NONE
        if self._rng.random() < taste.spelling:
            spelt = self._wording.some(writer.pieces, taste.spelt, self._rng)
        lists = [self._offer(question, items, taste) for question in questions]
        if self._rng.random() < taste.shuffled:
            lists = [[int(item) for item in self._rng.permutation(on_offer)] for on_offer in lists]
        likely = self._likely(questions, lists, items, taste)
        prompts = []
        for question, on_offer in zip(questions, lists, strict=True):
            bought, viewed, cart = told(question.history, repeats=self._repeats)
            prompts.append(writer.prompt(bought, on_offer, viewed, cart, spelt))
        names = [writer.name(item, spelt) for item in range(items)]
        firsts = torch.from_numpy(self._places[[name[0] for name in names]])
        first = torch.zeros(len(questions), self._size).index_add_(1, firsts, torch.from_numpy(likely))
        counted = self._counted.clone()
        counted[first.sum(0) > 0] = True
        counted[[int(self._places[spelt[item].alone[0]]) for item in spelt if self._examples.sold[item]]] = True
        return self._padded(prompts, [names[question.next] for question in questions], first, counted)

    def _offer(self, question: Question, items: int, taste: Taste) -> list[int]:
        on_offer = offered(question.history, items, repeats=self._repeats)
        # What was never sold is not on offer here, lest it be learned that it never will be.
        sold = [item for item in on_offer if self._examples.sold[item]]
        return some_of(sold, question.next, taste.offered or items, self._rng)

    def _likely(
        self, questions: Sequence[Question], lists: Sequence[Sequence[int]], items: int, taste: Taste
    ) -> np.ndarray:
        """Shape (questions, items): how likely each is the answer, 0 for what is not on offer."""
        bought = np.zeros((len(questions), items), np.float32)
        bought[np.arange(len(questions)), [question.next for question in questions]] = 1.0
        if self._teacher is None or not taste.taught:
            return bought
        scores = self._teacher.scores([question.history for question in questions]).astype(np.float32)
        on_offer = np.full(scores.shape, -np.inf, np.float32)
        for row, numbers in enumerate(lists):
            on_offer[row, numbers] = scores[row, numbers]
        taught = np.exp(on_offer - on_offer.max(1, keepdims=True))
        taught /= taught.sum(1, keepdims=True)
        mixed: np.ndarray = taste.taught * taught + (1 - taste.taught) * bought
        return mixed

    def _padded(
        self, prompts: Sequence[list[int]], answers: Sequence[tuple[int, ...]], first: Tensor, counted: Tensor
    ) -> Batch:
        end = prompts[0][-1]
        longest = max(map(len, prompts))
        ids = np.zeros((len(prompts), longest), np.int64)
        mask = np.zeros((len(prompts), longest), np.int64)
        for row, prompt in enumerate(prompts):
            ids[row, : len(prompt)] = self._places[prompt]
            mask[row, : len(prompt)] = 1
        most = max(map(len, answers))
        written = np.zeros((len(answers), most + 1), np.int64)
        rest = np.full((len(answers), most), -100)
        for row, answer in enumerate(answers):
            told_ids = self._places[[*answer, end]]
            written[row, 1 : len(told_ids)] = told_ids[:-1]
            rest[row, : len(told_ids) - 1] = told_ids[1:]
        tensors = [torch.from_numpy(array) for array in (ids, mask, written, rest)]
        return Batch(tensors[0], tensors[1], first, counted, tensors[2], tensors[3])
