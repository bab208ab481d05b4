"""Rows that names have before anything was learned of them, so that a T5 learns what to make of new items.

An item that was never sold has a piece as all others do, whose row says what its words mean and nothing more. So in
training some of the items that were sold are given such rows, too: the sum of their own words, of words whose rows are
near by, or of any words. The first teaches what words mean, the second that what is called alike is bought alike, and
the third that something unheard-of is as likely as the average item. Now and then a name is written word by word, as
one is that isn't in the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from recommender.training.shop.pieces import Pieces, Vocabulary, mean_length, sum_of
from recommender.training.shop.prompts import Spelt

WRITTEN: Final = 0.1
OWN: Final = 0.4
NEAR: Final = 0.3
"""The shares of names that are written, and that have rows of their own words and of near ones; the others have any."""
NEAR_ROWS: Final = 3
"""Rows of near words for each name."""
NEIGHBOURS: Final = 6
SWAPPED: Final = 0.6
"""How likely a word of a name in near words is another than its own."""
ANY: Final = 256
"""Rows of any words."""
_LONGEST: Final = 3
_BEGINS: Final = "▁"


class Wording:
    """Other pieces for the names of one shop.

    Attributes:
        rows: of the pieces, whose ids follow all those of the vocabulary, shape (rows, width).
    """

    def __init__(self, table: Tensor, base: PreTrainedTokenizerBase, vocabulary: Vocabulary, seed: int) -> None:
        """`table` is the base's; near by are rows of a small angle between them."""
        pieces = [str(base.convert_ids_to_tokens(token)) for token in range(vocabulary.old)]
        words = [place for place, piece in enumerate(pieces) if piece.startswith(_BEGINS) and len(piece) > 2]
        parts = {name.spelt: _base_parts(name.spelt, vocabulary) for name in vocabulary.names.values()}
        told = sorted({token for tokens in parts.values() for token in tokens} & set(words))
        rng = np.random.default_rng(seed)
        near = _nearest(table, told, words)
        any_words = [
            [int(token) for token in rng.choice(words, int(rng.integers(1, _LONGEST + 1)))] for _ in range(ANY)
        ]
        length = mean_length(table)
        rows = [sum_of(table, tokens, length) for tokens in any_words]
        begin = len(vocabulary.tokenizer)
        self._any = [begin + place for place in range(len(rows))]
        self._own: dict[tuple[int, ...], int] = {}
        self._near: dict[tuple[int, ...], list[int]] = {}
        self._comma = vocabulary.comma
        for spelt, tokens in parts.items():
            self._own[spelt] = begin + len(rows)
            rows.append(sum_of(table, tokens, length))
            self._near[spelt] = []
            for _ in range(NEAR_ROWS):
                self._near[spelt].append(begin + len(rows))
                swapped = [
                    int(rng.choice(near[one])) if one in near and rng.random() < SWAPPED else one for one in tokens
                ]
                rows.append(sum_of(table, swapped, length))
        self.rows = torch.stack(rows)

    def some(self, pieces: Sequence[Pieces], share: float, rng: np.random.Generator) -> Spelt:
        """Other pieces for `share` of the items."""
        chosen = np.flatnonzero(rng.random(len(pieces)) < share)
        return {item: self._one(pieces[item].spelt, rng) for item in chosen.tolist()}

    def _one(self, spelt: tuple[int, ...], rng: np.random.Generator) -> Pieces:
        kind = rng.random()
        if kind < WRITTEN:
            return Pieces((*spelt, *self._comma), spelt, spelt)
        if kind < WRITTEN + OWN:
            token = self._own[spelt]
        else:
            token = int(rng.choice(self._near[spelt] if kind < WRITTEN + OWN + NEAR else self._any))
        return Pieces((token,), (token,), spelt)


def _base_parts(spelt: Sequence[int], vocabulary: Vocabulary) -> list[int]:
    """The base's ids behind those of a name, which may be words in capitals."""
    return [part for token in spelt for part in vocabulary.parts.get(token, (token,))]


def _nearest(table: Tensor, told: Sequence[int], words: Sequence[int]) -> dict[int, list[int]]:
    """For each of the ids `told` the nearest of `words`."""
    if not told:
        return {}
    rows = torch.nn.functional.normalize(table[list(words)], dim=-1)
    own = torch.nn.functional.normalize(table[list(told)], dim=-1)
    near = (own @ rows.T).topk(min(NEIGHBOURS, len(words))).indices.tolist()
    return {token: [words[place] for place in places] for token, places in zip(told, near, strict=True)}
