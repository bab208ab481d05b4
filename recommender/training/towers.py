"""Rows for words in two spaces: what goes together, and what could replace what.

A word's row is t A + d: t the teacher's vector of the word (256 principal axes), A one matrix for all words, d what is
the word's own. Its first `TOGETHER` numbers say what it is bought with, the next `KIND` what it could be replaced by.
A name is the mean of its words' rows, in either language. What a customer with basket B buys next:

    score(c) = S cos(together(c), mean over b in B of together(b)) - T max over b in B of cos(kind(c), kind(b))

Both spaces, S and T are learned by contrast over needs: an answer is told from the other answers of the batch and from
what could replace the bought; a good is told from other goods by one of its kind. A carries to words that no need has;
d is held small, so that it says only what has been seen.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from recommender.corpus.world.base import KnowledgeBase, Need
from recommender.shop.items import NAMED_IN
from recommender.training.rows import Bag
from recommender.training.teacher import Vectors

TOGETHER: Final = 64
KIND: Final = 64
BEGIN: Final = (12.0, 4.0)
KIND_SHARPNESS: Final = 10.0
KIND_SHARE: Final = 0.5
FAR: Final = -1e4


@dataclass(frozen=True)
class Rows:
    """Rows of words, shape (words, TOGETHER + KIND), with S and T of the score."""

    rows: Vectors
    together: float
    kind: float


@dataclass(frozen=True)
class Towers:
    """The score over goods: unit vectors of every good by its id, as the mean over both languages."""

    number: Mapping[str, int]
    goes: Vectors
    is_kind: Vectors
    rows: Rows

    @classmethod
    def over(cls, base: KnowledgeBase, rows: Rows, bags: Mapping[str, Bag]) -> Towers:
        """The towers of all goods of `base`."""
        table, every = torch.from_numpy(rows.rows), torch.arange(len(base.goods))
        parts = [_split(bags[language].means(table, every)) for language in NAMED_IN]
        goes, kinds = (functional.normalize(sum(vectors), dim=-1).numpy() for vectors in zip(*parts, strict=True))
        return cls({good.id: place for place, good in enumerate(base.goods)}, goes, kinds, rows)

    def scores(self, basket: Sequence[str], offered: Sequence[str]) -> Vectors:
        """The score of each id that is offered, shape (offered,)."""
        bought, there = ([self.number[key] for key in keys] for keys in (basket, offered))
        goes = self.goes[there] @ self.goes[bought].mean(0)
        alike = (self.is_kind[there] @ self.is_kind[bought].T).max(1)
        found: Vectors = self.rows.together * goes - self.rows.kind * alike
        return found


def _split(means: Tensor) -> tuple[Tensor, Tensor]:
    return functional.normalize(means[..., :TOGETHER], dim=-1), functional.normalize(means[..., TOGETHER:], dim=-1)


def bend(
    base: KnowledgeBase,
    whole: KnowledgeBase,
    rows: Vectors,
    bags: Mapping[str, Bag],
    *,
    steps: int = 2500,
    batch: int = 256,
    stiffness: float = 1e-4,
    seed: int = 0,
    check: Callable[[int, Rows], None] | None = None,
) -> Rows:
    """The teacher's `rows`, shape (words, 256), bent to the needs of `base`; `bags` are of the goods of `whole`."""
    rng = random.Random(f"towers/{seed}")
    number = {good.id: place for place, good in enumerate(whole.goods)}
    mates = _mates(base, number)
    kinds = {kind: place for place, kind in enumerate({good.kind for good in whole.goods})}
    kind_of = torch.tensor([kinds[good.kind] for good in whole.goods])
    place = {need.id: row for row, need in enumerate(base.needs)}
    serves = torch.zeros(len(base.needs), len(whole.goods), dtype=torch.bool)
    for row, need in enumerate(base.needs):
        serves[row, [number[member.good.id] for member in need.members]] = True
    fixed = torch.from_numpy(rows)
    matrix = torch.cat([torch.eye(rows.shape[1])[:, :TOGETHER], torch.eye(rows.shape[1])[:, :KIND]], 1).requires_grad_()
    own = torch.nn.Embedding(rows.shape[0], TOGETHER + KIND, sparse=True)
    torch.nn.init.zeros_(own.weight)
    sharpness = torch.tensor(BEGIN).log().requires_grad_()
    optimizers = (torch.optim.Adam([matrix, sharpness], lr=1e-3), torch.optim.SparseAdam(own.parameters(), lr=2e-3))

    def now() -> Rows:
        together, kind = sharpness.exp().tolist()
        return Rows((fixed @ matrix + own.weight).detach().numpy(), together, kind)

    for step in range(steps):
        chosen = _choose(base.needs, base, batch, rng)
        told = torch.tensor([[number[key] for key in basket] for basket, _, _ in chosen])
        right = torch.tensor([number[answer] for _, answer, _ in chosen])
        instead = [rng.choice(mates[key] or right.tolist()) for key in (rng.choice(row) for row in told.tolist())]
        offered = torch.cat([right, torch.tensor(instead)])
        paired = [key for key in {*right.tolist(), *told.flatten().tolist()} if mates[key]]
        rng.shuffle(paired)
        one = torch.tensor(paired[:batch])
        other = torch.tensor([rng.choice(mates[key]) for key in paired[:batch]])
        first, second = bags[rng.choice(list(bags))], bags[rng.choice(list(bags))]
        parts = ((first, told), (second, offered), (first, one), (second, other))
        words = torch.cat([bag.words[which].flatten() for bag, which in parts]).unique()
        moved = own(words)
        bent = fixed[words] @ matrix + moved
        (goes, kind), (goes_on, kind_on), (_, mine), (_, mate) = (
            _split(bag.means(bent, which, words)) for bag, which in parts
        )
        together, apart = sharpness.exp()
        alike = torch.einsum("bnd,cd->bnc", kind, kind_on).amax(1)
        scores = together * functional.normalize(goes.mean(1), dim=-1) @ goes_on.T - apart * alike
        # What serves the asked need too is no wrong answer, unless it could replace what was bought.
        of_kind = (kind_of[told][:, :, None] == kind_of[offered]).any(1)
        right_too = serves[torch.tensor([place[need] for _, _, need in chosen])][:, offered] & ~of_kind
        right_too |= (told[:, :, None] == offered).any(1)
        loss = _told_apart(scores, right_too)
        loss = loss + KIND_SHARE * _told_apart(KIND_SHARPNESS * mine @ mate.T, kind_of[one][:, None] == kind_of[other])
        loss = loss + stiffness * moved.pow(2).sum()
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
        if check and (step + 1) % 250 == 0:
            check(step + 1, now())
    return now()


def _told_apart(scores: Tensor, no_wrong: Tensor) -> Tensor:
    """Cross-entropy of the diagonal of `scores`, shape (rows, rows or more), where `no_wrong` ones don't count."""
    own = torch.arange(len(scores))
    no_wrong = no_wrong.clone()
    no_wrong[own, own] = False
    return functional.cross_entropy(scores.masked_fill(no_wrong, FAR), own)


def _mates(base: KnowledgeBase, number: Mapping[str, int]) -> dict[int, list[int]]:
    """For each good of a need of `base`, by number: others of its kind there."""
    goods = {member.good.id: member.good for need in base.needs for member in need.members}
    of_kind: dict[str, list[int]] = defaultdict(list)
    for good in goods.values():
        of_kind[good.kind].append(number[good.id])
    return {number[key]: [mate for mate in of_kind[good.kind] if mate != number[key]] for key, good in goods.items()}


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
