"""A T5 with the part of its table that one shop's texts need: what trains in minutes, and goes back into the whole.

The table has 36,000 rows, a shop's texts some 1,000. The small model's rows of names are trained, a name and its twin
with a comma as one; those of words stay, so that a name it has never seen still means what its words do.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import torch
from torch import Tensor
from transformers import T5Config, T5ForConditionalGeneration

from recommender.training.shop.pieces import Vocabulary, first_rows, rows_needed

_TABLES: Final = ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight")


class ShopT5:
    """The small model and how its rows are numbered.

    Attributes:
        model: the small T5, of which only names' rows and the layers are trained.
        places: for each id of the whole vocabulary its row in the small table, -1 for none.
    """

    def __init__(
        self, base: T5ForConditionalGeneration, vocabulary: Vocabulary, used: Collection[int], rows: Tensor
    ) -> None:
        """`used` are the ids of the shop's texts, and further ones that answers are told apart from.

        `rows` (rows, width) are numbered after all ids of `vocabulary.tokenizer`, stay as they are, and are no part of
        the whole.
        """
        self.vocabulary = vocabulary
        before = base.shared.weight.detach()
        whole = first_rows(before, vocabulary, rows_needed(vocabulary, len(before)))
        twins = vocabulary.twins
        ids = sorted({twins.get(token, token) for token in used})
        self._ids = torch.tensor(ids)
        known = len(vocabulary.tokenizer)
        self.places = torch.full((known + len(rows),), -1)
        self.places[self._ids] = torch.arange(len(ids))
        for token, twin in twins.items():
            self.places[token] = self.places[twin]
        self.places[known:] = torch.arange(len(ids), len(ids) + len(rows))
        self._whole = whole
        self.model = _resized(base, torch.cat([whole[self._ids], rows]))
        answers = {pieces.alone[0] for pieces in vocabulary.names.values() if len(pieces.alone) == 1}
        fresh = {token for token, parts in vocabulary.parts.items() if len(parts) > 1}
        self._trained = torch.tensor([token in answers or token in fresh for token in ids] + [False] * len(rows))
        self._first = self.model.shared.weight.detach().clone()
        self._wording = torch.arange(len(ids), len(ids) + len(rows))
        self._answers = torch.tensor([self.places[token] for token in answers], dtype=torch.long)
        self.unsold(())
        self.model.shared.weight.register_hook(self._only_names)

    def _only_names(self, gradient: Tensor) -> Tensor:
        return gradient * self._trained[:, None]

    def unsold(self, ids: Collection[int]) -> None:
        """Have the names with these `ids`, and no others, learn nothing of their own, for want of sales."""
        places = torch.tensor(sorted({int(self.places[token]) for token in ids}), dtype=torch.long)
        self._unlearned = torch.cat([self._wording, places])
        self._learned = self._answers[~torch.isin(self._answers, places)]

    def share(self) -> None:
        """Move the rows that learn nothing of their own as far as the names' rows have moved on average.

        Names move together, away from the words that they began as; who stayed behind would never be an answer.
        """
        if len(self._learned):
            table = self.model.shared.weight.data
            moved = (table[self._learned] - self._first[self._learned]).mean(0)
            table[self._unlearned] = self._first[self._unlearned] + moved

    def state(self) -> dict[str, Tensor]:
        """A copy of all trained weights."""
        return {name: weight.detach().clone() for name, weight in self.model.named_parameters()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Put a copy of `state` back."""
        with torch.no_grad():
            for name, weight in self.model.named_parameters():
                weight.copy_(state[name])

    def whole(self) -> T5ForConditionalGeneration:
        """A T5 over the whole vocabulary, with the weights as they are now."""
        table = self._whole.clone()
        table[self._ids] = self.model.shared.weight.detach()[: len(self._ids)]
        for token, twin in self.vocabulary.twins.items():
            table[token] = table[twin]
        made = _resized(self.model, table)
        return made


def _resized(model: T5ForConditionalGeneration, table: Tensor) -> T5ForConditionalGeneration:
    """A model with the layers of `model` and another table, whose rows are fitting tokens in another numbering."""
    config = T5Config(**{**model.config.to_dict(), "vocab_size": len(table)})
    made = T5ForConditionalGeneration(config)
    state = {name: weight for name, weight in model.state_dict().items() if name not in _TABLES}
    state |= dict.fromkeys(_TABLES, table)
    made.load_state_dict(state)
    made.tie_weights()
    return made
