"""Unit vectors of items, from the embedding table alone: no layer of the model is asked.

A word that is one piece of the vocabulary has that piece's row, seen along the directions that say what goes together
(`checkpoint/together.py`); a name is the mean of its words, an item the mean of its names' unit vectors. One space
holds all languages: *Coffee* lies by «قهوة», and both by what is bought with them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from recommender.errors import ModelError, RequestError
from recommender.language import LANGUAGES
from recommender.shop.items import Item
from recommender.system.cache import BoundedCache
from recommender.t5.checkpoint import files, together
from recommender.t5.checkpoint.tokenizer import Tokenizer

Vectors = NDArray[np.float32]

SPELT: Final = 0.3
"""What a word counts that is no piece of its own: its pieces say little of what it means. Chosen on validation needs,
where it hardly matters as names are, and gets .53 for .47 right where marks and digits are added to them."""
KEPT_WORDS: Final = 20_000
"""Words whose pieces are remembered: the names of a large shop are made of few."""
KEPT_ITEMS: Final = 10_000
"""Items whose vectors are remembered, some 5 MB: each answer asks for those of what is on offer."""
_BEGINS: Final = "▁"
_TABLES: Final = ("shared.weight", "encoder.embed_tokens.weight")


class ItemVectors:
    """Makes vectors from the table of the checkpoint in `folder`, which is read when first asked for."""

    def __init__(self, folder: Path, directions: Tensor | None, tokenizer: Tokenizer) -> None:
        """`directions` are the checkpoint's, None where it has none."""
        self._folder = folder
        self._directions = directions
        self._tokenizer = tokenizer
        self._items: BoundedCache[tuple[str, ...], Vectors] = BoundedCache(KEPT_ITEMS)
        self._words: BoundedCache[str, tuple[tuple[int, float], ...]] = BoundedCache(KEPT_WORDS)

    @property
    def known(self) -> bool:
        """Whether the checkpoint says which directions they are."""
        return self._directions is not None

    def of(self, items: Sequence[Item], language: str | None = None) -> Vectors:
        """The vectors of `items`; see `T5Recommender.item_vectors`."""
        rows = self._rows
        named = [tuple(_names(item, language)) for item in items]
        if not named:
            return np.zeros((0, rows.shape[1]), np.float32)
        found = {names: self._items.get(names) for names in named}
        unknown = [names for names, vector in found.items() if vector is None]
        for names, vector in zip(unknown, self._made(unknown, rows), strict=True):
            found[names] = vector
            self._items.put(names, vector.copy())  # a row alone, not the table that it is part of
        return np.stack([cast(Vectors, found[names]) for names in named])

    def _made(self, named: Sequence[tuple[str, ...]], rows: Tensor) -> Vectors:
        """The vectors of items by their names, shape (items, directions)."""
        if not named:
            return np.zeros((0, rows.shape[1]), np.float32)
        distinct = list(dict.fromkeys(name for names in named for name in names))
        place = {name: number for number, name in enumerate(distinct)}
        vectors = self._of_names(distinct, rows)
        means = torch.stack([vectors[[place[name] for name in names]].mean(0) for names in named])
        made: Vectors = functional.normalize(means, dim=-1).numpy()
        return made

    @cached_property
    def _rows(self) -> Tensor:
        """The table along the directions, shape (vocabulary, directions), fp32."""
        if self._directions is None:
            raise ModelError("vectors_missing", folder=self._folder, file=together.FILE)
        files.verify(self._folder)  # weeks may have passed since it was loaded
        state = files.read_weights(self._folder)
        table = next((state[name] for name in _TABLES if name in state), None)
        if table is None or table.shape[1:] != self._directions.shape[1:]:
            raise ModelError("model_file_changed", folder=self._folder, file=files.WEIGHTS[0])
        return table.float() @ self._directions.T

    def _of_names(self, names: Sequence[str], rows: Tensor) -> Tensor:
        """Unit vectors of names, shape (names, directions)."""
        weighed = [list(self._weighed(name)) for name in names]
        ids = torch.tensor([token for pieces in weighed for token, _ in pieces])
        weights = torch.tensor([weight for pieces in weighed for _, weight in pieces])
        begins = torch.tensor([0, *map(len, weighed[:-1])]).cumsum(0)
        sums = functional.embedding_bag(ids, rows, begins, mode="sum", per_sample_weights=weights)
        return functional.normalize(sums, dim=-1)

    def _weighed(self, name: str) -> Iterator[tuple[int, float]]:
        """The pieces that a name's vector is made of, with their weights."""
        for word in name.split():
            pieces = self._words.get(word)
            if pieces is None:
                pieces = tuple(self._weighed_word(word))
                self._words.put(word, pieces)
            yield from pieces

    def _weighed_word(self, word: str) -> Iterator[tuple[int, float]]:
        whole = self._whole(word)
        # What a mark joins are words of their own, unless the vocabulary knows better: "T-Shirt", "anti-slip".
        for part in [word] if whole is not None else _parted(word):
            token = self._whole(part)
            if token is not None:
                yield token, 1.0
            else:
                spelt = self._spelt(part)
                yield from ((token, SPELT / len(spelt)) for token in spelt)

    def _whole(self, word: str) -> int | None:
        """The piece that is `word`, as it is written or in other letter case; None if there is none."""
        for written in dict.fromkeys((word, word.lower(), word.capitalize(), word.title())):
            pieces = self._tokenizer.pieces(written)
            if pieces == [_BEGINS + written]:
                return self._tokenizer.encode(written)[0]
        return None

    def _spelt(self, word: str) -> list[int]:
        """The pieces that spell `word`, without the one that only begins a word."""
        pieces = self._tokenizer.pieces(word)
        ids = self._tokenizer.encode(word)[: len(pieces)]
        return [token for token, piece in zip(ids, pieces, strict=True) if piece != _BEGINS] or ids


def _names(item: Item, language: str | None) -> list[str]:
    """The names that an item's vector is made of: that in `language`, or one in each of the languages it has.

    Raises:
        RequestError: if it has no name.
    """
    asked = LANGUAGES if language is None else (item.language_of_name(language),)
    names = [name for code in asked if (name := item.written(code).strip())]
    if not names:
        raise RequestError("item_without_name", item=item.id)
    return names


def _parted(word: str) -> list[str]:
    """`word` cut at its marks, but for apostrophes; itself where it is nothing but marks."""
    parts = "".join(" " if _is_mark(letter) else letter for letter in word).split()
    return parts or [word]


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS" and letter not in "'’"
