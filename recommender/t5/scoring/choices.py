"""What else stood to choice where a token was written: the likeliest tokens, and those that lead to a name."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from torch import Tensor, float32

from recommender.t5.batching import Name

Chances = tuple[tuple[int, float], ...]
"""Tokens with their probabilities, the likeliest first; of equals the smaller id."""


@dataclass(frozen=True)
class Choices:
    """What stood to choice for one token.

    Attributes:
        best: the likeliest tokens of the vocabulary.
        allowed: the likeliest of those by which one of the names goes on, its end of sequence among them.
        n_allowed: how many such tokens there are.
        allowed_share: their probability together.
        leading: those of them that are told here: the token written itself, or in `best`, or in `allowed`.
    """

    best: Chances
    allowed: Chances
    n_allowed: int
    allowed_share: float
    leading: frozenset[int]


def choices(tokens: Sequence[int], logits: Sequence[Tensor], names: Sequence[Name], count: int) -> list[Choices]:
    """For each of `tokens`, of which `logits` (vocabulary,) it was chosen, the `count` likeliest of either kind.

    `names` are token ids, the end of sequence last; those that begin otherwise than the text has begun allow nothing.
    """
    going, found = list(names), []
    for place, (token, row) in enumerate(zip(tokens, logits, strict=True)):
        chances = row.softmax(-1, dtype=float32)
        likeliest = chances.topk(min(count, len(chances))).indices.tolist()
        leading = {name[place] for name in going}
        allowed = _ordered(chances, leading)
        share = min(1.0, math.fsum(chance for _, chance in allowed))
        told = frozenset(leading & {token, *likeliest, *(one for one, _ in allowed[:count])})
        found.append(Choices(_ordered(chances, likeliest), allowed[:count], len(leading), share, told))
        going = [name for name in going if name[place] == token and len(name) > place + 1]
    return found


def _ordered(chances: Tensor, tokens: Collection[int]) -> Chances:
    if not tokens:
        return ()
    pairs = zip(tokens, chances[list(tokens)].tolist(), strict=True)
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
