"""The shape of a T5: what its `config.json` says, and what its family takes for granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from recommender.errors import ModelError
from recommender.t5.checkpoint.families import Family, family_of

ACTIVATIONS: Final = ("relu", "gelu", "gelu_new", "silu")


@dataclass(frozen=True)
class Shape:
    """Sizes and choices of one checkpoint: of T5, T5 v1.1 (and Flan), mT5, or another entry of `families`."""

    vocabulary: int
    d_model: int
    d_kv: int
    d_ff: int
    heads: int
    encoder_layers: int
    decoder_layers: int
    buckets: int
    max_distance: int
    epsilon: float
    activation: str
    gated: bool
    output_scale: float
    start: int
    pad: int
    ends: frozenset[int]

    @property
    def inner(self) -> int:
        """Width of all heads together."""
        return self.heads * self.d_kv

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Shape:
        """Read a `config.json`; what it leaves out has the family's defaults.

        Output states are scaled by d_model ** -0.5 in T5 itself, but not in v1.1 or mT5. Old files say so by
        `tie_word_embeddings`, files of transformers 5 by `scale_decoder_outputs`, which therefore counts first.

        Raises:
            ModelError: if the model is none of the family, or a size is missing or senseless.
        """
        kind = config.get("model_type")
        family = family_of(kind)
        if family is None:
            raise ModelError("model_not_t5", kind=kind)
        try:
            return cls._read(config, family)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError("model_config", what=str(error).strip("'")) from error

    @classmethod
    def _read(cls, config: Mapping[str, Any], family: Family) -> Shape:
        gate, _, rest = str(config.get("feed_forward_proj") or family.feed_forward).partition("-")
        activation = str(config.get("dense_act_fn") or rest or gate)
        if gate == "gated" and activation == "gelu":
            activation = "gelu_new"
        if activation == "swish":
            activation = "silu"
        if activation not in ACTIVATIONS:
            raise ValueError(f"feed_forward_proj={config.get('feed_forward_proj')}")
        scaled = config.get("scale_decoder_outputs", config.get("tie_word_embeddings") is not False)
        ends = config.get("eos_token_id", 1)
        sizes = {key: int(config[key]) for key in ("vocab_size", "d_model", "d_kv", "d_ff", "num_heads", "num_layers")}
        senseless = [key for key, size in sizes.items() if size < 1]
        if senseless:
            raise ValueError(f"{senseless[0]}={sizes[senseless[0]]}")
        return cls(
            vocabulary=sizes["vocab_size"],
            d_model=sizes["d_model"],
            d_kv=sizes["d_kv"],
            d_ff=sizes["d_ff"],
            heads=sizes["num_heads"],
            encoder_layers=sizes["num_layers"],
            decoder_layers=int(config.get("num_decoder_layers") or sizes["num_layers"]),
            buckets=int(config.get("relative_attention_num_buckets", 32)),
            max_distance=int(config.get("relative_attention_max_distance", 128)),
            epsilon=float(config.get("layer_norm_epsilon", 1e-6)),
            activation=activation,
            gated=gate == "gated",
            output_scale=sizes["d_model"] ** -0.5 if scaled and family.scales_output else 1.0,
            start=int(config.get("decoder_start_token_id") or 0),
            pad=int(config.get("pad_token_id") or 0),
            ends=frozenset(ends if isinstance(ends, list) else [int(ends)]),
        )
