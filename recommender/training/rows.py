"""Rows for words: what the teacher says of each, bent until goods that serve one need lie near one another.

A word's row is A t + d: t the teacher's vector of the word (256 principal axes), A one matrix for all words, d what is
the word's own. A good's vector is the mean of the rows of its name's words, in either language. Both are learned by
contrast: a good of a need is told from the other goods in the batch by the mean of one to three others of that need,
across the languages. A carries to words that no need has; d is held small, so that it says only what has been seen.

Arabic words begin from ridge regression: the rows that, averaged over the words of an Arabic name, come nearest to
the teacher's vector of the English one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from recommender.corpus.world.base import KnowledgeBase, Need
from recommender.training.teacher import Vectors, unit

RIDGE: Final = 0.3
SHARPNESS: Final = 12.0


def arabic_rows(names: Sequence[Sequence[int]], vectors: Vectors, count: int) -> Vectors:
    """Rows, shape (count, width), of the words of `names` (word numbers), whose mean comes nearest to `vectors`.

    Solved by conjugate gradients on the normal equations (X'X + RIDGE) W = X'V, X (names, words) sparse.
    """
    places = [(row, word) for row, words in enumerate(names) for word in words]
    values = [1.0 / len(names[row]) ** 0.5 for row, _ in places]
    x = torch.sparse_coo_tensor(
        torch.tensor(places).T, torch.tensor(values), (len(names), count), check_invariants=True
    ).coalesce()
    target = torch.from_numpy(vectors)
    right = torch.sparse.mm(x.t(), target)

    def apply(w: Tensor) -> Tensor:
        moved: Tensor = torch.sparse.mm(x.t(), torch.sparse.mm(x, w)) + RIDGE * w
        return moved

    w = torch.zeros_like(right)
    residual = right.clone()
    direction = residual.clone()
    size = (residual * residual).sum(0)
    for _ in range(60):
        moved = apply(direction)
        step = size / (direction * moved).sum(0).clamp(min=1e-12)
        w, residual = w + step * direction, residual - step * moved
        fresh = (residual * residual).sum(0)
        direction = residual + fresh / size.clamp(min=1e-12) * direction
        size = fresh
    return unit(w.numpy())


class Bag:
    """Names as bags of words: numbers (names, longest) and their weights, so that a mean is two look-ups."""

    def __init__(self, names: Sequence[Sequence[int]]) -> None:
        longest = max(map(len, names))
        self.words = torch.zeros(len(names), longest, dtype=torch.long)
        self.weights = torch.zeros(len(names), longest)
        for place, words in enumerate(names):
            self.words[place, : len(words)] = torch.tensor(words)
            self.weights[place, : len(words)] = 1.0 / len(words)

    def vectors(self, rows: Tensor, which: Tensor, among: Tensor | None = None) -> Tensor:
        """Unit vectors, shape (*which, width), from all rows or from those of the words `among` (sorted)."""
        words = self.words[which] if among is None else torch.searchsorted(among, self.words[which])
        mean = (rows[words] * self.weights[which][..., None]).sum(-2)
        return functional.normalize(mean, dim=-1)


def bend(
    base: KnowledgeBase,
    rows: Vectors,
    bags: Mapping[str, Bag],
    *,
    steps: int = 1500,
    batch: int = 256,
    stiffness: float = 3e-4,
    seed: int = 0,
    check: Callable[[int, Vectors], None] | None = None,
) -> Vectors:
    """`rows` bent toward the needs of `base`, shape (words, width); `bags` are the goods' names by language."""
    rng = random.Random(f"bend/{seed}")
    number = {good.id: place for place, good in enumerate(base.goods)}
    fixed = torch.from_numpy(rows)
    matrix = torch.eye(rows.shape[1]).requires_grad_()
    own = torch.nn.Embedding(rows.shape[0], rows.shape[1], sparse=True)
    torch.nn.init.zeros_(own.weight)
    optimizers = (torch.optim.Adam([matrix], lr=1e-3), torch.optim.SparseAdam(own.parameters(), lr=2e-3))
    languages = list(bags)
    place = {need.id: row for row, need in enumerate(base.needs)}
    serves = torch.zeros(len(base.needs), len(base.goods), dtype=torch.bool)
    for row, need in enumerate(base.needs):
        serves[row, [number[member.good.id] for member in need.members]] = True
    for step in range(steps):
        chosen = _choose(base.needs, base, batch, rng)
        told = torch.tensor([[number[m] for m in basket] for basket, _, _ in chosen])
        right = torch.tensor([number[answer] for _, answer, _ in chosen])
        one, other = rng.choice(languages), rng.choice(languages)
        words = torch.cat([bags[one].words[told].flatten(), bags[other].words[right].flatten()]).unique()
        moved = own(words)
        bent = fixed[words] @ matrix + moved
        asked = functional.normalize(bags[one].vectors(bent, told, words).mean(1), dim=-1)
        offered = bags[other].vectors(bent, right, words)
        scores = SHARPNESS * asked @ offered.T
        # What serves the asked need too is no wrong answer.
        same = serves[torch.tensor([place[need] for _, _, need in chosen])][:, right]
        same.fill_diagonal_(False)
        scores = scores.masked_fill(same, -1e4)
        loss = functional.cross_entropy(scores, torch.arange(batch))
        loss = loss + stiffness * moved.pow(2).sum()
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
        if check and (step + 1) % 250 == 0:
            check(step + 1, (fixed @ matrix + own.weight).detach().numpy())
    return (fixed @ matrix + own.weight).detach().numpy()


def _choose(
    needs: Sequence[Need], base: KnowledgeBase, count: int, rng: random.Random
) -> list[tuple[list[str], str, str]]:
    """`count` baskets of three draws of one need's goods, an answer of another kind, and the need.

    Half the batch comes from few shops, so that what it is told from lies near.
    """
    found: list[tuple[list[str], str, str]] = []
    near = [need for shop in rng.sample(list(base.by_shop), min(4, len(base.by_shop))) for need in base.by_shop[shop]]
    while len(found) < count:
        need = rng.choice(near if len(found) % 2 else needs)
        answer = rng.choice(need.members).good
        others = [m.good.id for m in need.members if m.good.kind != answer.kind]
        if others:
            few = rng.sample(others, min(len(others), rng.randint(1, 3)))
            found.append((rng.choices(few, k=3), answer.id, need.id))
    return found
