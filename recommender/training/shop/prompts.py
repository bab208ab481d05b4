"""Prompts put together from token ids: the same as the tokenizer gives for `prompt.build`, and much faster."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from recommender import prompt
from recommender.shop.catalogue import Catalogue
from recommender.training.shop.pieces import Pieces, Vocabulary

Spelt = Mapping[int, Pieces]
"""Items that are written otherwise than with their own piece, and how, by number."""
NONE: Final[Spelt] = MappingProxyType({})
_LISTS: Final = ("\ue000", "\ue001", "\ue002", "\ue003")
"""Private characters that stand for the lists while a prompt is cut into its labels."""


def labels_of(language: str, *, viewed: bool, cart: bool) -> list[str]:
    """What stands before, between and behind the lists of a prompt with these sections."""
    bought, on_offer, seen, carried = ([mark] for mark in _LISTS)
    text = prompt.fill(bought, on_offer, language, seen if viewed else (), carried if cart else ())
    return re.split(f"[{''.join(_LISTS)}]", text)


def all_labels(languages: Sequence[str]) -> list[str]:
    """The labels of every kind of prompt in `languages`, each once."""
    kinds = [(viewed, cart) for viewed in (False, True) for cart in (False, True)]
    told = [labels_of(language, viewed=viewed, cart=cart) for language in languages for viewed, cart in kinds]
    return list(dict.fromkeys(label for labels in told for label in labels))


class Writer:
    """Writes prompts about a shop in one language."""

    def __init__(self, vocabulary: Vocabulary, catalogue: Catalogue, language: str) -> None:
        self.language = language
        self.names = [item.name(language) for item in catalogue]
        self.pieces: list[Pieces] = [vocabulary.names[name] for name in self.names]
        self._vocabulary = vocabulary
        self._end = vocabulary.tokenizer.eos_token_id
        self._labels: dict[tuple[bool, bool], list[list[int]]] = {}
        if vocabulary.whole:
            for viewed in (False, True):
                for cart in (False, True):
                    parts = labels_of(language, viewed=viewed, cart=cart)
                    self._labels[viewed, cart] = [self._text(part)[:-1] for part in parts]

    @property
    def ids(self) -> set[int]:
        """Every id that its prompts and answers may have."""
        written = [part for parts in self._labels.values() for part in parts]
        if not written:
            written = [self._text(prompt.fill(["a"], ["a"], self.language, ["a"], ["a"]))]
        names = [ids for pieces in self.pieces for ids in (pieces.listed, pieces.alone, pieces.spelt)]
        return {self._end, *self._vocabulary.comma, *(token for part in (*written, *names) for token in part)}

    def prompt(
        self,
        bought: Sequence[int],
        offered: Sequence[int],
        viewed: Sequence[int] = (),
        cart: Sequence[int] = (),
        spelt: Spelt = NONE,
    ) -> list[int]:
        """The ids of a prompt, items by number, the end of sequence last; `spelt` says which are written otherwise."""
        if not self._vocabulary.whole:
            lists = [[self.names[item] for item in items] for items in (bought, offered, viewed, cart)]
            return self._text(prompt.fill(lists[0], lists[1], self.language, lists[2], lists[3]))
        head, *labels = self._labels[bool(viewed), bool(cart)]
        ids = list(head)
        lists_told = [bought, *(items for items in (viewed, cart) if items), offered]
        for items, label in zip(lists_told, labels, strict=True):
            self._list(ids, items, spelt)
            ids += label
        ids.append(self._end)
        return ids

    def name(self, item: int, spelt: Spelt = NONE) -> tuple[int, ...]:
        """The ids of a name as an answer, without the end of sequence."""
        return spelt.get(item, self.pieces[item]).alone

    def _list(self, ids: list[int], items: Sequence[int], spelt: Spelt) -> None:
        for place, item in enumerate(items, start=1):
            pieces = spelt.get(item, self.pieces[item])
            ids += pieces.listed if place < len(items) else pieces.alone

    def _text(self, text: str) -> list[int]:
        return list(self._vocabulary.tokenizer(text).input_ids)
