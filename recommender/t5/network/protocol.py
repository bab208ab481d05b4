"""What the engine, the scores and the text need of a network; `Forward` and, on a GPU, `Graphed` are networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from recommender.t5.checkpoint.shape import Shape
from recommender.t5.network.prepared import PreparedTree
from recommender.t5.network.states import EncodedPrompt, KeyValueCache

Line = tuple[int, Sequence[int]]
"""A row of a batch, and the nodes of a tree from the root to where the row's text leaves it."""


class Network(Protocol):
    """One model's computation on one device."""

    shape: Shape
    device: torch.device
    dtype: torch.dtype

    def encode(self, prompts: Sequence[Sequence[int]]) -> list[EncodedPrompt]:
        """Encode prompts (token ids, end of sequence included)."""
        ...

    def prepare_tree(self, names: Sequence[Sequence[int]]) -> PreparedTree:
        """Make the prefix tree of names (token ids, end of sequence included) ready."""
        ...

    def decode_tree(self, prompts: Sequence[EncodedPrompt], prepared: PreparedTree) -> tuple[Tensor, list[Tensor]]:
        """Decode every node of one tree for every prompt.

        Returns:
            Logits (n_rows, n_nodes, vocabulary), and for every layer the nodes' queries, keys and values
            (n_rows * n_nodes, 3 * inner), of the first layer once for all rows (n_nodes, 3 * inner).
        """
        ...

    def cache_from_tree(
        self, prompts: Sequence[EncodedPrompt], qkv: Sequence[Tensor], lines: Sequence[Line], room: int
    ) -> KeyValueCache:
        """A cache with which some rows go on writing where they leave the tree, for `room` tokens or more.

        Lines of different length end at the same place of the cache, so that distances stay true.
        """
        ...

    def step(self, tokens: Sequence[int], cache: KeyValueCache) -> Tensor:
        """Decode one more token of each row; logits (n_rows, vocabulary). The cache grows by one."""
        ...
