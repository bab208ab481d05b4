"""More heads for a trained T5, which begin by comparing what words mean.

The layers of the sports rounds know lists, sections and copying, and tell words only apart. So that they need not learn
from nothing what to compare, each attention gets `ADDED` heads beside its own, which see only the spaces of `towers`:
two compare what goes together, two what could replace what. The old heads stay as they are.

    encoder  query = key = a space, so that a word attends to what goes with it (or could replace it)
    decoder  first layer: its new heads write the means of both spaces of what they see into the residual stream;
             second layer: they look for words near that, and write these as the other heads do
"""

from __future__ import annotations

import math
from typing import Any, Final

import torch
from torch import Tensor
from transformers import T5Config, T5ForConditionalGeneration

from recommender.training.initialise import compact_config

ADDED: Final = 4
SAME: Final = 5.0
"""The logit that a typical word gives itself in one new head."""
LENGTH: Final = 6.8
"""Of a typical word in the 32 numbers that one head sees, after the norm of its layer."""
KEPT: Final = (1.0, 0.73, 0.65, 0.6)
"""The part of a word's own row in the residual stream before each encoder layer, measured on the sports model."""
GATHERED: Final = 1.0
WRITTEN: Final = 0.5
QUIET: Final = 0.03


def wider_config(vocabulary: int) -> T5Config:
    """The compact model's shape with the new heads."""
    config = compact_config(vocabulary)
    config.num_heads += ADDED
    return config


def widen(model: T5ForConditionalGeneration, spaces: Tensor, seed: int = 0) -> dict[str, Tensor]:
    """The weights of `model`'s layers with `ADDED` heads more, by name; its table is not among them.

    `spaces` are the directions that the new heads see, orthonormal, shape (ADDED * head width, model width).
    """
    generator = torch.Generator().manual_seed(seed)
    state = {name: tensor.clone() for name, tensor in model.state_dict().items() if "block" in name or "norm" in name}
    encoder: Any = model.encoder
    decoder: Any = model.decoder
    width = spaces.shape[1]

    def noise(size: float) -> Tensor:
        made: Tensor = torch.randn(spaces.shape, generator=generator) * size
        return made

    def apart() -> Tensor:
        basis: Tensor = torch.linalg.qr(torch.randn(width, len(spaces), generator=generator))[0]
        return basis.T.contiguous()

    def seen(norm: Any) -> Tensor:
        # What undoes the weights of the norm before it; not where they are nearly nothing.
        weight = norm.weight.detach()
        made: Tensor = spaces * (weight / (weight**2 + (0.3 * weight.abs().mean()) ** 2))
        return made

    def add(prefix: str, query: Tensor, key: Tensor, value: Tensor, output: Tensor) -> None:
        for name, more in (("q", query), ("k", key), ("v", value)):
            state[f"{prefix}.{name}.weight"] = torch.cat([state[f"{prefix}.{name}.weight"], more])
        state[f"{prefix}.o.weight"] = torch.cat([state[f"{prefix}.o.weight"], output.T], 1)

    look = math.sqrt(SAME) / LENGTH
    for number, block in enumerate(encoder.block):
        compare = look / KEPT[number] * seen(block.layer[0].layer_norm)
        add(f"encoder.block.{number}.layer.0.SelfAttention", compare, compare, apart(), noise(QUIET))
    last = len(decoder.block) - 1
    for number, block in enumerate(decoder.block):
        add(f"decoder.block.{number}.layer.0.SelfAttention", noise(0.01), noise(QUIET), apart(), noise(QUIET))
        prefix = f"decoder.block.{number}.layer.1.EncDecAttention"
        of_encoder = seen(encoder.final_layer_norm)
        if number < last:
            add(prefix, noise(0.01), noise(QUIET), of_encoder, GATHERED * spaces)
        else:
            value = apart()
            query = look / KEPT[-1] * seen(block.layer[1].layer_norm)
            add(prefix, query, look / KEPT[-1] * of_encoder, value, WRITTEN * value)
    for part in ("encoder", "decoder"):
        name = f"{part}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
        state[name] = torch.cat([state[name], torch.zeros(len(state[name]), ADDED)], 1)
    return state
