"""A forward of our own over a T5's weights: encode once, decode a prefix tree in one pass, go on token by token.

Next to the stock forward: position biases are computed once and kept, keys and values for cross-attention are
projected once for all layers and shared by tree and generation, queries, keys and values are one product, layer norms
are folded into weights, caches are allocated once. Many prompts go as rows of a batch; `Encoded` and `Cache` carry the
masks of shorter rows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

from recommender.t5.positions import Positions
from recommender.t5.shape import Shape
from recommender.t5.tree import Tree
from recommender.t5.weights import FeedForward, SelfAttention, Weights

ACTIVATE: Final[Mapping[str, Callable[[Tensor], Tensor]]] = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_new": functools.partial(F.gelu, approximate="tanh"),
    "silu": F.silu,
}


@dataclass(frozen=True)
class Encoded:
    """Prompts as the decoder sees them: keys and values of every layer, and what of them is padding."""

    memory: Tensor  # (decoder_layers, 2, n_rows, n_heads, length, d_kv)
    mask: Tensor | None  # (n_rows, 1, 1, length), 0 or -inf; None where no row is padded

    def rows(self, chosen: Sequence[int]) -> Encoded:
        """The same prompts in other rows: `chosen` numbers them, (n_chosen,)."""
        if list(chosen) == list(range(self.memory.shape[2])):
            return self
        index = torch.tensor(chosen, device=self.memory.device)
        return Encoded(self.memory[:, :, index], None if self.mask is None else self.mask[index])


class Cache:
    """Keys and values of what is decoded so far, with room for more; rows may start late (`mask`)."""

    def __init__(self, store: Tensor, used: int = 0, mask: Tensor | None = None) -> None:
        self.store = store  # (decoder_layers, 2, n_rows, n_heads, room, d_kv)
        self.used = used
        self.mask = mask  # (n_rows, 1, 1, room), 0 or -inf

    def add(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Store the keys and values (n_rows, n_heads, n_new, d_kv) of a layer; all of them so far."""
        end = self.used + keys.shape[2]
        self.store[layer, 0, :, :, self.used : end] = keys
        self.store[layer, 1, :, :, self.used : end] = values
        return self.store[layer, 0, :, :, :end], self.store[layer, 1, :, :, :end]

    def follow(self, lines: Sequence[tuple[int, Sequence[int]]], room: int) -> Cache:
        """A cache that goes on from some rows of this one, each along its own positions, with `room` for more.

        Lines (row, positions) of different length end at the same place, so that distances stay true.
        """
        longest = max(len(line) for _, line in lines)
        layers, two, _, heads, _, width = self.store.shape
        store = self.store.new_zeros(layers, two, len(lines), heads, longest + room, width)
        mask = torch.zeros(len(lines), 1, 1, longest + room)
        for number, (row, line) in enumerate(lines):
            begin = longest - len(line)
            index = torch.tensor(line, device=store.device)
            store[:, :, number, :, begin:longest] = self.store[:, :, row].index_select(3, index)
            mask[number, ..., :begin] = -torch.inf
        padded = bool(mask.any())
        return Cache(store, longest, mask.to(store.device) if padded else None)


@dataclass(frozen=True)
class Planted:
    """A tree made ready for one model."""

    tree: Tree
    tokens: Tensor  # (n_nodes,)
    bias: Tensor  # (1, n_heads, n_nodes, n_nodes), -inf where a node does not attend
    nodes: Tensor  # (n_names, longest): the nodes of each name's path
    nexts: Tensor  # (n_names, longest): the tokens that follow them
    on_path: Tensor  # (n_names, longest): 1 on the path, 0 past its end


