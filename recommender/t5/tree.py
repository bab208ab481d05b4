"""The prefix tree of a set of names: what they share is decoded once, and all of it in one pass.

A node stands for a prefix of token ids; the root for the empty one. Feeding a node's last token at its place gives the
distribution of what follows the prefix, so a name is scored along its path: at each node the next token, and at the
last one the end of sequence. A node attends to its ancestors and itself, at a distance counted in tree depth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

ROOT = 0


@dataclass(frozen=True)
class Tree:
    """Nodes in the order of their first name, parents before children."""

    tokens: list[int]
    """Last token of each node; the decoder's start token at the root, (n_nodes,)."""
    parents: list[int]
    """Node before each node, -1 before the root, (n_nodes,)."""
    depths: list[int]
    """Tokens from the root to each node, (n_nodes,)."""
    children: dict[tuple[int, int], int]
    """Node that follows a node by a token."""
    paths: list[list[tuple[int, int]]] = field(default_factory=list)
    """For each name its (node, next token) pairs, the end of sequence last."""

    @classmethod
    def build(cls, names: Sequence[Sequence[int]], start: int) -> Tree:
        """The tree of token-id sequences that end with the end of sequence; no names give the root alone."""
        tree = cls([start], [-1], [0], {})
        for name in names:
            node = ROOT
            path = []
            for token in name[:-1]:
                path.append((node, token))
                node = tree._grow(node, token)
            path.append((node, name[-1]))
            tree.paths.append(path)
        return tree

    def _grow(self, node: int, token: int) -> int:
        child = self.children.setdefault((node, token), len(self.tokens))
        if child == len(self.tokens):
            self.tokens.append(token)
            self.parents.append(node)
            self.depths.append(self.depths[node] + 1)
        return child

    def __len__(self) -> int:
        return len(self.tokens)

    def line(self, node: int) -> list[int]:
        """The nodes from the root to `node`, both included."""
        nodes = [node]
        while self.parents[nodes[-1]] >= 0:
            nodes.append(self.parents[nodes[-1]])
        return nodes[::-1]

    def attended(self) -> tuple[list[int], list[int], list[int]]:
        """Who attends to whom, as three flat lists: node, ancestor or itself, distance in depth."""
        nodes: list[int] = []
        ancestors: list[int] = []
        distances: list[int] = []
        for node, depth in enumerate(self.depths):
            nodes += [node] * (depth + 1)
            ancestors += self.line(node)
            distances += range(depth, -1, -1)
        return nodes, ancestors, distances
