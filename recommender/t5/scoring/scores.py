"""Log-probabilities from one decoder pass over a prefix tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from recommender.t5.network.prepared import PreparedTree
from recommender.t5.network.protocol import Network
from recommender.t5.network.states import EncodedPrompt

_AT_ONCE: Final = 1 << 20
_AT_ONCE_ON_GPU: Final = 1 << 27
"""Half a gigabyte in fp32: a GPU waits for launches, of which small pieces make thousands."""


@dataclass(frozen=True)
class TreePass:
    """What one decoder pass over a tree found for each of its prompts."""

    prepared: PreparedTree
    logits: Tensor  # (n_rows, n_nodes, vocabulary)
    totals: Tensor  # their normalisers in fp32, (n_rows, n_nodes)
    qkv: list[Tensor]  # what the nodes attended with, by layer

    @classmethod
    def over(cls, network: Network, prompts: Sequence[EncodedPrompt], prepared: PreparedTree) -> TreePass:
        """Decode the tree for every prompt."""
        logits, qkv = network.decode_tree(prompts, prepared)
        return cls(prepared, logits, normalizers(logits), qkv)

    def name_scores(self) -> Tensor:
        """Log-probability of each name as the whole continuation: the sum over its tokens, end of sequence included.

        The sum, not the mean: this is the probability of that name, and "Basketball" and "Basketball Hoop" compete
        fairly.

        Returns:
            Nats, fp32, (n_rows, n_names).
        """
        nodes, nexts = self.prepared.nodes, self.prepared.nexts
        steps = self.logits[:, nodes, nexts].float() - self.totals[:, nodes]
        return steps.masked_fill(~self.prepared.on_path, 0.0).sum(-1)


def normalizers(logits: Tensor) -> Tensor:
    """Log of the sum of exponentials over the last dimension, in fp32; `logits` (…, vocabulary) in any dtype.

    On a processor in pieces that stay in its cache: a vocabulary may have 250,000 entries, a tree 300 nodes.
    """
    flat = logits.flatten(0, -2)
    at_once = _AT_ONCE if flat.device.type == "cpu" else _AT_ONCE_ON_GPU
    pieces = flat.split(max(1, at_once // flat.shape[-1]))
    # log_softmax of torch is twice as fast as its logsumexp on a CPU; any one column gives the same normaliser back.
    found = [piece[:, 0].float() - piece.log_softmax(-1, dtype=torch.float32)[:, 0] for piece in pieces]
    return torch.cat(found).view(logits.shape[:-1])
