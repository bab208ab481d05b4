"""A prefix tree made ready for one network: all of the decoder's work on it that no prompt has a part in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from recommender.t5.network.positions import Positions
from recommender.t5.tree import Tree

_NODE_BYTES: Final = 320
_STEP_BYTES: Final = 80
"""Memory of a node, and of a step of a name's path, as objects of Python."""


@dataclass(frozen=True, eq=False)
class PreparedTree:
    """The tree, its first layer's results, and where each name's path lies in it."""

    tree: Tree
    # n_nodes is rounded up to a multiple of `forward.GRAIN`, but for the root alone.
    bias: Tensor | None  # (n_heads, n_nodes, n_nodes), -inf where a node does not attend; None for the root alone
    qkv: Tensor  # (n_nodes, 3 * inner): queries, keys and values of the first layer
    hidden: Tensor  # (n_nodes, d_model): past the first layer's self-attention
    nodes: Tensor  # (n_names, longest): the nodes of each name's path
    nexts: Tensor  # (n_names, longest): the tokens that follow them
    on_path: Tensor  # (n_names, longest): 1 on the path, 0 past its end

    @property
    def nbytes(self) -> int:
        """Memory that it takes in bytes, the tree's lists by a generous estimate."""
        tensors = (self.bias, self.qkv, self.hidden, self.nodes, self.nexts, self.on_path)
        lists = _NODE_BYTES * len(self.tree) + _STEP_BYTES * sum(map(len, self.tree.paths))
        return lists + sum(tensor.nbytes for tensor in tensors if tensor is not None)


def path_tensors(tree: Tree, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """`nodes`, `nexts` and `on_path` of `PreparedTree`."""
    longest = max(map(len, tree.paths), default=0)
    paths = [[*path, *[(0, -1)] * (longest - len(path))] for path in tree.paths]
    pairs = torch.tensor(paths, dtype=torch.long, device=device).view(len(paths), longest, 2)
    nodes, nexts = pairs.unbind(2)
    return nodes, nexts.clamp(min=0), nexts >= 0


def tree_bias(tree: Tree, rounded: int, positions: Positions, dtype: torch.dtype, device: torch.device) -> Tensor:
    """`bias` of `PreparedTree` for a tree whose nodes are rounded up to `rounded`."""
    nodes, ancestors, distances = torch.tensor(tree.attended(), device=device)
    table = positions.backwards(max(tree.depths) + 1).to(dtype)
    bias = torch.full((len(table), rounded, rounded), -torch.inf, dtype=dtype, device=device)
    bias.diagonal(dim1=1, dim2=2).zero_()  # a node that is there by rounding alone attends to itself
    bias[:, nodes, ancestors] = table[:, distances]
    return bias
