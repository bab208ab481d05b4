"""The forward pass over a T5's weights: encode once, decode a prefix tree in one pass, go on token by token.

It is our own because the stock one takes several times as long. What differs: position biases are computed once and
kept, keys and values for cross-attention are projected once for all layers and shared by tree and text, queries, keys
and values are one product, layer norms are folded into weights, and the first product of every token is looked up.

Many prompts go as one long row through every product, and one by one through attention: none is padded to another's
length, and a prompt among others is computed as it is alone. (On a GPU they are padded and attend together, which is
equal but for rounding: `side_by_side`.) Lengths are rounded up to multiples of `GRAIN`, though:
oneDNN makes a program for every new size, which takes as long as an answer, and keeps only so many (`products`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

from recommender.t5.checkpoint.shape import Shape
from recommender.t5.network.attention import attend, attend_fused
from recommender.t5.network.positions import Positions
from recommender.t5.network.prepared import PreparedTree, path_tensors, tree_bias
from recommender.t5.network.products import Product
from recommender.t5.network.protocol import Line
from recommender.t5.network.side_by_side import SideBySide, in_buckets, out_of_buckets
from recommender.t5.network.states import EncodedPrompt, KeyValueCache
from recommender.t5.network.weights import EncoderLayer, FeedForward, Weights
from recommender.t5.tree import Tree

ACTIVATE: Final[Mapping[str, Callable[[Tensor], Tensor]]] = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_new": functools.partial(F.gelu, approximate="tanh"),
    "silu": F.silu,
}
LARGEST_TABLE: Final = 16 << 20
"""Bytes that looking up the encoder's first product may cost; past it the product is computed."""
GRAIN: Final = 8
"""What lengths are rounded up to multiples of. In 16 bits 8 entries are the 16 bytes at which a GPU's kernels read."""
COARSE: Final = 64
"""The same for the length of many prompts together."""


