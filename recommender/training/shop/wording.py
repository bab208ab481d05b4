"""Other words for the names of a shop, so that a T5 learns what to make of names that it has never seen.

A network that sees a name in the same words again and again knows it by heart, and holds any other words for no item
at all. So a name that is written in words is written in its own, in words whose rows are near by, or in any: the first
teaches that its words mean it, the second that what is called alike is bought alike, and the third that an unheard-of
name is as likely as the average item.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from recommender.training.shop.pieces import Pieces, Vocabulary
from recommender.training.shop.prompts import Spelt

OWN: Final = 0.4
NEAR: Final = 0.4
"""The shares of names in their own words and in near ones; the others are in any words."""
NEIGHBOURS: Final = 6
SWAPPED: Final = 0.6
"""How likely a word of a name in near words is another than its own."""
ANY: Final = 256
"""Words that names in any words are made of."""
_LONGEST: Final = 3
_BEGINS: Final = "▁"


class Wording:
    """Other words for the names of one shop.

    Attributes:
        ids: every id that it may write, besides those of the names' own words.
    """

    def __init__(self, table: Tensor, base: PreTrainedTokenizerBase, vocabulary: Vocabulary, seed: int) -> None:
        """`table` is the base's; near by are rows of a small angle between them."""
        pieces = [str(base.convert_ids_to_tokens(token)) for token in range(vocabulary.old)]
        words = [place for place, piece in enumerate(pieces) if piece.startswith(_BEGINS) and len(piece) > 2]
        own = {token for name in vocabulary.names.values() for token in name.spelt if token < vocabulary.old}
        told = [token for token in sorted(own) if pieces[token].startswith(_BEGINS) and len(pieces[token]) > 2]
        rows = torch.nn.functional.normalize(table[words], dim=-1)
        self._near: dict[int, list[int]] = {}
        if told:
            near = (torch.nn.functional.normalize(table[told], dim=-1) @ rows.T).topk(min(NEIGHBOURS, len(words)))
            self._near = {
                token: [words[place] for place in places]
                for token, places in zip(told, near.indices.tolist(), strict=True)
            }
        rng = np.random.default_rng(seed)
        self._any = [words[place] for place in rng.permutation(len(words))[:ANY]]
        self.ids = {*self._any, *(token for tokens in self._near.values() for token in tokens)}

    def some(self, pieces: Sequence[Pieces], share: float, rng: np.random.Generator) -> Spelt:
        """For `share` of the items words to be written in."""
        chosen = np.flatnonzero(rng.random(len(pieces)) < share)
        return {item: self._one(pieces[item].spelt, rng) for item in chosen.tolist()}

    def _one(self, spelt: tuple[int, ...], rng: np.random.Generator) -> tuple[int, ...]:
        kind = rng.random()
        if kind < OWN or not self._any:
            return spelt
        if kind < OWN + NEAR:
            return tuple(
                int(rng.choice(self._near[token])) if token in self._near and rng.random() < SWAPPED else token
                for token in spelt
            )
        return tuple(int(token) for token in rng.choice(self._any, int(rng.integers(1, _LONGEST + 1))))
