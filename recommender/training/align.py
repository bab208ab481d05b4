"""Rows of words brought together across languages, so that a name says the same in English and in Arabic.

Each good has a place: the mean of what all its names say, in both languages and both spaces of `towers`. The words'
rows are moved until their names come near that place, and the place is taken anew. What one language's words say by
chance, the other's correct: picks become better in both languages, and more often the same. No need is looked at, only
which names are of one good.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from recommender.training.rows import Bag
from recommender.training.towers import TOGETHER, Rows

ROUNDS: Final = 2
STEPS: Final = 150
NEAR: Final = 0.02
"""How much it costs to leave where the needs have bent a row to, against the distance of the names."""
RATE: Final = 0.01


def align(bent: Rows, bags: Mapping[str, Bag], *, rounds: int = ROUNDS, steps: int = STEPS, near: float = NEAR) -> Rows:
    """`bent` with its rows moved; every bag of `bags` names the same goods in the same order."""
    before = torch.from_numpy(bent.rows)
    size = before.norm(dim=1).mean()
    names = torch.arange(len(next(iter(bags.values())).words))
    rows = before.clone()
    for _ in range(rounds):
        places = _halves(sum((_said(bag, rows, names) for bag in bags.values()), torch.zeros(())))
        moved = rows.clone().requires_grad_()
        optimizer = torch.optim.Adam([moved], lr=RATE * float(size) / before.shape[1] ** 0.5)
        for _ in range(steps):
            near_by = [(_said(bag, moved, names) * places).sum(1).mean() for bag in bags.values()]
            left = ((moved - before) / size).square().sum(1).mean() * before.shape[1] / 10
            loss = near * left - torch.stack(near_by).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        rows = moved.detach()
    return Rows(rows.numpy(), bent.together, bent.kind)


def _said(bag: Bag, rows: Tensor, names: Tensor) -> Tensor:
    return _halves(bag.means(rows, names))


def _halves(means: Tensor) -> Tensor:
    parts = (means[..., :TOGETHER], means[..., TOGETHER:])
    return torch.cat([functional.normalize(part, dim=-1) for part in parts], -1)
