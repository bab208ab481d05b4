"""The stock checkpoint's weights, laid out for speed: fused products, layer norms folded into what follows them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from recommender.errors import ModelError
from recommender.t5.checkpoint.shape import Shape
from recommender.t5.network.products import Product, prepare


@dataclass(frozen=True)
class FeedForward:
    """Out to d_ff and back."""

    up: Product  # (d_model, d_ff), gated (d_model, 2 * d_ff): the gate first
    down: Product  # (d_ff, d_model)


@dataclass(frozen=True)
class SelfAttention:
    """Queries, keys and values in one product."""

    qkv: Product  # (d_model, 3 * inner)
    out: Product  # (inner, d_model)


@dataclass(frozen=True)
class CrossAttention:
    """Queries only: keys and values of all layers are one product in `Weights.memory`."""

    query: Product  # (d_model, inner)
    out: Product  # (inner, d_model)


@dataclass(frozen=True)
class EncoderLayer:
    """One block of the encoder."""

    attention: SelfAttention
    feed_forward: FeedForward


@dataclass(frozen=True)
class DecoderLayer:
    """One block of the decoder."""

    attention: SelfAttention
    cross: CrossAttention
    feed_forward: FeedForward


@dataclass(frozen=True)
class Weights:
    """All weights of one model, on one device, in one dtype but for the position tables (fp32)."""

    embedding: Tensor  # (vocabulary, d_model)
    encoder: tuple[EncoderLayer, ...]
    encoder_positions: Tensor  # (buckets, heads)
    memory: Product  # (d_model, decoder_layers * 2 * inner): keys, values of layer 0, of layer 1, …
    decoder: tuple[DecoderLayer, ...]
    decoder_positions: Tensor  # (buckets, heads)
    head: Product  # (d_model, vocabulary), the output scale folded in


class _State:
    """A state dict that is used up as it is read, so that no weight is held twice for long."""

    def __init__(self, state: dict[str, Tensor], dtype: torch.dtype, device: torch.device) -> None:
        self.state = state
        self.dtype = dtype
        self.device = device

    def take(self, name: str, *size: int) -> Tensor:
        tensor = self.state.pop(name, None)
        if tensor is None or tuple(tensor.shape) != size or not tensor.is_floating_point():
            found = "-" if tensor is None else "x".join(map(str, tensor.shape))
            raise ModelError("model_weights", name=name, size="x".join(map(str, size)), found=found)
        return tensor.float()

    def product(self, *matrices: Tensor, norm: Tensor | None = None, singly: bool = False) -> Product:
        """One product of stacked (n_out, n_in) matrices, their inputs scaled by `norm` (n_in,)."""
        joined = torch.cat(matrices) if len(matrices) > 1 else matrices[0]
        joined = joined if norm is None else joined * norm
        return prepare(joined.to(self.device, self.dtype, copy=True), singly=singly)


def lay_out(shape: Shape, state: dict[str, Tensor], dtype: torch.dtype, device: torch.device) -> Weights:
    """Lay out a state dict of `T5ForConditionalGeneration`; the dict is emptied of what is used.

    Raises:
        ModelError: if a weight is missing or has another size than the shape says.
    """
    source = _State(state, dtype, device)
    shared = "shared.weight" if "shared.weight" in state else "encoder.embed_tokens.weight"
    table = source.take(shared, shape.vocabulary, shape.d_model)
    embedding = table.to(device, dtype, copy=True)
    if "lm_head.weight" in state:
        table = source.take("lm_head.weight", shape.vocabulary, shape.d_model)
    scale = source.take("decoder.final_layer_norm.weight", shape.d_model) * shape.output_scale
    head = source.product(table, norm=scale)
    del table
    norm = source.take("encoder.final_layer_norm.weight", shape.d_model)
    cross = [
        source.take(f"decoder.block.{layer}.layer.1.EncDecAttention.{part}.weight", shape.inner, shape.d_model)
        for layer in range(shape.decoder_layers)
        for part in "kv"
    ]
    tables = [
        source.take(f"{side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight", shape.buckets, shape.heads)
        for side in ("encoder", "decoder")
    ]
    return Weights(
        embedding=embedding,
        encoder=tuple(
            EncoderLayer(
                _self_attention(source, shape, f"encoder.block.{layer}.layer.0", singly=False),
                _feed_forward(source, shape, f"encoder.block.{layer}.layer.1", singly=False),
            )
            for layer in range(shape.encoder_layers)
        ),
        encoder_positions=tables[0].to(device),
        memory=source.product(*cross, norm=norm),
        decoder=tuple(
            DecoderLayer(
                _self_attention(source, shape, f"decoder.block.{layer}.layer.0", singly=True),
                _cross_attention(source, shape, f"decoder.block.{layer}.layer.1"),
                _feed_forward(source, shape, f"decoder.block.{layer}.layer.2", singly=True),
            )
            for layer in range(shape.decoder_layers)
        ),
        decoder_positions=tables[1].to(device),
        head=head,
    )


def _self_attention(source: _State, shape: Shape, name: str, *, singly: bool) -> SelfAttention:
    norm = source.take(f"{name}.layer_norm.weight", shape.d_model)
    qkv = [source.take(f"{name}.SelfAttention.{part}.weight", shape.inner, shape.d_model) for part in "qkv"]
    out = source.take(f"{name}.SelfAttention.o.weight", shape.d_model, shape.inner)
    return SelfAttention(source.product(*qkv, norm=norm, singly=singly), source.product(out, singly=singly))


def _cross_attention(source: _State, shape: Shape, name: str) -> CrossAttention:
    norm = source.take(f"{name}.layer_norm.weight", shape.d_model)
    query = source.take(f"{name}.EncDecAttention.q.weight", shape.inner, shape.d_model)
    out = source.take(f"{name}.EncDecAttention.o.weight", shape.d_model, shape.inner)
    return CrossAttention(source.product(query, norm=norm, singly=True), source.product(out, singly=True))


def _feed_forward(source: _State, shape: Shape, name: str, *, singly: bool) -> FeedForward:
    norm = source.take(f"{name}.layer_norm.weight", shape.d_model)
    parts = ("wi_0", "wi_1") if shape.gated else ("wi",)
    up = [source.take(f"{name}.DenseReluDense.{part}.weight", shape.d_ff, shape.d_model) for part in parts]
    down = source.take(f"{name}.DenseReluDense.wo.weight", shape.d_model, shape.d_ff)
    return FeedForward(source.product(*up, norm=norm, singly=singly), source.product(down, singly=singly))