class Forward:
    """One model's computation. Not thread-safe: its caller holds a lock."""

    def __init__(self, shape: Shape, weights: Weights) -> None:
        self.shape = shape
        self.weights = weights
        self.device = weights.embedding.device
        self.dtype = weights.embedding.dtype
        fused = self.device.type == "cuda"
        self._attend = attend_fused if fused else attend
        self._bias_dtype = self.dtype if fused else torch.float32
        self._around = Positions(weights.encoder_positions, shape.max_distance, self._bias_dtype)
        self._before = Positions(weights.decoder_positions, shape.max_distance, self._bias_dtype)
        # glibc maps and unmaps every large block anew, page faults and all, until one of this size has been freed:
        # half the time of an attention in bf16.
        torch.empty(31 << 20, dtype=torch.uint8)

    def encode(self, prompts: Sequence[Sequence[int]]) -> Encoded:
        """Encode prompts (token ids, end of sequence included) as rows padded to the longest."""
        rows, length = len(prompts), max(map(len, prompts))
        padded = [[*prompt, *[self.shape.pad] * (length - len(prompt))] for prompt in prompts]
        hidden = self._embed(torch.tensor(padded))
        bias = self._around.both_ways(length)
        mask = self._padding([len(prompt) for prompt in prompts], length)
        bias = bias if mask is None else bias + mask
        for layer in self.weights.encoder:
            query, keys, values = self._project(hidden, layer.attention, rows)
            hidden = layer.attention.out.plus(hidden, self._attend(query, keys, values, bias))
            hidden = self._feed(hidden, layer.feed_forward)
        memory = self.weights.memory(self._norm(hidden)).view(rows, length, -1, 2, self.shape.heads, self.shape.d_kv)
        return Encoded(memory.permute(2, 3, 0, 4, 1, 5).contiguous(), mask)

    def plant(self, names: Sequence[Sequence[int]]) -> Planted:
        """Make the prefix tree of names (token ids, end of sequence included) ready."""
        tree = Tree.build(names, self.shape.start)
        near, far, distance = torch.tensor(tree.attended(), device=self.device)
        table = self._before.backwards(max(tree.depths) + 1)
        bias = torch.full((self.shape.heads, len(tree), len(tree)), -torch.inf, dtype=table.dtype, device=self.device)
        bias[:, near, far] = table[:, distance]
        longest = max(map(len, tree.paths), default=0)
        paths = [[*path, *[(0, -1)] * (longest - len(path))] for path in tree.paths]
        pairs = torch.tensor(paths, dtype=torch.long, device=self.device).view(len(paths), longest, 2)
        nodes, nexts = pairs.unbind(2)
        tokens = torch.tensor(tree.tokens, device=self.device)
        return Planted(tree, tokens, bias[None], nodes, nexts.clamp(min=0), nexts >= 0)

    def decode_tree(self, encoded: Encoded, planted: Planted) -> tuple[Tensor, Cache]:
        """Decode every node of one tree for every prompt; logits (n_rows, n_nodes, vocabulary) and the nodes' cache."""
        rows, nodes = encoded.memory.shape[2], len(planted.tree)
        cache = self._cache(rows, nodes)
        hidden = self._embed(planted.tokens).repeat(rows, 1)
        logits = self._decode(hidden, planted.bias, encoded, cache)
        return logits.view(rows, nodes, -1), cache

    def step(self, tokens: Sequence[int], encoded: Encoded, cache: Cache) -> Tensor:
        """Decode one more token of each row; logits (n_rows, vocabulary). The cache grows by one."""
        end = cache.used + 1
        bias = self._before.backwards(end).flip(1)[None, :, None]
        bias = bias if cache.mask is None else bias + cache.mask[..., :end].to(bias.dtype)
        hidden = self._embed(torch.tensor(tokens))
        logits = self._decode(hidden, bias, encoded, cache)
        cache.used = end
        return logits

    def _decode(self, hidden: Tensor, bias: Tensor, encoded: Encoded, cache: Cache) -> Tensor:
        rows, shape = encoded.memory.shape[2], self.shape
        for number, layer in enumerate(self.weights.decoder):
            query, *new = self._project(hidden, layer.attention, rows)
            keys, values = cache.add(number, *new)
            hidden = layer.attention.out.plus(hidden, self._attend(query, keys, values, bias))
            query = layer.cross.query(self._norm(hidden)).view(rows, -1, shape.heads, shape.d_kv).transpose(1, 2)
            seen = self._attend(query, encoded.memory[number, 0], encoded.memory[number, 1], encoded.mask)
            hidden = layer.cross.out.plus(hidden, seen)
            hidden = self._feed(hidden, layer.feed_forward)
        return self.weights.head(self._norm(hidden) * self.weights.decoder_norm)

    def _project(self, hidden: Tensor, attention: SelfAttention, rows: int) -> tuple[Tensor, ...]:
        """Queries, keys and values, each (n_rows, n_heads, length, d_kv)."""
        joined = attention.qkv(self._norm(hidden))
        return joined.view(rows, -1, 3, self.shape.heads, self.shape.d_kv).permute(2, 0, 3, 1, 4).unbind(0)

    def _embed(self, tokens: Tensor) -> Tensor:
        """Embeddings of tokens of any shape, (n_tokens, d_model)."""
        return self.weights.embedding.index_select(0, tokens.flatten().to(self.device))

    def _norm(self, hidden: Tensor) -> Tensor:
        """Root-mean-square norm without weights: they are folded into what follows."""
        return F.rms_norm(hidden, (self.shape.d_model,), eps=self.shape.epsilon)

    def _feed(self, hidden: Tensor, layer: FeedForward) -> Tensor:
        normed = self._norm(hidden)
        if self.shape.gated:
            gate, inner = layer.up(normed).chunk(2, dim=-1)
            inner = inner * ACTIVATE[self.shape.activation](gate)
        elif self.shape.activation == "relu":
            inner = layer.up.relu(normed)
        else:
            inner = ACTIVATE[self.shape.activation](layer.up(normed))
        return layer.down.plus(hidden, inner)

    def _cache(self, rows: int, room: int) -> Cache:
        size = (self.shape.decoder_layers, 2, rows, self.shape.heads, room, self.shape.d_kv)
        return Cache(torch.empty(size, dtype=self.dtype, device=self.device))

    def _padding(self, lengths: Sequence[int], length: int) -> Tensor | None:
        if min(lengths) == length:
            return None
        past = torch.arange(length)[None] >= torch.tensor(lengths)[:, None]
        mask = torch.zeros(past.shape, dtype=self._bias_dtype).masked_fill_(past, -torch.inf)
        return mask[:, None, None].to(self.device)


def attend(query: Tensor, keys: Tensor, values: Tensor, bias: Tensor | None) -> Tensor:
    """T5's attention (no scaling) of (n_rows, n_heads, length, d_kv); the heads joined, (n_rows * length, inner).

    For a CPU: twice as fast there as the fused kernel for prompts of this length, and the softmax is in fp32.
    """
    scores = query @ keys.transpose(2, 3)
    scores = scores if bias is None else scores + bias
    found = scores.softmax(-1, dtype=torch.float32).to(values.dtype) @ values
    return found.transpose(1, 2).flatten(2).flatten(0, 1)


def attend_fused(query: Tensor, keys: Tensor, values: Tensor, bias: Tensor | None) -> Tensor:
    """The same by torch's fused kernel, for a GPU; the bias must have the queries' dtype."""
    found = F.scaled_dot_product_attention(query, keys, values, attn_mask=bias, scale=1.0)
    return found.transpose(1, 2).flatten(2).flatten(0, 1)