class Forward:
    """One model's computation. Threads may share it."""

    def __init__(self, shape: Shape, weights: Weights) -> None:
        self.shape = shape
        self.weights = weights
        self.device = weights.embedding.device
        self.dtype = weights.embedding.dtype
        on_cpu = self.device.type == "cpu"
        self._attend = attend if on_cpu else attend_fused
        self._together = not on_cpu
        # Products of a handful of numbers: on a CPU those in bf16 take three times as long as those in fp32.
        self._step_dtype = torch.float32 if on_cpu else self.dtype
        self._epsilon = torch.tensor([[shape.epsilon]])
        self.encoder_positions = Positions(weights.encoder_positions, shape.max_distance, self.dtype)
        self.decoder_positions = Positions(weights.decoder_positions, shape.max_distance, self._step_dtype)
        self._first = self._tabulate()
        # glibc maps and unmaps every large block anew, page faults and all, until one of this size has been freed:
        # half the time of an attention in bf16.
        torch.empty(31 << 20, dtype=torch.uint8)

    def encode(self, prompts: Sequence[Sequence[int]]) -> list[EncodedPrompt]:
        """Encode prompts (token ids, end of sequence included)."""
        if self._together and len(prompts) > 1:
            row = in_buckets(prompts, self.shape.pad, self.encoder_positions, self.weights.embedding)
            return out_of_buckets(self.encode_row(row.tokens, row.lengths, row.biases), row, self.shape)
        lengths = [round_up(len(prompt), GRAIN) for prompt in prompts]
        rest = round_up(sum(lengths), COARSE) - sum(lengths) if len(prompts) > 1 else 0
        pad, pairs = self.shape.pad, list(zip(prompts, lengths, strict=True))
        ids = [token for prompt, length in pairs for token in (*prompt, *[pad] * (length - len(prompt)))]
        tokens = torch.tensor(ids + [pad] * rest, device=self.device)
        masks = [self._mask(len(prompt), length) for prompt, length in pairs]
        biases = [self.encoder_positions.both_ways(length) for length in lengths]
        biases = [bias if mask is None else bias + mask for bias, mask in zip(biases, masks, strict=True)]
        memory = self.encode_row(tokens, lengths, biases).split([*lengths, rest])
        return [
            EncodedPrompt(self.by_layer(part).contiguous(), mask) for part, mask in zip(memory, masks, strict=False)
        ]

    def prepare_tree(self, names: Sequence[Sequence[int]]) -> PreparedTree:
        """Make the prefix tree of names (token ids, end of sequence included) ready."""
        tree = Tree.build(names, self.shape.start)
        rounded, bias = 1, None
        if len(tree) > 1:
            rounded = round_up(len(tree), GRAIN)
            bias = tree_bias(tree, rounded, self.decoder_positions, self.dtype, self.device)
        paths = path_tensors(tree, self.device)
        tokens = torch.tensor(tree.tokens + [self.shape.pad] * (rounded - len(tree)), device=self.device)
        hidden = self.weights.embedding.index_select(0, tokens)
        attention = self.weights.decoder[0].attention
        qkv = attention.qkv(self._norm(hidden))
        query, keys, values = self._heads(qkv, 1, 3)
        hidden = attention.out.plus(hidden, self._merge(self._attend(query, keys, values, bias), 1))
        return PreparedTree(tree, bias, qkv, hidden, *paths)

    def decode_tree(self, prompts: Sequence[EncodedPrompt], prepared: PreparedTree) -> tuple[Tensor, list[Tensor]]:
        """Decode every node of one tree for every prompt.

        Returns:
            Logits (n_rows, n_nodes, vocabulary), and for every layer the nodes' queries, keys and values
            (n_rows * n_nodes, 3 * inner), of the first layer once for all rows (n_nodes, 3 * inner).
        """
        rows, nodes = len(prompts), len(prepared.hidden)
        hidden, bias, prompts = prepared.hidden, prepared.bias, self._beside(prompts)
        if rows > 1:
            hidden, bias = hidden.repeat(rows, 1), None if bias is None else bias.repeat(rows, 1, 1)
        qkv = [prepared.qkv]
        for number, layer in enumerate(self.weights.decoder):
            if number:
                qkv.append(layer.attention.qkv(self._norm(hidden)))
                query, keys, values = self._heads(qkv[-1], rows, 3)
                seen = self._attend(query, keys, values, bias)
                hidden = layer.attention.out.plus(hidden, self._merge(seen, rows))
            hidden = self._cross_attention(hidden, number, prompts)
        return self.weights.head(self._norm(hidden)).view(rows, nodes, -1), qkv

    def cache_from_tree(
        self, prompts: Sequence[EncodedPrompt], qkv: Sequence[Tensor], lines: Sequence[Line], room: int
    ) -> KeyValueCache:
        """A cache with which some rows go on writing where they leave the tree, for `room` tokens or more.

        Lines of different length end at the same place of the cache, so that distances stay true.
        """
        longest = max(len(line) for _, line in lines)
        shape, nodes, places = self.shape, len(qkv[0]), round_up(longest + room, GRAIN)
        size = (shape.decoder_layers, 2, len(lines), shape.heads, places, shape.d_kv)
        store = torch.zeros(size, dtype=self._step_dtype, device=self.device)
        mask = torch.zeros(len(lines), 1, 1, places, dtype=self._step_dtype, device=self.device)
        for number, (row, line) in enumerate(lines):
            begin = longest - len(line)
            mask[number, ..., :begin] = -torch.inf
            index = torch.tensor(line, device=self.device)
            for layer, nodes_qkv in enumerate(qkv):
                picked = nodes_qkv.index_select(0, index + row * nodes if layer else index)
                _, keys, values = self._heads(picked, 1, 3)
                store[layer, 0, number, :, begin:longest] = keys
                store[layer, 1, number, :, begin:longest] = values
        late = any(len(line) < longest for _, line in lines)
        told = self._beside([prompts[row].to(self._step_dtype) for row, _ in lines])
        return KeyValueCache(store, longest, mask if late else None, told)

    def step(self, tokens: Sequence[int], cache: KeyValueCache) -> Tensor:
        """Decode one more token of each row; logits (n_rows, vocabulary). The cache grows by one."""
        rows = len(tokens)
        bias = self.decoder_positions.window(cache.used, cache.room)
        if rows > 1:
            bias = bias.repeat(rows, 1, 1)
        if cache.mask is not None:
            bias = (bias.view(rows, -1, 1, cache.room) + cache.mask).flatten(0, 1)
        logits = self.decode_row(torch.tensor(tokens, device=self.device), bias, cache)
        cache.used += 1
        return logits

    def decode_row(self, tokens: Tensor, bias: Tensor, cache: KeyValueCache) -> Tensor:
        """A step given on the device: each row's token (n_rows,), its bias to the cache's places, of all heads."""
        # Whatever isn't a product is in the steps' dtype: changing it to and fro takes as long as the products do.
        rows, narrow, wide = len(tokens), self.dtype, self._step_dtype
        hidden = self.weights.embedding.index_select(0, tokens).to(wide)
        for number, layer in enumerate(self.weights.decoder):
            parts = self._heads(layer.attention.qkv(self._norm(hidden).to(narrow)).to(wide), rows, 3)
            cache.put(number, parts.narrow(0, 1, 2))
            keys, values = cache.pairs[number]
            seen = self._attend(parts[0], keys, values, bias)
            hidden = self._add_product(hidden, layer.attention.out, self._merge(seen, rows))
            hidden = self._cross_attention(hidden, number, cache.prompts)
        return self.weights.head(self._norm(hidden).to(narrow))

    def trial(self) -> None:
        """A layer's work on a prompt of middling length, to be timed."""
        layer, length = self.weights.encoder[0], 128
        hidden = self.weights.embedding.new_ones(length, self.shape.d_model)
        joined = layer.attention.qkv(self._norm(hidden))
        self._encode_layer(layer, hidden, joined, [length], [self.encoder_positions.both_ways(length)])

    def encode_row(self, tokens: Tensor, lengths: Sequence[int], biases: Sequence[Tensor]) -> Tensor:
        """What the decoder looks back on (n_tokens, decoder_layers * 2 * inner), of prompts in one row (n_tokens,)."""
        hidden = self.weights.embedding.index_select(0, tokens)
        for number, layer in enumerate(self.weights.encoder):
            if number or self._first is None:
                joined = layer.attention.qkv(self._norm(hidden))
            else:
                joined = self._first.index_select(0, tokens)
            hidden = self._encode_layer(layer, hidden, joined, lengths, biases)
        return self.weights.memory(self._norm(hidden))

    def _encode_layer(
        self, layer: EncoderLayer, hidden: Tensor, joined: Tensor, lengths: Sequence[int], biases: Sequence[Tensor]
    ) -> Tensor:
        hidden = layer.attention.out.plus(hidden, self._self_attention(joined, lengths, biases))
        return self._feed_forward(hidden, layer.feed_forward)

    def _self_attention(self, joined: Tensor, lengths: Sequence[int], biases: Sequence[Tensor]) -> Tensor:
        """Each prompt's attention to itself, (n_tokens, inner), given its queries, keys and values side by side.

        A part of the row is one prompt, or as many of one length as its bias is for.
        """
        rest = len(joined) - sum(lengths)
        seen = []
        for part, bias in zip(joined.split([*lengths, rest]), biases, strict=False):
            count = len(bias) // self.shape.heads
            query, keys, values = self._heads(part, count, 3)
            seen.append(self._merge(self._attend(query, keys, values, bias), count))
        if rest:
            seen.append(joined.new_zeros(rest, self.shape.inner))
        return seen[0] if len(seen) == 1 else torch.cat(seen)

    def _cross_attention(self, hidden: Tensor, number: int, prompts: Sequence[EncodedPrompt]) -> Tensor:
        """The rest of a decoder layer after its self-attention: attention to each row's prompt, feed-forward."""
        layer, rows = self.weights.decoder[number], len(prompts)
        (query,) = self._heads(layer.cross.query(self._norm(hidden).to(self.dtype)), rows, 1)
        query = query.to(prompts[0].memory.dtype)
        if isinstance(prompts, SideBySide):
            keys, values = prompts.layers[number]
            seen = self._attend(query, keys, values, prompts.mask)
        else:
            rows_seen = []
            for part, prompt in zip(query.split(self.shape.heads), prompts, strict=True):
                keys, values = prompt.layers[number]
                rows_seen.append(self._attend(part, keys, values, prompt.mask))
            seen = rows_seen[0] if rows == 1 else torch.cat(rows_seen)
        hidden = self._add_product(hidden, layer.cross.out, self._merge(seen, rows))
        return self._feed_forward(hidden, layer.feed_forward)

    def _beside(self, prompts: Sequence[EncodedPrompt]) -> Sequence[EncodedPrompt]:
        """The prompts of a batch's rows as they are attended to."""
        return SideBySide(prompts) if self._together and len(prompts) > 1 else prompts

    def _feed_forward(self, hidden: Tensor, layer: FeedForward) -> Tensor:
        normed = self._norm(hidden).to(self.dtype)
        if self.shape.gated:
            gate, inner = layer.up(normed).chunk(2, dim=-1)
            inner = inner * ACTIVATE[self.shape.activation](gate)
        elif self.shape.activation == "relu":
            inner = layer.up.relu(normed)
        else:
            inner = ACTIVATE[self.shape.activation](layer.up(normed))
        return self._add_product(hidden, layer.down, inner)

    def _add_product(self, hidden: Tensor, product: Product, rows: Tensor) -> Tensor:
        """`hidden` and a product of `rows`: in one go where both have the weights' dtype."""
        if hidden.dtype == self.dtype:
            return product.plus(hidden, rows.to(self.dtype))
        return hidden + product(rows.to(self.dtype))

    def _norm(self, hidden: Tensor) -> Tensor:
        """Root-mean-square norm without weights: they are folded into what follows."""
        if len(hidden) == 1 and hidden.dtype == torch.float32 and self.device.type == "cpu":
            # Of one row torch makes ten operations.
            size = torch.linalg.vector_norm(hidden, dim=1, keepdim=True)
            return hidden * torch.addcmul(self._epsilon, size, size, value=1 / self.shape.d_model).rsqrt_()
        return F.rms_norm(hidden, (self.shape.d_model,), eps=self.shape.epsilon)

    def _heads(self, joined: Tensor, rows: int, parts: int) -> Tensor:
        """Head by head: (n_rows * length, parts * inner) to (parts, n_rows * n_heads, length, d_kv)."""
        heads, width = self.shape.heads, self.shape.d_kv
        if len(joined) == 1:
            return joined.view(parts, heads, 1, width)
        apart = joined.view(rows, -1, parts, heads, width).permute(2, 0, 3, 1, 4)
        return apart.reshape(parts, rows * heads, -1, width).contiguous()

    def _merge(self, seen: Tensor, rows: int) -> Tensor:
        """Side by side again: (n_rows * n_heads, length, d_kv), of any strides, to (n_rows * length, inner)."""
        heads, length, width = seen.shape
        if rows == length == 1:
            return seen.reshape(1, heads * width)
        return seen.reshape(rows, -1, length, width).transpose(1, 2).reshape(-1, heads // rows * width)

    def by_layer(self, memory: Tensor) -> Tensor:
        """One prompt's (length, decoder_layers * 2 * inner) seen as `EncodedPrompt.memory`: by layer, then by head."""
        shape = self.shape
        return memory.view(-1, shape.decoder_layers, 2, shape.heads, shape.d_kv).permute(1, 2, 3, 0, 4)

    def _mask(self, length: int, rounded: int) -> Tensor | None:
        """What hides the end of a prompt that was rounded up, (1, 1, rounded)."""
        if length == rounded:
            return None
        mask = torch.zeros(1, 1, rounded, dtype=self.dtype, device=self.device)
        mask[..., length:] = -torch.inf
        return mask

    def _tabulate(self) -> Tensor | None:
        """The encoder's first product of every token: before any attention a token is the same in every prompt."""
        size = self.shape.vocabulary * 3 * self.shape.inner * self.dtype.itemsize
        if size > LARGEST_TABLE:
            return None
        return self.weights.encoder[0].attention.qkv(self._norm(self.weights.embedding))


def round_up(length: int, grain: int) -> int:
    """The next multiple of `grain`, or `length` if it is one."""
    return -(-length // grain) * grain
